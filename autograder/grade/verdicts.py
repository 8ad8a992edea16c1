"""The result that the verdicts of all checks make."""

from collections.abc import Collection, Sequence
from typing import Any

from autograder.checks import Outcome
from autograder.course.folder import Assignment
from autograder.course.notebooks import GradedCell
from autograder.results import CheckResult, ManualCell, Result


def missing(reason: str) -> Outcome:
    """Return the outcome of a check whose part of the submission is not there."""
    return Outcome(0.0, "failed", "missing", [reason])


def result_of(
    assignment: Assignment,
    student: str,
    checks: Sequence[CheckResult],
    *,
    unanswered: Collection[str] = (),
    seconds: float = 0.0,
    **rest: Any,
) -> Result:
    """Return the result of a submission, its points counted.

    Parameters
    ----------
    unanswered : collection of str
        Names of the written questions that were left blank.
    rest
        What else a `Result` holds.
    """
    return Result(
        assignment=assignment.name,
        student=student,
        score=sum(check.score for check in checks),
        max_score=sum(check.max_score for check in checks),
        seconds=seconds,
        checks=list(checks),
        manual=[
            _question(cell, cell.name in unanswered)
            for cell in assignment.graded_cells
            if cell.kind == "manual"
        ],
        **rest,
    )


def _question(cell: GradedCell, blank: bool) -> ManualCell:
    return ManualCell(name=cell.name, notebook=cell.notebook, max_score=cell.max_score, blank=blank)
