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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1, help="of each machine: one a core")
    parser.add_argument("--port", type=int, default=8786)
    parser.add_argument("--ssh-port", type=int, default=22)
    parser.add_argument("--known-hosts", help="file; SSH's own by default")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    lines = [line.partition("#")[0].strip() for line in options.hosts.read_text().splitlines()]
    connection = {"port": options.ssh_port}
    if options.known_hosts:
        connection["known_hosts"] = options.known_hosts
    with SSHCluster(
        [line for line in lines if line],
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
