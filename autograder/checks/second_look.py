"""Whose mistake is an exception in a check? The check is run again on the reference to find out.

Where it goes wrong there, too, the check is at fault. Where it passes, it has
tripped over what the student's code gave it: most likely the last value that is
of another form than the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder.checks.handle import opaque
from autograder.checks.kept import CUT
from autograder.checks.outcome import CaseRun, CheckRun, Outcome, Trace, Traces
from autograder.checks.session import Given, Misused
from autograder.kit.explain import compare
from autograder.kit.explain.compare import FINITE


def whose_mistake(ran: CheckRun, rehearse: Callable[[], Traces]) -> CheckRun:
    """Decide each case that ended in doubt, by what the same check saw of the reference.

    Parameters
    ----------
    rehearse : callable
        Runs the check on the reference, with the same seed.
    """
    if all(case.doubt is None for case in ran.cases.values()):
        return ran
    truth = rehearse()
    return ran.judged(
        {
            name: _judged(case, case.doubt, truth[name])
            for name, case in ran.cases.items()
            if case.doubt is not None and name in truth and truth[name].passed
        }
    )


def _judged(case: CaseRun, doubt: BaseException, truth: Trace) -> Outcome:
    if isinstance(doubt, Misused):
        why = other_form(case.trace.given, truth.given)
        return case.outcome if why is None else replace(case.outcome, explanations=[why])
    why = tripped_over(case.trace.given, truth.given, doubt)
    return replace(case.outcome, status="failed", cause="exception", explanations=[why])


def tripped_over(mine: Sequence[Given], true: Sequence[Given], error: BaseException) -> str:
    """Say over which of the student's values a check has tripped.

    Of the exception only its type is told: its text may hold what the check expects.

    Parameters
    ----------
    mine, true : sequence of Given
        What student and reference gave the same check.
    error : BaseException
        What the check raised.
    """
    if (why := other_form(mine, true)) is not None:
        return why
    label = mine[-1].label if mine else "your code"
    return (
        f"{label}: what it gives cannot be used as the hand-out describes "
        f"({type(error).__name__}). Compare its values with the docstring; if they are right, "
        "show this to the staff."
    )


def other_form(mine: Sequence[Given], true: Sequence[Given]) -> str | None:
    """Say which of the student's values is the last of another form than the reference's.

    Form is type, number, keys, shape and finiteness. None where all are alike.
    """
    for given, wanted in reversed(list(zip(mine, true, strict=False))):
        if given.value is CUT or wanted.value is CUT:
            continue
        parts = compare(opaque(given.value), opaque(wanted.value), tolerance=FINITE)
        wrong = next((part for part in parts if part.problem), None)
        if wrong is not None:
            return ": ".join(text for text in (given.label, wrong.name, wrong.problem) if text)
    return None
