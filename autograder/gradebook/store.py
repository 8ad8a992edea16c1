"""nbgrader's gradebook: opened for one transaction, its rows made, asked for, and settled.

All goes through nbgrader's own classes, so that formgrader, feedback and export
find what they would find after ``nbgrader autograde``. `entries` fills it from results.
"""

import logging
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import TypeVar

import sqlalchemy
from nbgrader.api import (
    Base,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
    app_log,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Query,
    mapped_column,
    selectinload,
)
from sqlalchemy.orm.interfaces import ORMOption

from autograder.course.clock import CourseClock, course_clock, load_config
from autograder.course.database import database_of
from autograder.course.folder import Assignment, Course
from autograder.course.roster import read_roster
from autograder.course.timestamps import seconds_late
from autograder.gradebook import clean
from autograder.gradebook.access import become_the_writer, unusable
from autograder.intake.submitted import handed_in

Row = TypeVar("Row")
_AT_A_TIME = 500
"""Values that one query asks for; SQLite takes some ten thousands."""


class _Own(DeclarativeBase):
    """Tables that nbgrader has not."""


class Recorded(_Own):
    """Which result the gradebook has of a student.

    It stands beside nbgrader's tables and is written in the same transaction: a run that was killed
    leaves neither grades without this nor this without grades.
    """

    __tablename__ = "autograder_result"
    assignment: Mapped[str] = mapped_column(sqlalchemy.String(128), primary_key=True)
    student: Mapped[str] = mapped_column(sqlalchemy.String(128), primary_key=True)
    key: Mapped[str] = mapped_column(sqlalchemy.String(128))


TABLES = (*Base.metadata.sorted_tables, *_Own.metadata.sorted_tables)
"""All that a gradebook consists of, each table behind those it refers to."""
_INDEXES = (
    sqlalchemy.Index("autograder_notebooks_of_submission", SubmittedNotebook.assignment_id),
    sqlalchemy.Index("autograder_grades_of_notebook", Grade.notebook_id),
)
"""nbgrader has none on what its tables refer to each other by. Without these, whatever joins them,
formgrader's lists too, takes a time that grows with the square of the course."""
clean.watch()


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook for one transaction: all is written at the end, or nothing.

    Raises
    ------
    InstructorError
        The database is locked by another program (after some patience), cannot be reached or
        written, or is of another version of nbgrader.
    """
    database, course_id = database_of(course), CourseDirectory(config=load_config(course)).course_id
    try:
        with _told_once(), Gradebook(database.url, course_id) as gradebook:
            session = gradebook.db
            complete(gradebook.engine)
            become_the_writer(session, TABLES)
            # nbgrader's methods commit one by one; held back until all is there.
            commit, session.commit = session.commit, session.flush
            yield gradebook
            commit()
    except (sqlalchemy.exc.DatabaseError, InvalidEntry) as error:
        if (cause := _database_error(error)) is None:
            raise
        raise unusable(database, str(cause.orig)) from None


def complete(engine: sqlalchemy.Engine) -> None:
    """Make what a gradebook has beside nbgrader's tables, where it is missing."""
    _Own.metadata.create_all(engine)
    for index in _INDEXES:
        index.create(engine, checkfirst=True)


@contextmanager
def _told_once() -> Iterator[None]:
    """Keep nbgrader from logging, with its traceback, an error that it raises as well."""

    def without_traceback(record: logging.LogRecord) -> bool:
        return not record.exc_info

    app_log.addFilter(without_traceback)
    try:
        yield
    finally:
        app_log.removeFilter(without_traceback)


def _database_error(error: Exception) -> sqlalchemy.exc.DatabaseError | None:
    """Return what the database said: nbgrader wraps what goes wrong when it commits."""
    cause = error.__context__ if isinstance(error, InvalidEntry) else error
    return cause if isinstance(cause, sqlalchemy.exc.DatabaseError) else None


def make_rows(assignment: Assignment) -> None:
    """Make the gradebook's rows of an assignment where they are missing or out of date.

    nbgrader's own release pipeline makes them, so they are the same as after
    ``nbgrader generate_assignment``.

    Raises
    ------
    InstructorError
        Cells were removed after submissions had been graded.
    """
    wanted = {(cell.notebook, cell.grade_id, cell.max_score) for cell in assignment.graded_cells}
    with open_gradebook(assignment.course) as gradebook:
        if _rows(gradebook, assignment.name) == wanted:
            return
    from autograder.handout import nbgrader_app  # with nbconvert, and wanted once

    with tempfile.TemporaryDirectory() as scratch:
        nbgrader_app.generate(assignment, Path(scratch) / assignment.name, rows=True)


