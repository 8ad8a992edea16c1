"""What grades the submissions of a course run side by side: processes here, or a cluster."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from autograder.course.folder import Assignment
from autograder.errors import AutograderError, InstructorError
from autograder.grade.processes import Job, grade_job, processes
from autograder.grade.settings import CourseSettings, Settings
from autograder.intake.select import Submission
from autograder.results import Graded


class Pool(Protocol):
    """Grades submissions side by side."""

    @property
    def at_once(self) -> int:
        """Submissions to hand out at a time: enough to keep all busy, not all in memory."""

    @property
    def notes(self) -> Sequence[str]:
        """What the staff should know of it, a line each."""

    def submit(self, student: str, submission: Submission) -> Future[Graded]:
        """Have a submission graded."""

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that the process that graded has died."""

    def gone(self) -> AutograderError:
        """Return what to say of work that was given up, since nobody is left to do it."""


Pools = AbstractContextManager[Pool]


def pool_of(assignment: Assignment, settings: CourseSettings) -> Pools:
    """Return what a course run grades with, to be entered."""
    if settings.dask:
        return cluster_of(settings.dask, assignment, settings)
    return local_pool(assignment, settings, settings.jobs or os.cpu_count() or 1)


def lone_pool(assignment: Assignment, settings: CourseSettings) -> Pools:
    """Return a pool for one submission in whose neighbourhood a process has died."""
    if settings.dask:
        return cluster_of(settings.dask, assignment, settings)
    return local_pool(assignment, settings, 1)


def cluster_of(address: str, assignment: Assignment, settings: Settings) -> Pools:
    """Return a Dask cluster, to be entered."""
    from autograder.grade.cluster import dask_cluster  # most runs need none

    return dask_cluster(address, assignment, settings)


class LocalPool:
    """Processes of this machine."""

    notes: Sequence[str] = ()

    def __init__(self, executor: Executor, jobs: int, job: Job) -> None:
        self._executor = executor
        self._job = job
        self.at_once = 2 * jobs

    def submit(self, student: str, submission: Submission) -> Future[Graded]:
        """Have a submission graded by a process that is free."""
        return self._executor.submit(grade_job, self._job, student, submission)

    def lost(self, error: BaseException) -> bool:
        """Whether a process has died: it takes the work of all others with it."""
        return isinstance(error, BrokenProcessPool)

    def gone(self) -> AutograderError:
        """Return what to say of work that was given up."""
        return InstructorError("the processes that grade: given up. Run the command again.")


@contextmanager
def local_pool(assignment: Assignment, settings: Settings, jobs: int) -> Iterator[Pool]:
    """Give processes of this machine."""
    job = Job(assignment.course.root, assignment.name, settings)
    with processes(jobs) as (executor, number):
        yield LocalPool(executor, number, job)
