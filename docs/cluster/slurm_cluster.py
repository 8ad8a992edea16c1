"""A Dask cluster whose workers are jobs of Slurm, for as long as this runs on a login node.

    pip install dask-jobqueue==0.9.0
    python slurm_cluster.py --workers 40 --queue short      (--job-script: what is submitted)

Each job is one worker on one core, which ends before its time is up and is submitted anew. Where
nodes give no user namespaces, `autograder doctor` on a node says which level is left.
"""

import argparse
import contextlib
import signal
import sys

from dask_jobqueue import SLURMCluster


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--queue", help="partition; Slurm's own by default")
    parser.add_argument("--account")
    parser.add_argument("--memory", default="4GB", help="of a job: a submission's limit and 1 GB")
    parser.add_argument("--hours", type=int, default=4, help="a job's time")
    parser.add_argument("--interface", help="network of the nodes, as ib0")
    parser.add_argument("--job-script", action="store_true")
    options = parser.parse_args()
    with SLURMCluster(
        queue=options.queue,
        account=options.account,
        cores=1,
        processes=1,
        memory=options.memory,
        walltime=f"{options.hours:02}:00:00",
        interface=options.interface,
        local_directory="/tmp",  # on the node: the assignment is unpacked there
        job_extra_directives=["--requeue"],
        job_script_prologue=["export OPENBLAS_NUM_THREADS=1"],
        # It ends by itself five minutes before Slurm would end it, so no submission is lost.
        worker_extra_args=["--lifetime", f"{options.hours * 60 - 5}m", "--lifetime-stagger", "4m"],
        scheduler_options={"dashboard_address": None},
    ) as cluster:
        if options.job_script:
            print(cluster.job_script())
            return
        cluster.adapt(minimum_jobs=options.workers, maximum_jobs=options.workers)
        print("Waiting for the first job to start: `squeue` says what it waits for.", flush=True)
        cluster.wait_for_workers(1)
        print(f"autograder grade ASSIGNMENT --dask {cluster.scheduler_address}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
