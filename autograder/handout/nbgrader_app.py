"""nbgrader's converters, called in this process with the course's own configuration."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.course.clock import load_config
from autograder.course.folder import Assignment
from autograder.errors import InstructorError

PATIENCE = 15.0
"""Seconds to wait for another program that writes to the gradebook."""
LOGGER = logging.getLogger("autograder.nbgrader")


def database(coursedir: CourseDirectory) -> str:
    """Return the address of the gradebook; SQLite waits a while for another program's write."""
    url = str(coursedir.db_url)
    return f"{url}?timeout={PATIENCE:g}" if url.startswith("sqlite:") and "?" not in url else url


def generate(assignment: Assignment, destination: Path, *, rows: bool = False) -> None:
    """Write an assignment's release to ``destination`` by nbgrader's converter.

    The gradebook is used only to make the assignment's ``rows`` in it: a release
    is the same whatever lies in it.

    Raises
    ------
    InstructorError
        What nbgrader, or our preprocessor in its pipeline, stopped for.
    """
    config = load_config(assignment.course)
    config.CourseDirectory.release_directory = str(destination.parent)
    if not rows:
        config.GenerateAssignment.no_database = True
        config.GenerateAssignment.preprocessors = [
            name for name in config.GenerateAssignment.preprocessors if "SaveCells" not in str(name)
        ]
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment.name
    coursedir.db_url = database(coursedir)
    with _problems() as problems:
        converter = GenerateAssignment(coursedir=coursedir, config=config, log=LOGGER)
        try:
            converter.start()
        except NbGraderException:
            raise InstructorError(problems.reason(f"source/{assignment.name}")) from None


class _Problems(logging.Handler):
    """Keeps what nbgrader logs: it swallows exceptions and logs their traceback instead."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.own: InstructorError | None = None
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, InstructorError):
            self.own = error
        self.messages.append(record.getMessage().strip().splitlines()[-1])

    def reason(self, where: str) -> str:
        if self.own:
            return str(self.own)
        return f"{where}: nbgrader stopped: {' '.join(self.messages[:3])}"


@contextmanager
def _problems() -> Iterator[_Problems]:
    problems = _Problems()
    LOGGER.addHandler(problems)
    LOGGER.propagate = False
    try:
        yield problems
    finally:
        LOGGER.removeHandler(problems)
