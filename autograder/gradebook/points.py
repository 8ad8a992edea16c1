"""Points, counted: those of checks and of people, what lateness costs, what waits for a grader."""

from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import (
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import case, func, select

from autograder.course.database import database_of
from autograder.course.folder import Assignment
from autograder.course.notebooks import grade_id_of
from autograder.errors import InstructorError
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook, settle
from autograder.intake.submitted import HandedIn, handed_in
from autograder.results import CheckResult, Result


def _after(points: float, penalty: float) -> float:
    """Return what is left of points when the penalty for lateness is taken: never less than 0."""
    return max(0.0, points - penalty)


@dataclass(frozen=True)
class Standing:
    """The gradebook's view of one submission.

    Attributes
    ----------
    scores : dict of str to float or None
        Points of each graded cell with its extra credit; None until a person has graded it.
    comments : dict of str to str
        What people wrote, by cell.
    penalty : float
        Points that lateness costs.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0

    def score(self, check: CheckResult) -> float:
        """Return the points of a check: a person's, where there are any."""
        given = self.scores.get(check.name)
        return check.score if given is None else given

    def total(self, result: Result, notebook: str | None = None) -> "Total":
        """Return the points of a submission, or of one of its notebooks alone."""
        checks = [check for check in result.checks if notebook in (None, check.notebook)]
        questions = [cell for cell in result.manual if notebook in (None, cell.notebook)]
        written = [self.scores.get(question.name) for question in questions]
        return Total(
            automatic=sum(map(self.score, checks)),
            automatic_max=sum(check.max_score for check in checks),
            written=sum(score or 0.0 for score in written),
            written_max=sum(question.max_score for question in questions),
            waiting=written.count(None),
            penalty=self.penalty if notebook is None else 0.0,
        )


@dataclass(frozen=True)
class Total:
    """Points earned and possible, of checks and of written questions.

    ``waiting`` is the number of answers that no person has graded yet.
    """

    automatic: float
    automatic_max: float
    written: float
    written_max: float
    waiting: int
    penalty: float

    @property
    def points(self) -> float:
        """All points earned so far, never below zero."""
        return _after(self.automatic + self.written, self.penalty)

    @property
    def most(self) -> float:
        """All points there are, extra credit aside."""
        return self.automatic_max + self.written_max


def standing(gradebook: Gradebook, result: Result, work_of: str) -> Standing:
    """Read what the gradebook has of a submission.

    Parameters
    ----------
    work_of : str
        The student whose submission a person grades; of a group, the one who handed in.
    """
    try:
        own = gradebook.find_submission(result.assignment, result.student)
        submission = gradebook.find_submission(result.assignment, work_of)
    except MissingEntry:
        return Standing()
    names = _result_names(result)
    scores: dict[str, float | None] = {}
    comments: dict[str, str] = {}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            name = names.get((notebook.name, grade.name), grade.name)
            scores[name] = None if grade.needs_manual_grade else grade.score
        for comment in notebook.comments:
            if comment.manual_comment:
                name = names.get((notebook.name, comment.name), comment.name)
                comments[name] = comment.manual_comment
    return Standing(scores, comments, own.late_submission_penalty or 0.0)


def _result_names(result: Result) -> dict[tuple[str, str], str]:
    """Return what the result calls each cell, by notebook and ``grade_id``."""
    places = [(check.notebook, check.name) for check in result.checks]
    places += [(cell.notebook, cell.name) for cell in result.manual]
    return {(notebook, grade_id_of(name)): name for notebook, name in places}


@dataclass(frozen=True)
class FinalGrade:
    """What one student gets for an assignment.

    Attributes
    ----------
    score : float or None
        All points but the late penalty; None if nothing was handed in.
    pending : int
        Written answers that no person has graded yet; they count zero so far.
    time_problem : str
        Why it is not known when the work came, so that no penalty is taken; else empty.
    result : Result or None
        The automatic part, None if there is none.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    score: float | None = None
    max_score: float = 0.0
    penalty: float = 0.0
    pending: int = 0
    time_problem: str = ""
    result: Result | None = field(default=None, compare=False)

    @property
    def total(self) -> float | None:
        """The points that count, after the late penalty."""
        return None if self.score is None else _after(self.score, self.penalty)


def final_grades(assignment: Assignment) -> list[FinalGrade]:
    """Return the grades of all students the gradebook knows, by student.

    Raises
    ------
    InstructorError
        Nothing has been graded yet.
    """
    with open_gradebook(assignment.course) as gradebook:
        if not gradebook.assignment_submissions(assignment.name):
            raise InstructorError(
                f"{database_of(assignment.course).shown}: expected grades of "
                f"{assignment.name}, found none. Run `autograder grade {assignment.name}` first."
            )
        settle(gradebook, assignment)
        gradebook.db.flush()
        gradebook.db.expire_all()
        sums = _sums(gradebook, assignment.name)
        max_score = gradebook.find_assignment(assignment.name).max_score
        found = handed_in(assignment)
        return [
            _grade(assignment, student, max_score, sums, found)
            for student in sorted(gradebook.students, key=lambda student: student.id)
        ]


@dataclass(frozen=True)
class _Sums:
    """What the gradebook has of one submission, added up."""

    score: float
    pending: int
    penalty: float


def _sums(gradebook: Gradebook, assignment: str) -> dict[str, _Sums]:
    """Add up the grades of an assignment's submissions, by student.

    nbgrader's own columns of a submission do so as well, one after the other, and read the grades
    of all submissions for each.
    """
    of_it = (
        select(SubmittedAssignment.student_id)
        .join(AssignmentRow, AssignmentRow.id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(AssignmentRow.name == assignment)
        .group_by(SubmittedAssignment.student_id)
    )
    waits = case((Grade.needs_manual_grade, 1), else_=0)
    graded = of_it.outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
    late = of_it.add_columns(func.sum(SubmittedNotebook.late_submission_penalty))
    penalties = {student: penalty or 0.0 for student, penalty in gradebook.db.execute(late)}
    return {
        student: _Sums(score or 0.0, pending or 0, penalties[student])
        for student, score, pending in gradebook.db.execute(
            graded.add_columns(func.sum(Grade.score), func.sum(waits))
        )
    }


def _grade(
    assignment: Assignment,
    student: Student,
    max_score: float,
    sums: dict[str, _Sums],
    found: HandedIn,
) -> FinalGrade:
    names = _names(student)
    own = sums.get(student.id)
    if own is None:
        return FinalGrade(**names, max_score=max_score)
    # Of a group a person grades one submission; what is pending there is pending for all.
    work_of = found.graded_as.get(student.id, student.id)
    return FinalGrade(
        **names,
        score=own.score,
        max_score=max_score,
        penalty=own.penalty,
        pending=sums.get(work_of, own).pending,
        time_problem=found.times[work_of].problem if work_of in found.times else "",
        result=read_result(assignment, student.id),
    )


def _names(student: Student) -> dict[str, Any]:
    return {
        "student": student.id,
        "first_name": student.first_name or "",
        "last_name": student.last_name or "",
        "email": student.email or "",
        "lms_id": student.lms_user_id or "",
    }
