"""Run checks on the reference in place of a submission; see `autograder.checks.rehearsal`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.cells import read_notebook
from autograder.checks import Check, Context, run_check
from autograder.checks.rehearsal import Rehearsal, Rehearsals
from autograder.course import Assignment
from autograder.execute import NotebookRun
from autograder.supervise import Worker

NewWorker = Callable[[], Worker]
NewContext = Callable[[Check, Worker], Context]


def rehearse(item: Check, new_worker: NewWorker, new_context: NewContext) -> Rehearsals:
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
) -> dict[str, Rehearsals]:
    """Run the reference's notebook, and at their cells the checks on its code.

    Returns
    -------
    rehearsals : dict of str to Rehearsals
        By name of the check.
    """
    found: dict[str, Rehearsals] = {}

    def at_cell(worker: Worker, cell: str) -> None:
        if cell in checks:
            worker.checkpoint()
            found[cell] = _run(checks[cell], new_context(checks[cell], worker))
            if worker.alive:
                worker.rollback()

    notebook = read_notebook(assignment.source / f"{name}.ipynb")
    limits = assignment.config.limits
    deadline = time.monotonic() + limits.submission_seconds
    NotebookRun(notebook, name, new_worker, at_cell, limits, deadline).run()
    return found


def _run(item: Check, context: Context) -> Rehearsals:
    rehearsals: dict[str, Rehearsal] = {}
    run_check(item, replace(context, rehearse=None, rehearsals=rehearsals))
    return rehearsals
