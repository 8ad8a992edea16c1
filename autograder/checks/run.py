"""Running one check: from a worker and a seed to its outcome and what it saw."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.checks.carried import StandIn, Unjudged
from autograder.checks.handle import Handle, dotted
from autograder.checks.kept import Kept
from autograder.checks.known_mistakes import agrees
from autograder.checks.outcome import CaseRun, CheckRun, Outcome, Trace, Traces, charged_once
from autograder.checks.reference import Reference, parameter_names
from autograder.checks.registry import Check
from autograder.checks.session import Call, Departed, Misused, NotSet, Session
from autograder.checks.student import Student, notebook_handle
from autograder.errors import InstructorError
from autograder.kit.explain import ONLY_THESE, explain_error
from autograder.results import Status
from autograder.wall.keyboard import keyboard
from autograder.wall.replies import StudentError
from autograder.wall.supervised import Worker
from autograder.wire import NotPlain

_COUNTED = {0: "first", 1: "second", 2: "third", 3: "fourth"}
DEADLY = ("timeout", "memory", "crash")
"""What ends the worker: a function that did so is not called again."""
DRAWS = 20
"""How often inputs are drawn again that lie at a kink."""


class Failed(Exception):
    """What the student's code did is not what the check expects.

    Parameters
    ----------
    explanations : list of str
    fraction : float
        Share of the points that is earned all the same.
    """

    def __init__(self, *explanations: str, fraction: float = 0.0) -> None:
        super().__init__(*explanations)
        self.explanations = list(explanations)
        if not 0 <= fraction <= 1:
            raise ValueError(f"fraction: expected a number from 0 to 1, got {fraction}")
        self.fraction = fraction


class DrawAgain(Exception):
    """The inputs drawn lie at a kink, where no numeric gradient can judge, or show nothing."""


@dataclass
class Context:
    """What a check runs against.

    Parameters
    ----------
    worker : Worker
        With the student's modules; for a check on notebook code, in the state
        of its grade cell.
    reference : Reference
    modules : collection of str
        The assignment's modules, dotted, as ``cs_lib.layers``.
    seed : int
        The seed of this check for this student and work.
    seconds : float
        Time that the student's code may take in this check.
    outcomes : dict of str to Outcome
        The checks that ran before.
    reference_worker : callable, optional
        Forks a worker that holds the reference's modules, for checks of speed.
    follow : dict of str to Trace
        By case, what a submission gave: these cases run, each up to where the worker departs.
    explain : bool
        Whether a failure is explained; the verdict is the same without.
    course_seed : int
        The seed of this check for all students.
    """

    worker: Worker
    reference: Reference
    modules: Collection[str]
    seed: int
    seconds: float
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    reference_worker: Callable[[], AbstractContextManager[Worker]] | None = None
    follow: Traces = field(default_factory=dict)
    explain: bool = True
    course_seed: int = 0


@dataclass
class Run:
    """The run of one case, as the expectations see it."""

    check: Check
    context: Context
    session: Session
    rng: np.random.Generator
    course_rng: np.random.Generator
    warnings: list[str] = field(default_factory=list)
    raised: str = ""
    """What the student's code raised that ended it."""
    doubt: BaseException | None = None
    """What ended it, where it may be the check's mistake or the student's."""

    def warn(self, text: str) -> None:
        """Tell the student once what costs no points."""
        if text not in self.warnings:
            self.warnings.append(text)


_current: ContextVar[Run] = ContextVar("run")


def current_run() -> Run:
    """Return the run of the check that is being run."""
    return _current.get()


def run_check(item: Check, context: Context) -> CheckRun:
    """Run one check.

    The student's mistakes, exceptions, hangs and crashes are outcomes; so is a
    mistake in the check itself, with status ``error``: it stays one unless a second
    look (`autograder.checks.second_look`) finds it to be the student's.
    """
    begin = time.perf_counter()
    failed = _failed_before(item, context)
    hopeless = any(context.outcomes[name].cause in DEADLY for name in failed)
    if hopeless and not item.carry_forward:
        return CheckRun(blocked=_waiting(failed))
    stand_ins, problem = _stand_ins(item, context, call_own=not hopeless) if failed else ({}, None)
    if problem is not None:
        return CheckRun(blocked=problem)
    kept = Kept(context.worker.most_answer_bytes)
    legacy = np.random.get_state()
    try:
        cases = {
            name: _run_case(item, name, index, context, stand_ins, kept)
            for index, name in enumerate(item.cases or [""])
            if not context.follow or name in context.follow
        }
    finally:
        np.random.set_state(legacy)
    outcomes = charged_once({k: case.outcome for k, case in cases.items()}, context.outcomes)
    found = CheckRun(cases, time.perf_counter() - begin).judged(outcomes)
    if failed and not stand_ins and found.outcome.status == "failed":
        return replace(found, blocked=replace(_waiting(failed), functions=found.outcome.functions))
    return found if stand_ins else _built_on(found, failed)