def _rows(gradebook: Gradebook, assignment: str) -> set[tuple[str, str, float]]:
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry:
        return set()
    return {
        (notebook.name, cell.name, cell.max_score)
        for notebook in notebooks
        for cell in [*notebook.grade_cells, *notebook.task_cells]
    }


def submissions(
    gradebook: Gradebook,
    assignment: str,
    students: Collection[str] | None = None,
    *parts: ORMOption,
) -> Iterator[SubmittedAssignment]:
    """Yield the rows of an assignment's submissions.

    Parameters
    ----------
    students : collection of str, optional
        Of these alone; of all by default.
    *parts
        What to read with them, in queries for many at a time: ``selectinload``.
    """
    query = gradebook.db.query(SubmittedAssignment).options(*parts)
    query = query.filter_by(assignment_id=gradebook.find_assignment(assignment).id)
    yield from (
        query if students is None else of_any(query, SubmittedAssignment.student_id, students)
    )


def of_any(
    query: Query[Row], column: InstrumentedAttribute[str], values: Iterable[str]
) -> Iterator[Row]:
    """Yield the rows whose column has one of these values, asking for so many at a time."""
    values = sorted(values)
    for start in range(0, len(values), _AT_A_TIME):
        yield from query.filter(column.in_(values[start : start + _AT_A_TIME]))


def settle(
    gradebook: Gradebook, assignment: Assignment, students: Collection[str] | None = None
) -> None:
    """Bring up to date what follows from other grades: groups, extensions, late penalties.

    Parameters
    ----------
    students : collection of str, optional
        Of these alone, whole groups; of all by default.
    """
    roster, clock = read_roster(assignment.course), course_clock(assignment.course)
    if due := roster.due_date(assignment.name, clock):
        gradebook.find_assignment(assignment.name).duedate = due.replace(tzinfo=None)
    notebooks = selectinload(SubmittedAssignment.notebooks)
    found = submissions(gradebook, assignment.name, students, notebooks)
    known = {row.student_id: row for row in found}
    for student, hours in roster.extensions.get(assignment.name, {}).items():
        if student in known and known[student].assignment.duedate is not None:
            known[student].extension = timedelta(hours=hours)
    for member, student in handed_in(assignment).graded_as.items():
        if member != student and student in known and member in known:
            _share_grades(known[student], known[member])
    _assign_late_penalties(gradebook, assignment, list(known.values()), clock)
    gradebook.db.flush()
    gradebook.db.expire_all()  # sums of points that were read before


def _share_grades(graded: SubmittedAssignment, member: SubmittedAssignment) -> None:
    """Give a member of a group what a person gave the one who handed in."""
    grades = {grade.cell_id: grade for book in graded.notebooks for grade in book.grades}
    comments = {note.cell_id: note for book in graded.notebooks for note in book.comments}
    for notebook in member.notebooks:
        for grade in notebook.grades:
            given = grades[grade.cell_id]
            grade.manual_score, grade.extra_credit = given.manual_score, given.extra_credit
            # To be graded once: in the submission that was handed in.
            grade.needs_manual_grade = False
        for comment in notebook.comments:
            comment.manual_comment = comments[comment.cell_id].manual_comment


def _assign_late_penalties(
    gradebook: Gradebook,
    assignment: Assignment,
    submissions: list[SubmittedAssignment],
    clock: CourseClock,
) -> None:
    """Apply the course's late policy, nbgrader's ``AssignLatePenalties.plugin_class``."""
    late = [(item, seconds) for item in submissions if (seconds := _late(item, clock))]
    for submission in submissions:
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = None
    if not late:
        return
    from nbgrader.preprocessors import AssignLatePenalties  # with nbconvert, and seldom wanted

    policy = AssignLatePenalties(config=load_config(assignment.course))
    policy.init_plugin()
    gradebook.db.flush()
    for submission, seconds in late:
        for notebook in submission.notebooks:
            gradebook.db.refresh(notebook)
            if penalty := policy.plugin_inst.late_submission_penalty(
                submission.student.id, notebook.score, seconds
            ):
                notebook.late_submission_penalty = policy._check_late_penalty(notebook, penalty)


def _late(submission: SubmittedAssignment, clock: CourseClock) -> float:
    if submission.timestamp is None or submission.duedate is None:
        return 0.0
    submitted, due = (
        when.replace(tzinfo=UTC) for when in (submission.timestamp, submission.duedate)
    )
    return seconds_late(submitted, due, clock.zone)
