"""nbgrader's converters, called in this process with the course's own configuration."""

import copy
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import InstantiateTests
from traitlets.config import Config

from autograder.course.clock import load_config
from autograder.course.database import database_of
from autograder.course.folder import Assignment
from autograder.errors import InstructorError
from autograder.text import one_line

LOGGER = logging.getLogger("autograder.nbgrader")


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
            name for name in _preprocessors(config) if "SaveCells" not in str(name)
        ]
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment.name
    coursedir.db_url = database_of(assignment.course).url
    with _problems() as problems:
        converter = GenerateAssignment(coursedir=coursedir, config=config, log=LOGGER)
        try:
            converter.start()
        except NbGraderException:
            raise InstructorError(problems.reason(f"source/{assignment.name}")) from None


class _Tests(InstantiateTests):  # type: ignore[misc] # nbgrader has no types
    """Makes tests of AUTOTEST lines, and ends what it ran them in.

    nbgrader's own leaves the channels to its kernel open, and after an error the kernel, too.
    """

    client: Any = None

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> Any:
        """Make the tests of a cell."""
        self.client = self.kc
        return super().preprocess_cell(cell, resources, index)

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self.client is not None:
            self.client.shutdown()
            self.client.stop_channels()


def _said(error: Exception) -> str:
    """Return an error's text; nbgrader's of a cell holds the lines of a traceback in its place."""
    lines = error.traceback if isinstance(error, CellExecutionError) else str(error).splitlines()
    return one_line(lines[-1] if lines else repr(error)).rstrip(".")


def with_autotests(assignment: Assignment, name: str) -> NotebookNode:
    """Return an instructor's notebook with the tests that nbgrader makes of its AUTOTEST lines.

    They are made of what the instructor's own code gives, in a kernel, as for the release.

    Raises
    ------
    InstructorError
        They cannot be made.
    """
    notebook = copy.deepcopy(assignment.sources[name])
    preprocessor = _Tests(config=load_config(assignment.course), log=LOGGER)
    resources = {"metadata": {"path": str(assignment.source)}}
    try:
        made: NotebookNode = preprocessor.preprocess(notebook, resources)[0]
    except Exception as error:  # whatever the instructor's code or template raises
        where = assignment.course.shown(assignment.source / f"{name}.ipynb")
        raise InstructorError(
            f"{where}: expected AUTOTEST lines that nbgrader can make tests of, got: "
            f"{_said(error)}. Run the notebook from the top, and look at autotests.yml."
        ) from None
    finally:
        preprocessor.close()
    return made


def _preprocessors(config: Config) -> list[object]:
    """Return the course's pipeline of a release; nbgrader's own where it sets none."""
    own = config.GenerateAssignment.get("preprocessors")
    return list(own if isinstance(own, list) else GenerateAssignment().preprocessors)


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
