"""Students' rows of the gradebook: read at once, filled from results, written at once."""

from collections.abc import Callable, Collection, Mapping

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.orm import selectinload

from autograder.course.notebooks import grade_id_of, nbgrader_metadata
from autograder.gradebook.store import Recorded, of_any, submissions
from autograder.intake.submitted import Time
from autograder.results import CheckResult, Result, verdict

NO_RESPONSE = "No response."


class Entries:
    """What the gradebook has of some students' work on an assignment.

    nbgrader's own ``update_or_create_submission`` asks for and writes the rows of one student after
    the other, which takes longer than to grade a small notebook. Here a few queries read those of
    all, and the session writes at once, when it is flushed, what is new or different.

    Parameters
    ----------
    gradebook : Gradebook
        Open; see `open_gradebook`.
    assignment : str
        An assignment that the gradebook has.
    students : collection of str
    """

    def __init__(self, gradebook: Gradebook, assignment: str, students: Collection[str]) -> None:
        self._session = session = gradebook.db
        self._assignment = gradebook.find_assignment(assignment)
        # Kept, so that a grade finds its cell without a query of its own.
        self._cells = {
            book: (book.grade_cells, book.solution_cells, book.task_cells)
            for book in self._assignment.notebooks
        }
        known = of_any(session.query(Student), Student.id, students)
        self._students = {row.id: row for row in known}
        parts = selectinload(SubmittedAssignment.notebooks)
        wanted = (
            parts.selectinload(SubmittedNotebook.grades),
            parts.selectinload(SubmittedNotebook.comments),
        )
        handed_in = submissions(gradebook, assignment, students, *wanted)
        self._submissions = {row.student_id: row for row in handed_in}
        recorded = session.query(Recorded).filter_by(assignment=assignment)
        self._recorded = {row.student: row for row in of_any(recorded, Recorded.student, students)}

    def record(
        self, result: Result, read: Callable[[], Mapping[str, NotebookNode]], *, again: bool = False
    ) -> None:
        """Enter a result, unless it stands there already.

        Scores and comments that a person gave are kept.  A written answer asks for
        a person again only where the submission itself has changed.

        Parameters
        ----------
        result : Result
            Of one of the students.
        read : callable
            Gives the graded notebooks by name, when they are wanted; one that was not submitted is
            absent.
        again : bool
            Enter it even so.
        """
        student = result.student
        before = self._recorded[student].key if student in self._recorded else ""
        if student not in self._submissions:  # or no longer: nbgrader's commands take rows away
            self._submissions[student] = self._new_submission(student)
        elif before == result.key != "" and not again:
            return
        notebooks = read()
        same_work = before.partition(".")[0] == result.key.partition(".")[0] != ""
        for row in self._submissions[student].notebooks:
            _record_notebook(row, result, notebooks.get(row.name), same_work=same_work)
        if student not in self._recorded:
            self._recorded[student] = Recorded(assignment=result.assignment, student=student)
            self._session.add(self._recorded[student])
        self._recorded[student].key = result.key

    def _new_submission(self, student: str) -> SubmittedAssignment:
        """Make the rows that nbgrader's ``add_submission`` makes, and the student's if need be."""
        if student not in self._students:
            self._students[student] = Student(id=student)
        submission = SubmittedAssignment(
            assignment=self._assignment, student=self._students[student]
        )
        for book, (grade_cells, solution_cells, task_cells) in self._cells.items():
            row = SubmittedNotebook(notebook=book, assignment=submission)
            for cell in (*grade_cells, *task_cells):
                Grade(cell=cell, notebook=row)
            for cell in (*solution_cells, *task_cells):
                Comment(cell=cell, notebook=row)
        self._session.add(submission)  # with all that hangs on it by now
        return submission

    def set_time(self, student: str, time: Time) -> None:
        """Note when work was handed in, or that it cannot be told, if anything says so."""
        if time.instant or time.problem:
            self._submissions[student].timestamp = time.utc


def _record_notebook(
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
