"""What nbgrader has no setting for: it stops a student's grading where something is unusual.

A time stamp that it cannot read raises, and a notebook under another name counts as none.
`accept_what_students_hand_in` puts two methods in the place of nbgrader's own, for the
process that grades.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.course.clock import course_clock
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.intake.submitted import time_of
from autograder.nbgrader_plugins.session import session_of

_contents: dict[str, str] = {}
"""Notebooks by the path that nbgrader expects, which is not the one they were handed in at."""


def handed_in_as(filename: str) -> str | None:
    """Return a notebook that was handed in under another name, None for any other file."""
    return None if Path(filename).exists() else _contents.get(filename)


def accept_what_students_hand_in(exporter: type) -> None:
    """Let nbgrader read time stamps and find notebooks as the engine does.

    Parameters
    ----------
    exporter : type
        Of the converters that run the engine; others find notebooks as nbgrader does.
    """
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    if not hasattr(Autograde.init_assignment, "__wrapped__"):
        Autograde.init_assignment = _with_renamed(Autograde.init_assignment, exporter)


def _existing_timestamp(coursedir: Any, folder: str) -> datetime | None:
    """Return when work was handed in, in UTC; None with a warning where that cannot be read."""
    try:
        time = time_of(Path(folder), course_clock(Course(Path(coursedir.root))))
    except InstructorError as error:
        coursedir.log.warning("%s", error)
        return None
    if time.problem:
        coursedir.log.warning("%s: %s. No penalty.", folder, time.problem)
    return time.utc


def _with_renamed(init_assignment: Callable[..., None], exporter: type) -> Callable[..., None]:
    @functools.wraps(init_assignment)
    def init(converter: Any, assignment_id: str, student_id: str) -> None:
        ours = issubclass(converter.exporter_class, exporter)
        found = session_of(converter, assignment_id) if ours else None
        if found is not None:
            submission = found.work_of(student_id).submission
            folder = Path(converter._format_source(assignment_id, student_id))
            _contents.clear()
            for name, content in submission.notebooks.items():
                path = str(folder / f"{name}.ipynb")
                _contents[path] = content.decode("utf-8-sig", errors="replace")
            for problem in submission.problems:
                converter.log.warning("%s: %s", student_id, problem)
            converter.notebooks = sorted(_contents)
            if not converter.notebooks:  # nothing to convert: the zero and its reason are recorded
                found.record(student_id)
                return
        init_assignment(converter, assignment_id, student_id)

    return init
