"""How submissions are graded, whoever asks: command line, course run, audit, nbgrader."""

from dataclasses import dataclass

from autograder.sandbox import Level
from autograder.wall.supervised import Executor


@dataclass(frozen=True)
class Settings:
    """How a submission is graded.

    Parameters
    ----------
    key : bytes
        The course key, from which all seeds follow.
    level : Level, optional
        Sandbox level; the best this machine gives by default.
    allow_unsafe : bool
        Accept a machine without a sandbox.
    executor : {"inprocess", "kernel"}
        What runs the cells of notebooks behind the wall.
    only : tuple of str
        Names of the checks to run; all by default.
    whole : bool
        Run notebooks whole, and draw their figures; else what the checks need of them is run.
        No verdict depends on it. A kernel runs all.
    shown : bool
        Whether the notebooks are kept for people: their pictures are drawn anew.
    """

    key: bytes
    level: Level | None = None
    allow_unsafe: bool = False
    executor: Executor = "inprocess"
    only: tuple[str, ...] = ()
    whole: bool = False
    shown: bool = True


@dataclass(frozen=True, kw_only=True)
class CourseSettings(Settings):
    """How all submissions of an assignment are graded.

    Parameters
    ----------
    students : tuple of str
        Grade these alone; all by default.
    jobs : int, optional
        Submissions graded at a time; by default one for each core.
    force : bool
        Grade again what has not changed.
    dask : str, optional
        Address of a Dask scheduler, to grade on its cluster.
    """

    students: tuple[str, ...] = ()
    jobs: int | None = None
    force: bool = False
    dask: str | None = None
