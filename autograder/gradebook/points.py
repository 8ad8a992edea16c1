"""The final grades of an assignment: automatic and manual points, penalties, what is pending."""

from dataclasses import dataclass, field

from nbgrader.api import Gradebook, Student, SubmittedAssignment

from autograder.course.folder import Assignment
from autograder.errors import InstructorError
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook, settle
from autograder.intake.submitted import HandedIn, handed_in
from autograder.results import Result


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
        return None if self.score is None else max(0.0, self.score - self.penalty)


def final_grades(assignment: Assignment) -> list[FinalGrade]:
    """Return the grades of all students the gradebook knows, by student.

    Raises
    ------
    InstructorError
        Nothing has been graded yet.
    """
    with open_gradebook(assignment.course) as gradebook:
        submissions = {
            item.student.id: item for item in gradebook.assignment_submissions(assignment.name)
        }
        if not submissions:
            raise InstructorError(
                f"{assignment.course.shown(assignment.course.gradebook)}: expected grades of "
                f"{assignment.name}, found none. Run `autograder grade {assignment.name}` first."
            )
        settle(gradebook, assignment)
        gradebook.db.flush()
        gradebook.db.expire_all()
        found = handed_in(assignment)
        return [
            _grade(assignment, gradebook, student, submissions, found)
            for student in sorted(gradebook.students, key=lambda student: student.id)
        ]


def _grade(
    assignment: Assignment,
    gradebook: Gradebook,
    student: Student,
    submissions: dict[str, SubmittedAssignment],
    found: HandedIn,
) -> FinalGrade:
    names = {
        "student": student.id,
        "first_name": student.first_name or "",
        "last_name": student.last_name or "",
        "email": student.email or "",
        "lms_id": student.lms_user_id or "",
    }
    own = submissions.get(student.id)
    max_score = gradebook.find_assignment(assignment.name).max_score
    if own is None:
        return FinalGrade(**names, max_score=max_score)
    # Of a group a person grades one submission; what is pending there is pending for all.
    work_of = found.graded_as.get(student.id, student.id)
    graded = submissions.get(work_of, own)
    return FinalGrade(
        **names,
        score=own.score,
        max_score=max_score,
        penalty=own.late_submission_penalty or 0.0,
        pending=sum(
            grade.needs_manual_grade for notebook in graded.notebooks for grade in notebook.grades
        ),
        time_problem=found.times[work_of].problem if work_of in found.times else "",
        result=read_result(assignment, student.id),
    )
