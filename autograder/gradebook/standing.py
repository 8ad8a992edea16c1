"""What the gradebook says of a submission: what people gave, and what lateness costs."""

from dataclasses import dataclass, field

from nbgrader.api import Gradebook, MissingEntry

from autograder.course.notebooks import grade_id_of
from autograder.results import CheckResult, Result


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
        return max(0.0, self.automatic + self.written - self.penalty)

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
    names = {
        (notebook, grade_id_of(name)): name
        for notebook, name in [
            *((check.notebook, check.name) for check in result.checks),
            *((cell.notebook, cell.name) for cell in result.manual),
        ]
    }
    scores: dict[str, float | None] = {}
    comments: dict[str, str] = {}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            name = names.get((notebook.name, grade.name), grade.name)
            scores[name] = None if grade.needs_manual_grade else grade.score
        comments |= {
            names.get((notebook.name, comment.name), comment.name): comment.manual_comment
            for comment in notebook.comments
            if comment.manual_comment
        }
    return Standing(scores, comments, own.late_submission_penalty or 0.0)
