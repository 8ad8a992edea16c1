"""A Dask cluster on machines that SSH reaches without a password, for as long as this runs.

    python ssh_cluster.py --hosts hosts.txt --workers 8

The first line of the file names the scheduler's machine, the others the workers'; empty lines and
what follows a # are left out. Every machine has the kit under the same Python (`--python`).
"""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from distributed import SSHCluster


def hosts_of(file, parser):
    """Read the machines, the scheduler's first; or say what is wrong with the file, and end."""
    expected = f"--hosts: {file}: expected a line for the scheduler's machine and one a worker's"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"{expected}, got: {error}. Write it.")
    hosts = [name for line in text.splitlines() if (name := line.partition("#")[0].strip())]
    if len(hosts) < 2:
        parser.error(f"{expected}, got {len(hosts)} lines. One machine may stand in both.")
    return hosts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1, help="of each machine: one a core")
    parser.add_argument("--port", type=int, default=8786)
    parser.add_argument("--ssh-port", type=int, default=22)
    parser.add_argument("--known-hosts", help="file; SSH's own by default")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    hosts = hosts_of(options.hosts, parser)
    connection = {"port": options.ssh_port}
    if options.known_hosts:
        connection["known_hosts"] = options.known_hosts
    with SSHCluster(
        hosts,
        connect_options=connection,
        scheduler_options={"port": options.port, "dashboard": False},
        worker_options={"n_workers": options.workers, "nthreads": 1, "memory_limit": "0"},
        remote_python=options.python,
    ) as cluster:
        print(f"autograder grade ASSIGNMENT --dask {cluster.scheduler_address}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
