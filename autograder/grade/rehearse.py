"""Run checks on the reference in place of a submission.

See `autograder.checks.second_look` and `autograder.checks.known_mistakes` for what it is good for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.checks import Check, Context, run_check
from autograder.checks.known_mistakes import KnownMistake
from autograder.checks.reference import Reference
from autograder.checks.second_look import Trace, Traces
from autograder.course.folder import Assignment
from autograder.course.notebooks import read_notebook
from autograder.grade.clock import Clock
from autograder.grade.notebook_run import NotebookRun
from autograder.wall.replies import StudentError
from autograder.wall.supervised import Worker

NewWorker = Callable[[], Worker]
NewContext = Callable[[Check, Worker], Context]


def rehearse(item: Check, new_worker: NewWorker, new_context: NewContext) -> Traces:
    """Run a check of modules on the reference.

    Parameters
    ----------
    item : Check
    new_worker : callable
        Forks a worker that holds the reference.
    new_context : callable
        Gives what the check runs against: the student's seed, another worker.
    """
    with new_worker() as worker:
        return _run(item, new_context(item, worker))


def rehearse_notebook(
    assignment: Assignment,
    name: str,
    checks: Mapping[str, Check],
    new_worker: NewWorker,
    new_context: NewContext,
) -> dict[str, Traces]:
    """Run the reference's notebook, and at their cells the checks on its code.

    Returns
    -------
    traces : dict of str to Traces
        By name of the check.
    """
    found: dict[str, Traces] = {}

    def at_cell(worker: Worker, cell: str) -> None:
        if cell in checks:
            worker.checkpoint()
            found[cell] = _run(checks[cell], new_context(checks[cell], worker))
            if worker.alive:
                worker.rollback()

    notebook = read_notebook(assignment.source / f"{name}.ipynb")
    limits = assignment.config.limits
    clock = Clock(limits.submission_seconds)
    NotebookRun(notebook, name, new_worker, at_cell, limits, clock).run()
    return found


class Mistaken:
    """The reference with one known mistake after the other, in one worker.

    Parameters
    ----------
    new_worker : callable
        Forks a worker that holds the reference.
    reference : Reference
    environment : dict of str to str
        Variables that its code sees.
    """

    def __init__(
        self, new_worker: NewWorker, reference: Reference, environment: Mapping[str, str]
    ) -> None:
        self._new_worker = new_worker
        self._reference = reference
        self._environment = environment
        self._worker: Worker | None = None

    def take(
        self, mistake: KnownMistake, item: Check, follow: Traces, new_context: NewContext
    ) -> Traces:
        """Run a check; each case ends where it departs from a submission's trace.

        Of a notebook's code only the definitions above the check are run: what it trains is
        not there to be compared.
        """
        if self._worker is None or not self._worker.alive:
            self._worker = self._new_worker()
        context = replace(new_context(item, self._worker), follow=follow)
        try:
            return self._take(mistake, item, context)
        except StudentError:  # the mistake has ended the worker: nothing to compare
            return {}

    def _take(self, mistake: KnownMistake, item: Check, context: Context) -> Traces:
        worker = context.worker
        modules = mistake.made_in(self._reference.sources)
        worker.load(modules, self._environment, figures=False, executor="inprocess")
        if item.uses_notebook and item.cell is not None:
            source = self._reference.definitions(item.cell, mistake.made)
            worker.run_cell(source, context.seconds)
            worker.checkpoint()
        traces = _run(item, context)
        if worker.alive:
            worker.forget()
            worker.rollback()
        return traces

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


def _run(item: Check, context: Context) -> Traces:
    traces: dict[str, Trace] = {}
    plain = replace(context, rehearse=None, take_with_mistakes=None, explain=False, traces=traces)
    run_check(item, plain)
    return traces
