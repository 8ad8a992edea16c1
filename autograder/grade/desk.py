"""What all gradings of an assignment share."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder.checks import Outcome
from autograder.course.folder import Assignment
from autograder.grade.annotate import check_result
from autograder.grade.in_notebook import cell_result
from autograder.grade.plan import Plan
from autograder.grade.verdicts import result_of
from autograder.results import NotebookResult, Result, SandboxReport
from autograder.wall.zygote import Worker, Zygote


class Desk:
    """What all gradings of an assignment share.

    Attributes
    ----------
    assignment : Assignment
    plan : Plan
    zygote : Zygote
        From which every worker is forked.
    key : bytes
        The course key.
    whole : bool
        Whether notebooks are run whole.
    shown : bool
        Whether people look at the notebooks.
    pictures : set of (str, bytes)
        Kind and content of those in the course's notebooks, which nobody needs to draw anew.
    beside : Path or None
        Where the course's files beside its notebooks lie.
    timings : list of (str, float)
        What was done to begin with, and the seconds it took.
    """

    assignment: Assignment
    plan: Plan
    zygote: Zygote
    key: bytes
    whole: bool
    shown: bool
    pictures: frozenset[tuple[str, bytes]]
    beside: Path | None
    timings: list[tuple[str, float]]

    def reference_worker(self) -> Worker:
        """Fork a worker that holds the reference instead of a submission."""
        return self.zygote.worker(
            self.plan.reference.sources,
            self.assignment.config.limits,
            environment=self.plan.environment,
            figures=False,
        )

    def result(
        self,
        student: str,
        outcomes: Mapping[str, Outcome],
        *,
        otherwise: Mapping[str, str] = {},
        notebooks: Sequence[NotebookResult] = (),
        unanswered: Collection[str] = (),
        unread: Sequence[str] = (),
        warnings: Sequence[str] = (),
        seconds: float = 0.0,
    ) -> Result:
        """Return the result that the outcomes of all checks make.

        ``unanswered`` are the names of the written questions left blank, ``otherwise`` what
        nbgrader makes of cells where that is another thing.
        """
        modules = self.assignment.config.modules
        checks = [check_result(item, outcomes[item.name], modules) for item in self.plan.checks]
        checks += [
            cell_result(cell, outcomes[cell.name], otherwise.get(cell.name))
            for cell in self.plan.in_notebook
        ]
        return result_of(
            self.assignment,
            student,
            checks,
            unanswered=unanswered,
            seconds=seconds,
            sandbox=SandboxReport.model_validate(
                {"level": str(self.zygote.level), "features": self.zygote.features}
            ),
            notebooks=list(notebooks),
            unread=list(unread),
            warnings=list(warnings),
        )