def _failed_before(item: Check, context: Context) -> list[str]:
    """Return the checks that this one builds on and that have not passed."""
    return [
        name
        for name in item.requires
        if name in context.outcomes and context.outcomes[name].status != "passed"
    ]


def _built_on(ran: CheckRun, failed: Sequence[str]) -> CheckRun:
    """Name what to correct first before all else that is said of the cases that failed."""
    if not failed:
        return ran
    first = f"it builds on {', '.join(failed)}: correct what is said there first."
    outcomes = {name: case.outcome for name, case in ran.cases.items()}
    return ran.judged(
        {
            name: replace(outcome, explanations=[first, *outcome.explanations])
            for name, outcome in outcomes.items()
            if outcome.status in ("failed", "partial")
        }
    )


def _waiting(failed: Sequence[str]) -> Outcome:
    waits = f"it builds on {', '.join(failed)}, which must pass first."
    return Outcome(0.0, "skipped", "prerequisite", [waits])


def _stand_ins(
    item: Check, context: Context, *, call_own: bool
) -> tuple[Mapping[str, StandIn], Outcome | None]:
    found: dict[str, StandIn] = {}
    for name in item.carry_forward:
        function = context.reference.function(name)
        if function is None:
            problem = f"{item.place}, {item.name}: carry_forward: no reference function {name}."
            return {}, Outcome(0.0, "error", None, [problem])
        found[name] = StandIn(function, call_own)
    return found, None


def _run_case(
    item: Check,
    name: str,
    index: int,
    context: Context,
    substitutes: Mapping[str, StandIn],
    kept: Kept,
) -> CaseRun:
    for draw in range(DRAWS):
        follows = partial(agrees, context.follow[name]) if name in context.follow else None
        session = Session(
            context.worker, context.seconds, substitutes, context.reference.function, follows,
            kept=kept,
        )  # fmt: skip
        seeds = ([seed, index, draw] for seed in (context.seed, context.course_seed))
        rng, course_rng = map(np.random.default_rng, seeds)
        run = Run(item, context, session, rng, course_rng)
        token = _current.set(run)
        np.random.seed(context.seed % 2**32)
        try:
            outcome = _attempt(item, name, run)
        except DrawAgain:
            continue
        finally:
            _current.reset(token)
        if kept.cut and outcome.status != "passed":
            run.warn(kept.note)
        outcome = replace(outcome, warnings=run.warnings, functions=session.called)
        trace = Trace(outcome.status == "passed", session.given, run.raised)
        return CaseRun(outcome, trace, run.doubt)
    return CaseRun(Outcome(0.0, "error", None, [_kinked(item, name)]), Trace(False))


def _kinked(item: Check, case: str) -> str:
    where = f"{item.place}, {item.name}{f', case {case}' if case else ''}"
    return (
        f"{where}: the reference's own gradient disagrees with its differences in {DRAWS} draws. "
        "Correct the reference, or draw inputs away from kinks."
    )


def _attempt(item: Check, name: str, run: Run) -> Outcome:
    values = _arguments(item, run) | dict(item.cases.get(name, {}))
    try:
        with keyboard() as pressed:
            return _passed(item, run, values)
    except DrawAgain:
        raise
    except Departed:
        return Outcome(0.0, "failed")
    except Unjudged as unjudged:
        return Outcome(0.0, "skipped", "prerequisite", [str(unjudged)])
    except Failed as failed:
        _changed_arguments(item, run, only_warn=True)
        status: Status = "partial" if failed.fraction > 0 else "failed"
        error = failed.__cause__
        raised = places(error, run.context) if isinstance(error, StudentError) else ()
        return Outcome(failed.fraction, status, None, failed.explanations, raised=raised)
    except Misused as error:
        run.raised, run.doubt = _first_line(error), error
        return Outcome(0.0, "failed", error.cause, _told(error, run.context))
    except StudentError as error:
        run.raised, told = _first_line(error), _told(error, run.context)
        return Outcome(0.0, "failed", error.cause, told, raised=places(error, run.context))
    except BaseException as error:  # a check may end itself, not the run
        if pressed():
            raise
        where = _located(item, error)
        # Without its frames, which hold whatever the check had in hand.
        run.doubt = None if isinstance(error, InstructorError) else error.with_traceback(None)
        return Outcome(0.0, "error", None, [where])


