"""The processes of a course run, here or on a Dask cluster, and what each does.

A process loads an assignment once, then grades.  It imports nothing of the
gradebook, so that it starts quickly.
"""

import atexit
import functools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor as Pool
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.folder import Assignment, Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.select import Submission
from autograder.results import Graded
from autograder.sandbox import system


@dataclass(frozen=True)
class Job:
    """What a process has to know before it can grade."""

    root: Path
    assignment: str
    settings: Settings

    def open(self) -> Assignment:
        """Return the assignment."""
        return Course(self.root).assignment(self.assignment)


@contextmanager
def processes(jobs: int) -> Iterator[tuple[Pool, int]]:
    """Give a pool of processes on this machine, and their number."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=end_with_parent, initargs=(os.getpid(),)
    )
    try:
        yield pool, jobs
    finally:
        pool.shutdown(cancel_futures=True)


def end_with_parent(parent: int) -> None:
    """Let a process of a pool end with the one that started it, however that ends.

    The zygote ends when its grader is gone, and the workers with it. Ctrl-C ends a process
    that grades at once, too: no code in it can take it for its own.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended before this one could ask to be told
        os._exit(1)


@contextmanager
def dask_cluster(address: str) -> Iterator[tuple[Pool, int]]:
    """Give a Dask cluster as a pool, and the number of its workers.

    Its machines need the kit installed and the course folder under the same path;
    submissions and results travel by themselves.

    Raises
    ------
    InstructorError
        Dask is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InstructorError(
            "--dask: expected Dask to be installed, found it is not. "
            "Run `pip install distributed` here and on the cluster."
        ) from None
    with _connected(Client, address) as client:
        yield client.get_executor(pure=False), max(len(client.ncores()), 1)


_one_at_a_time = threading.Lock()


def grade_job(job: Job, student: str, submission: Submission) -> Graded:
    """Grade one submission with this process's grader.

    Checks seed NumPy's global generator: where a process has several threads, as
    a worker of Dask does, they take turns.
    """
    with _one_at_a_time:
        return grader_of(job).grade(submission, student)


@functools.lru_cache(maxsize=1)
def grader_of(job: Job) -> Grader:
    """Return this process's grader."""
    grader = Grader(job.open(), job.settings)
    atexit.register(grader.close)
    return grader


def _connected(client: type, address: str) -> Any:
    try:
        return client(address)
    except (OSError, ValueError) as error:
        raise InstructorError(
            f'--dask: expected a scheduler at "{address}", got: {error}. '
            "Start one with `dask scheduler`, and workers with `dask worker`."
        ) from None
