"""The processes of a course run, and what each does.

A process loads an assignment once, then grades.
"""

import atexit
import multiprocessing
import multiprocessing.util
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

from autograder.course.folder import Assignment, Course
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
    context = multiprocessing.get_context("fork" if _can_fork() else "spawn")
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
    )
    try:
        yield pool, jobs
    finally:
        pool.shutdown(cancel_futures=True)


def _can_fork() -> bool:
    """Whether a process may be forked, with all that this one has imported: a second of CPU each.

    A lock that another thread holds would never be released in it, and PyTorch's threads hang.
    """
    alone = threading.active_count() == 1 and "torch" not in sys.modules
    return sys.platform == "linux" and alone


def _begin(parent: int) -> None:
    end_with_parent(parent)
    # A forked process ends without what `atexit` was told.
    multiprocessing.util.Finalize(None, close_grader, exitpriority=1)


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


_one_at_a_time = threading.Lock()


def grade_job(job: Job, student: str, submission: Submission) -> Graded:
    """Grade one submission with this process's grader.

    Checks seed NumPy's global generator: where a process has several threads, as
    a worker of Dask does, they take turns.
    """
    with _one_at_a_time:
        return grader_of(job).grade(submission, student)


_grader: tuple[Job, Grader] | None = None


def grader_of(job: Job) -> Grader:
    """Return this process's grader; the one of another job is closed."""
    global _grader
    if _grader is None or _grader[0] != job:
        close_grader()
        _grader = job, Grader(job.open(), job.settings)
    return _grader[1]


@atexit.register
def close_grader() -> None:
    """End this process's grader, if it has one."""
    global _grader
    if _grader is not None:
        _grader[1].close()
        _grader = None
