"""nbgrader's gradebook, filled from results.

All goes through nbgrader's own classes, so that formgrader, feedback and export
find what they would find after ``nbgrader autograde``.
"""

import logging
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path

import sqlalchemy
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Base,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
    app_log,
)
from nbgrader.coursedir import CourseDirectory

from autograder.course.clock import CourseClock, course_clock, load_config
from autograder.course.database import database_of
from autograder.course.folder import Assignment, Course
from autograder.course.notebooks import grade_id_of, nbgrader_metadata
from autograder.course.roster import read_roster
from autograder.course.timestamps import seconds_late
from autograder.gradebook import clean
from autograder.gradebook.access import become_the_writer, unusable
from autograder.intake.submitted import Time, handed_in
from autograder.results import CheckResult, Result, verdict

NO_RESPONSE = "No response."

# What was recorded, beside nbgrader's tables and in the same transaction: a run that was killed
# leaves neither grades without this nor this without grades.
_recorded = sqlalchemy.Table(
    "autograder_result",
    sqlalchemy.MetaData(),
    sqlalchemy.Column("assignment", sqlalchemy.String(128), primary_key=True),
    sqlalchemy.Column("student", sqlalchemy.String(128), primary_key=True),
    sqlalchemy.Column("key", sqlalchemy.String(128), nullable=False),
)
TABLES = (*Base.metadata.sorted_tables, _recorded)
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
    for part in (_recorded, *_INDEXES):
        part.create(engine, checkfirst=True)


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


def recorded_key(gradebook: Gradebook, result: Result) -> str:
    """Return the key of the result that the gradebook has of this student, "" if none."""
    query = sqlalchemy.select(_recorded.c.key).where(
        _recorded.c.assignment == result.assignment, _recorded.c.student == result.student
    )
    return str(gradebook.db.scalar(query) or "")


def record(
    gradebook: Gradebook,
    result: Result,
    notebooks: dict[str, NotebookNode],
    *,
    again: bool = False,
) -> None:
    """Write a result into the gradebook, unless it stands there already.

    Scores and comments that a person gave are kept.  A written answer asks for
    a person again only where the submission itself has changed.

    Parameters
    ----------
    notebooks : dict
        The graded notebooks by name; one that was not submitted is absent.
    again : bool
        Write it even so.
    """
    before = recorded_key(gradebook, result)
    if before == result.key != "" and not again:
        return
    gradebook.update_or_create_student(result.student)
    with gradebook.db.no_autoflush:  # nbgrader builds the rows before it adds them
        submission = gradebook.update_or_create_submission(result.assignment, result.student)
    same_work = before.partition(".")[0] == result.key.partition(".")[0] != ""
    for notebook in submission.notebooks:
        record_notebook(notebook, result, notebooks.get(notebook.name), same_work=same_work)
    remember(gradebook, result)


def remember(gradebook: Gradebook, result: Result) -> None:
    """Note which result the gradebook now has."""
    identity = {"assignment": result.assignment, "student": result.student}
    gradebook.db.execute(_recorded.delete().filter_by(**identity))
    gradebook.db.execute(_recorded.insert().values(**identity, key=result.key))


def record_notebook(
    row: SubmittedNotebook, result: Result, notebook: NotebookNode | None, *, same_work: bool
) -> None:
    """Write the scores and automatic comments of one notebook into its rows."""
    cells = {
        nbgrader_metadata(cell).get("grade_id"): cell
        for cell in (notebook.cells if notebook else [])
    }
    checks = {
        grade_id_of(check.name): check for check in result.checks if check.notebook == row.name
    }
    for grade in row.grades:
        if grade.name in checks:
            _record_check(grade, checks[grade.name])
        else:
            _record_answer(grade, cells.get(grade.name), same_work=same_work)
    comments = _comments(notebook, checks) if notebook else {}
    for comment in row.comments:
        _record_comment(comment, comments)


def _record_check(grade: Grade, check: CheckResult) -> None:
    if grade.manual_score is None:
        grade.needs_manual_grade = False
    elif grade.auto_score != check.score:
        grade.needs_manual_grade = True
    grade.auto_score = check.score


def _record_answer(grade: Grade, cell: NotebookNode | None, *, same_work: bool) -> None:
    """Leave a written answer to a person, but for one that is not there: zero."""
    if cell is None or (utils.is_solution(cell) and _untouched(cell)):
        grade.auto_score = 0.0
        grade.needs_manual_grade = grade.manual_score is not None and not same_work
    else:
        grade.auto_score = None
        grade.needs_manual_grade = grade.manual_score is None or not same_work


def _untouched(cell: NotebookNode) -> bool:
    return bool(cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell))


def _record_comment(comment: Comment, comments: dict[str, str]) -> None:
    comment.auto_comment = comments.get(comment.name)


def _comments(notebook: NotebookNode, checks: dict[str, CheckResult]) -> dict[str, str]:
    """Return the automatic comment of each solution cell.

    It is what the checks found that follow the cell, up to the next one.
    """
    found: dict[str, list[str]] = {}
    current = ""
    for cell in notebook.cells:
        metadata = nbgrader_metadata(cell)
        name = str(metadata.get("grade_id", ""))
        if metadata.get("solution"):
            current = name
            found[current] = [NO_RESPONSE] if _untouched(cell) else []
        elif name in checks and current:
            check = checks[name]
            clean = check.status == "passed" and not check.warnings
            found[current] += [] if clean else verdict(check)
    return {name: "\n".join(lines) for name, lines in found.items() if lines}


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
    known = {
        item.student_id: item
        for item in gradebook.assignment_submissions(assignment.name)
        if students is None or item.student_id in students
    }
    for student, hours in roster.extensions.get(assignment.name, {}).items():
        if student in known and known[student].assignment.duedate is not None:
            known[student].extension = timedelta(hours=hours)
    for member, student in handed_in(assignment).graded_as.items():
        if member != student and student in known and member in known:
            _share_grades(known[student], known[member])
    _assign_late_penalties(gradebook, assignment, list(known.values()), clock)
    gradebook.db.flush()
    gradebook.db.expire_all()  # sums of points that were read before


def set_time(gradebook: Gradebook, assignment: str, student: str, time: Time) -> None:
    """Note when work was handed in, or that it cannot be told; leave it where nothing says so."""
    if time.instant or time.problem:
        gradebook.find_submission(assignment, student).timestamp = time.utc


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
