"""A Dask cluster of this machine's cores, for as long as this runs.

python local_cluster.py --workers 8
"""

import argparse
import contextlib
import signal
import sys

import dask
from distributed import LocalCluster


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8786)
    options = parser.parse_args()
    # Else a worker that has died, and takes more than 15 s to start anew, is given up for good.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"})
    with LocalCluster(
        n_workers=options.workers,
        threads_per_worker=1,  # a worker grades one submission at a time
        scheduler_port=options.port,
        dashboard_address=None,
        memory_limit=0,  # the wall limits each submission by itself
    ) as cluster:
        print(f"autograder grade ASSIGNMENT --dask {cluster.scheduler_address}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