def _passed(item: Check, run: Run, values: Mapping[str, Any]) -> Outcome:
    """Run the check's function; whatever is wrong is raised."""
    run.session.worker.seed(run.context.seed % 2**32)
    try:
        with np.errstate(all="ignore"):  # a wrong result may overflow what is computed from it
            try:
                item.function(**{key: values[key] for key in item.arguments})
            finally:
                run.session.settle()
    except NotSet as late:
        raise late.error from None
    _changed_arguments(item, run)
    return Outcome(1.0, "passed")


def _first_line(error: StudentError) -> str:
    """Return an exception's text without the student's own lines below it."""
    return error.message.partition("\n")[0]


def _in_the_package(error: StudentError, modules: Collection[str]) -> str:
    """Say where a module lies that was imported by its name alone."""
    missing = re.match(r"ModuleNotFoundError: No module named '([\w.]+)'", error.message)
    for module in modules:
        if missing and module.endswith(f".{missing[1]}"):
            return f"It lies in the package: write {module}, as in `from {module} import …`."
    return ""


def places(error: StudentError, context: Context) -> tuple[str, ...]:
    """Return what is the same where an exception comes again: its type and the lines it passed.

    Which given module has called the student's function is another each time.
    """
    if error.cause != "exception" or not error.in_own_code:
        return ()
    lines = error.message.split("\n")[1:]
    files = tuple(f"  {file}, line " for file in context.reference.taken)
    own = [line for line in lines if line.startswith((*files, "  notebook cell "))]
    return ("\n".join([error.exception, *(own or lines)]),)


def _told(error: StudentError, context: Context) -> list[str]:
    """Say what a student's exception means, after its text and their own lines."""
    hint = _in_the_package(error, context.modules)
    hint = hint or explain_error(error.exception, error.message)
    if hint.endswith(ONLY_THESE):
        hint += f" Those are {', '.join(context.reference.taken)}."
    return [f"{error.message}\n{hint}" if hint else error.message]


def _arguments(item: Check, run: Run) -> dict[str, Any]:
    student = Student(run.session, run.context.modules)
    notebook = notebook_handle(run.session)
    reference = run.context.reference.view(item.cell)
    return {
        "student": student,
        "notebook": notebook,
        "reference": reference,
        "rng": run.rng,
        "course_rng": run.course_rng,
    }


def stand_in_of(function: Handle) -> StandIn | None:
    """Return what answers the calls of a function that is carried forward, None for others."""
    found = current_run().session.substitutes.get(dotted(function._remote))
    return found if isinstance(found, StandIn) else None


def reference_of(function: Handle) -> Callable[..., Any] | None:
    """Return the reference's function of the same name, None if there is none."""
    remote, run = function._remote, current_run()
    if remote.root.startswith("module:"):
        return run.context.reference.function(dotted(remote))
    # An answer has numbers alone (autograder.wall.handles): a name is one that was asked for.
    if remote.root == "notebook" and run.check.cell is not None and len(remote.path) == 1:
        try:
            found = run.context.reference.defined(run.check.cell, str(remote.path[0][1]))
        except KeyError:
            return None
        return found if callable(found) else None
    return None


def argument_names(call: Call) -> list[str]:
    """Return what the reference calls the arguments of a function or method."""
    function = reference_of(call.function)
    if function is None:
        owner, name = current_run().session.owner(call.function)
        path = f"{owner.path}.{name}"
        function = current_run().context.reference.function(path) if owner.path and name else None
    names = parameter_names(function)
    return names + [f"its {_COUNTED.get(i, i + 1)} argument"
                    for i in range(len(names), len(call.arguments))]  # fmt: skip


def _changed_arguments(item: Check, run: Run, *, only_warn: bool = False) -> None:
    """Warn of arrays that a call modified in place, or fail where the check forbids it."""
    for call in run.session.calls:
        for argument in call.changed:
            text = f"{call.label}: changes {_named(call, argument)} in place. Work on a copy."
            if item.pure and not only_warn:
                raise Failed(text)
            run.warn(text)


def _named(call: Call, argument: str | int) -> str:
    """Say what to call an argument of a call."""
    name = argument if isinstance(argument, str) else argument_names(call)[argument]
    return name if name.startswith("its ") else f"its argument {name}"


def _located(item: Check, error: BaseException) -> str:
    """Say where in the checks an exception came from."""
    text = str(error) if isinstance(error, InstructorError) else f"{type(error).__name__}: {error}"
    if isinstance(error, NotPlain):
        text = f"an argument of a student's function cannot cross the wall: {error}"
    return f"{item.raised_at(error)}, {item.name}: {text}"
