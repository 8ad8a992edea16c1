"""What a process of a course run does: it loads an assignment once, then grades.

It imports nothing of the gradebook, so that it starts quickly.
"""

import atexit
import functools
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.grade import Graded, Grader
from autograder.intake import Submission
from autograder.sandbox import Level
from autograder.supervise import Executor


@dataclass(frozen=True)
class Setup:
    """What a process has to know before it can grade."""

    root: Path
    assignment: str
    key: bytes
    level: Level | None = None
    allow_unsafe: bool = False
    executor: Executor = "inprocess"


def grade_job(setup: Setup, student: str, submission: Submission) -> Graded:
    """Grade one submission with this process's grader."""
    return _grader(setup).grade(submission, student)


@functools.lru_cache(maxsize=1)
def _grader(setup: Setup) -> Grader:
    grader = Grader(
        Course(setup.root).assignment(setup.assignment),
        setup.key,
        level=setup.level,
        allow_unsafe=setup.allow_unsafe,
        executor=setup.executor,
    )
    atexit.register(grader.close)
    return grader
