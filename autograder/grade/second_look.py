"""A second look at a check that has failed: the reference takes it too, in the student's place.

Right, it tells whose mistake an exception in the check is; with a known mistake made in it, what
the student's mistake is. See `autograder.checks.second_look` and
`autograder.checks.known_mistakes`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self

from autograder.checks import Check, CheckRun, Context, run_check
from autograder.checks.known_mistakes import Version, recognised
from autograder.checks.outcome import Traces
from autograder.checks.second_look import whose_mistake
from autograder.course.folder import Assignment
from autograder.grade.clock import Clock
from autograder.grade.notebook_run import NotebookRun
from autograder.grade.plan import Plan
from autograder.grade.slices import slices_of
from autograder.wall.replies import StudentError
from autograder.wall.supervised import Worker

NewWorker = Callable[[], Worker]
NewContext = Callable[[Check, Worker], Context]


@dataclass
class SecondLook:
    """Looks at the checks of one submission a second time; a context manager around its workers.

    Parameters
    ----------
    assignment : Assignment
    plan : Plan
    new_worker : callable
        Forks a worker that holds the reference.
    new_context : callable
        Gives what a check runs against: the student's seed, another worker.
    """

    assignment: Assignment
    plan: Plan
    new_worker: NewWorker
    new_context: NewContext
    _rehearsals: dict[str, Traces] = field(default_factory=dict, init=False)
    """Of checks on notebook code, by name."""

    def __post_init__(self) -> None:
        self._mistaken = _Mistaken(self.new_worker, self.plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._mistaken.close()

    def at(self, item: Check, ran: CheckRun) -> CheckRun:
        """Return a run with its verdicts as they are after a second look."""
        if ran.outcome.status in ("passed", "skipped"):
            return ran
        ran = whose_mistake(ran, lambda: self._rehearsed(item))
        take = partial(self._mistaken.take, item, self.new_context)
        return recognised(ran, self.plan.known, item.name, take)

    def _rehearsed(self, item: Check) -> Traces:
        """Return what a check sees of the reference."""
        if not item.uses_notebook or item.cell is None:
            return rehearse(item, self.new_worker, self.new_context)
        if item.name not in self._rehearsals:
            self._rehearsals |= rehearse_notebook(
                self.assignment, self.plan, item, self.new_worker, self.new_context
            )
        return self._rehearsals.get(item.name, {})


def rehearse(item: Check, new_worker: NewWorker, new_context: NewContext) -> Traces:
    """Return what a check of modules sees of the reference."""
    with new_worker() as worker:
        return _traces(item, new_context(item, worker))


def rehearse_notebook(
    assignment: Assignment,
    plan: Plan,
    item: Check,
    new_worker: NewWorker,
    new_context: NewContext,
) -> dict[str, Traces]:
    """Run what a check needs of the reference's notebook, and at its cell the check.

    Returns
    -------
    traces : dict of str to Traces
        By name of the check: where all of the notebook has to run, also of its other checks.
    """
    assert item.cell is not None
    found: dict[str, Traces] = {}
    name, modules = item.cell.notebook, plan.reference.sources
    notebook = copy.deepcopy(assignment.sources[name])  # the run fills in outputs
    checks = plan.checks_of(name)
    slices = slices_of(notebook, checks, plan.asked, modules, modules)
    if slices is not None:
        checks = {item.name: item}
    at = {check.grade_id: check for check in checks.values()}

    def at_cell(worker: Worker, cell: str) -> None:
        if check := at.get(cell):
            worker.checkpoint()
            found[check.name] = _traces(check, new_context(check, worker))
            if worker.alive:
                worker.rollback()

    limits = assignment.config.limits
    clock = Clock(limits.submission_seconds)
    lines = slices.of_check[item.name] if slices else None
    NotebookRun(notebook, name, new_worker, at_cell, limits, clock, lines).run()
    return found


class _Mistaken:
    """The reference with one known mistake after the other, in one worker.

    Parameters
    ----------
    new_worker : callable
        Forks a worker that holds the reference.
    plan : Plan
    """

    def __init__(self, new_worker: NewWorker, plan: Plan) -> None:
        self._new_worker = new_worker
        self._plan = plan
        self._worker: Worker | None = None
        self._loaded: Mapping[str, bytes] = {}
        """The modules that it holds."""

    def take(
        self, item: Check, new_context: NewContext, version: Version, follow: Traces
    ) -> Traces:
        """Run the cases of a check that are to follow a submission's; each ends where it departs.

        Of a notebook's code only the definitions above the check that it needs are run: what
        it trains is not there to be compared.
        """
        if self._worker is None or not self._worker.alive:
            self._worker, self._loaded = self._new_worker(), self._plan.reference.sources
        context = replace(new_context(item, self._worker), follow=follow)
        try:
            return self._take(version, item, context)
        except StudentError:  # the mistake has ended the worker: nothing to compare
            return {}

    def _take(self, version: Version, item: Check, context: Context) -> Traces:
        worker, reference = context.worker, self._plan.reference
        modules = version.made_in(reference.sources)
        worker.change({k: text for k, text in modules.items() if text != self._loaded[k]})
        self._loaded = modules
        if item.uses_notebook and item.cell is not None:
            source = reference.definitions(item.cell, version.made, self._plan.asked[item.name])
            worker.run_cell(source, context.seconds)
            worker.checkpoint()
        traces = _traces(item, context)
        if worker.alive:
            worker.forget()
            worker.rollback()
        return traces

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


def _traces(item: Check, context: Context) -> Traces:
    return run_check(item, replace(context, explain=False)).traces
