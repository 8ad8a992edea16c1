"""One submission, no gradebook: for CI, and for trying an assignment out."""

from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from dataclasses import replace
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import InstructorError, SandboxUnavailable, SubmissionError
from autograder.grade.pools import cluster_of
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.grade.verdicts import result_of
from autograder.intake import select
from autograder.intake.select import Submission
from autograder.results import CheckResult, Graded, Result


def grade_one(
    assignment: Assignment,
    path: Path,
    student: str,
    settings: Settings,
    keep: Callable[[Result], None],
    *,
    dask: str | None = None,
    tell: Callable[[str], None] = lambda note: None,
) -> Graded:
    """Grade a submission, give its result to `keep`, and return it.

    Parameters
    ----------
    dask : str, optional
        Address of a Dask scheduler, to grade on its cluster.
    tell : callable
        Called with what the staff should know of the cluster.

    Raises
    ------
    InstructorError
        The assignment or the command is not as it must be.
    SandboxUnavailable
        This machine cannot run hidden checks safely; a zero result was kept.
    SubmissionError
        The submission cannot be read; a zero result was kept.
    """
    submission = select.read_or_say_why(path, assignment)
    settings = replace(settings, shown=False)  # nobody looks at the notebooks
    try:
        if dask:
            graded = _on_cluster(dask, assignment, settings, student, submission, tell)
        else:
            with Grader(assignment, settings, alone=submission) as grader:
                graded = grader.grade(submission, student)
    except SandboxUnavailable as error:
        keep(not_run(assignment, student, str(error)))
        raise
    keep(graded.result)
    if submission.unreadable:
        raise SubmissionError(submission.unreadable)
    if graded.alerts:
        raise InstructorError("\n".join(graded.alerts))
    return graded


def _on_cluster(
    address: str,
    assignment: Assignment,
    settings: Settings,
    student: str,
    submission: Submission,
    tell: Callable[[str], None],
) -> Graded:
    with cluster_of(address, assignment, settings) as pool:
        future = pool.submit(student, submission)
        wait([future])
        for note in pool.notes:
            tell(note)
        try:
            return future.result()
        except CancelledError:
            raise pool.gone() from None
        except Exception as error:
            if not pool.lost(error):
                raise
            raise InstructorError(
                f"{student}: not graded: the workers that graded it died, one after the other. "
                "Look at the submission, and at the memory of the cluster's machines."
            ) from None


def not_run(assignment: Assignment, student: str, reason: str) -> Result:
    """Return the result of a submission whose checks could not be run on this machine."""
    checks = [
        CheckResult(
            name=cell.name,
            notebook=cell.notebook,
            score=0,
            max_score=cell.max_score,
            status="skipped",
            explanations=["not run: " + reason],
        )
        for cell in assignment.graded_cells
        if cell.kind == "check"
    ]
    return result_of(assignment, student, checks, warnings=[reason])
