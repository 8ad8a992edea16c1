"""A worker with the reference in it, whose functions can be exchanged for mutants."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from autograder.audit import dishonest, inside
from autograder.audit.targets import Target
from autograder.checks import Check, Context, Outcome, run_check
from autograder.errors import AutograderError
from autograder.grade.submission import Grader
from autograder.wall.replies import StudentError
from autograder.wall.supervised import Worker
from autograder.wire import Remote

_HELPERS = (inside, dishonest)
"""What goes into the worker, each under its own name with `_audit_` before it."""
_LOAD = """
import types as _types
{name} = _types.ModuleType("{name}")
exec({source!r}, {name}.__dict__)
{name}.names = globals()
"""
CELL_SECONDS = 300.0
"""The reference's own cells may train."""


class Bench:
    """A worker that holds the reference, in the state before some cell of a notebook.

    Parameters
    ----------
    grader : Grader
    sources : sequence of str
        Notebook cells that have run.
    """

    def __init__(self, grader: Grader, sources: Sequence[str] = ()) -> None:
        self.grader = grader
        self.sources = list(sources)
        self.seconds = grader.assignment.config.limits.check_seconds
        self._worker: Worker | None = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def discard(self) -> None:
        """Give up the worker; the next one starts afresh."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def worker(self) -> Worker:
        """Return the worker, a new one if the last has died."""
        if self._worker is None or not self._worker.alive:
            self.discard()
            self._worker = self.grader.reference_worker()
            loads = (
                _LOAD.format(name=_name(helper), source=inspect.getsource(helper))
                for helper in _HELPERS
            )
            for source in [*self.sources, *loads]:
                self._run(self._worker, source)
        return self._worker

    def advance(self, source: str) -> None:
        """Run one more cell of the notebook."""
        if self._worker is not None and self._worker.alive:
            self._run(self._worker, source)
        self.sources.append(source)

    def _run(self, worker: Worker, source: str) -> None:
        run = worker.run_cell(source, CELL_SECONDS)
        if run.status != "ok" and source.startswith("\nimport types as _types"):
            raise AutograderError(f"audit: expected its helper to load, got: {run.error}.")

    def ask(self, name: str, *args: Any, of: ModuleType = inside) -> Any:
        """Call a function of `inside`, or of another helper, in the worker."""
        worker, helper = self.worker(), Remote("notebook").attribute(_name(of))
        with worker.time_limit(CELL_SECONDS):
            return worker.call(helper.attribute(name), args)

    def try_cell(self, source: str) -> bool:
        """Run code that may fail; say whether it went through."""
        return self.worker().run_cell(source, CELL_SECONDS).status == "ok"

    @contextmanager
    def patched(self, target: Target, source: str) -> Iterator[None]:
        """Exchange a function while the block runs."""
        self.ask("patch", module_of(target), target.name, source)
        try:
            yield
        finally:
            if self.worker().alive:
                self._restore()

    def _restore(self) -> None:
        try:
            self.ask("restore")
        except StudentError:
            self.discard()

    def outcome(
        self,
        check: Check,
        seed: int,
        *,
        explain: bool = False,
        seconds: float = 0.0,
        before: Mapping[str, Outcome] | None = None,
        course_seed: int | None = None,
    ) -> Outcome:
        """Run one check; what it sets in the notebook is undone.

        It knows only of the checks ``before``; without them, all that it requires has passed.
        What is the same for all students is drawn with ``course_seed``, or else with ``seed``.
        """
        worker = self.worker()
        if check.uses_notebook:
            worker.checkpoint()
        context = Context(
            worker=worker,
            reference=self.grader.plan.reference,
            modules=self.grader.plan.modules,
            seed=seed,
            course_seed=seed if course_seed is None else course_seed,
            seconds=seconds or self.seconds,
            outcomes=before or {},
            reference_worker=self.grader.reference_worker,
            explain=explain,
        )
        outcome = run_check(check, context).outcome
        if worker.alive:
            try:
                worker.forget()
                if check.uses_notebook:
                    worker.rollback()
            except StudentError:
                self.discard()
        return outcome


def _name(helper: ModuleType) -> str:
    return f"_audit_{helper.__name__.rpartition('.')[2]}"


def module_of(target: Target) -> str:
    """Return the module of a target, "" for one in a notebook."""
    return "" if target.in_notebook else target.place
