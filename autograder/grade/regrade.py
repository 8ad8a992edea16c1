"""What would change if an assignment were graded again, and the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rich.markup import escape
from rich.table import Table

from autograder.course.folder import Assignment
from autograder.grade.course_run import Progress, grade_changed, grade_course, submitted
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.intake.select import Submission
from autograder.intake.submitted import handed_in
from autograder.results import Graded, Result
from autograder.text import points


@dataclass(frozen=True)
class ScoreChange:
    """How a student's result changes.

    Attributes
    ----------
    before : float or None
        The score so far; None where there is no result yet.
    checks : dict of str to tuple
        Score before and after of each check that changes.
    by_hand : tuple of str
        Of these checks, those to which a person gave another score.  It stands,
        and the cell is marked to be looked at again.
    """

    student: str
    before: float | None
    after: float
    checks: dict[str, tuple[float, float]] = field(default_factory=dict)
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True)
class Regrade:
    """The changes of all students, and what the staff must know of the run."""

    changes: list[ScoreChange]
    unchanged: int
    alerts: list[str]


def regrade(
    assignment: Assignment,
    settings: CourseSettings,
    *,
    apply: bool,
    progress: Progress = lambda done, total: None,
) -> Regrade:
    """Grade again what is out of date, and compare with the results so far.

    Parameters
    ----------
    apply : bool
        Write the new results and the gradebook; else nothing is written.
    """
    found = handed_in(assignment)
    works = submitted(found, settings.students)
    students = sorted(member for group in works.values() for member in group)
    before = {student: read_result(assignment, student) for student in students}
    after: dict[str, Result] = {}
    if apply:
        summary = grade_course(assignment, settings, progress)
        after = {result.student: result for result in summary.results}
    else:

        def keep(student: str, submission: Submission, graded: Graded) -> None:
            after.update(dict.fromkeys(works[student], graded.result))

        summary = grade_changed(found, works, settings, keep, progress)
    changes = [
        change
        for student in students
        if student in after and (change := _change(student, before[student], after[student]))
    ]
    changes = _with_manual_scores(assignment, changes)
    return Regrade(changes, len(students) - len(changes), summary.alerts)


def _change(student: str, before: Result | None, after: Result) -> ScoreChange | None:
    """Return the change of a student, None if there is none."""
    if before is None:
        return ScoreChange(student, None, after.score)
    old = {check.name: check.score for check in before.checks}
    checks = {
        check.name: (old.get(check.name, 0.0), check.score)
        for check in after.checks
        if old.get(check.name, 0.0) != check.score
    }
    if not checks and before.score == after.score:
        return None
    return ScoreChange(student, before.score, after.score, checks)


def _with_manual_scores(assignment: Assignment, changes: list[ScoreChange]) -> list[ScoreChange]:
    if not any(change.checks for change in changes):
        return changes
    with open_gradebook(assignment.course) as gradebook:
        by_hand = {
            (submission.student.id, grade.name)
            for submission in gradebook.assignment_submissions(assignment.name)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.manual_score is not None
        }
    return [
        replace(
            change,
            by_hand=tuple(name for name in change.checks if (change.student, name) in by_hand),
        )
        for change in changes
    ]


def table(changes: Iterable[ScoreChange]) -> Table:
    """Return the changes as a table for the terminal."""
    shown = Table("student", "before", "after", "checks that change")
    for change in changes:
        checks = [
            f"{name}: {points(old)} → {points(new)}"
            + (" (a person's score stands)" if name in change.by_hand else "")
            for name, (old, new) in change.checks.items()
        ]
        before = "–" if change.before is None else points(change.before)
        shown.add_row(
            escape(change.student), before, points(change.after), escape("\n".join(checks))
        )
    return shown
