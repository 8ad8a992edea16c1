"""Expectations on training: a trace of losses, and what it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checks.expect.basics import find_call, judge
from autograder.checks.handle import opaque
from autograder.checks.run import Failed, current_run
from autograder.kit.explain import compare
from autograder.kit.explain.compare import FINITE
from autograder.kit.explain.traces import explain_trace
from autograder.kit.numeric import Array, entry_errors


def expect_training(
    trace: Any,
    *,
    true_trace: Sequence[float] | Array | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
    name: str = "loss",
    tolerance: float = 1e-6,
) -> None:
    """Expect a training to go as the reference's, or to get somewhere.

    Parameters
    ----------
    trace : list of float or ndarray, shape (steps,)
        Loss or accuracy after each step or epoch.
    true_trace : list of float or ndarray, shape (steps,), optional
        The reference's trace, from the same start on the same data.
    at_most, at_least : float, optional
        What the last entry must reach, as the hand-out says.
    name : str
        What the trace is of: ``loss``, ``accuracy``.
    tolerance : float
        On each entry of the trace; the errors of rounding grow with the steps.

    Raises
    ------
    Failed
    """
    call = find_call(trace)
    label = f"{call.label}: {name}" if call else name
    numbers = _as_numbers(trace, true_trace, label)
    if true_trace is not None:
        true = np.asarray(true_trace, dtype=np.float64)
        if not np.max(entry_errors(numbers, true), initial=0.0) <= tolerance:
            explained = current_run().context.explain
            why = explain_trace(numbers, true, tolerance) if explained else "wrong."
            raise Failed(f"{label}: {why}")
    _expect_reached(numbers, at_most, at_least, label)


def _as_numbers(trace: Any, true_trace: Any, label: str) -> Array:
    """Return the trace as numbers, after its form has been found right."""
    plain = opaque(trace)
    length = len(true_trace) if true_trace is not None else _length(plain)
    parts = compare(plain, [0.0] * length, tolerance=FINITE)
    if parts[0].problem is not None and true_trace is None:
        judge(label, parts)
    if isinstance(plain, (list, tuple, np.ndarray)) and len(plain) == length:
        return np.asarray(plain, dtype=np.float64)
    judge(label, parts)
    raise AssertionError("a trace of another form has been found right")


def _length(trace: Any) -> int:
    return len(trace) if isinstance(trace, (list, tuple, np.ndarray)) and np.ndim(trace) else 1


def _expect_reached(
    numbers: Array, at_most: float | None, at_least: float | None, label: str
) -> None:
    last = numbers[-1] if numbers.size else np.nan
    if at_most is not None and not last <= at_most:
        wanted = f"at most {at_most:g}"
    elif at_least is not None and not last >= at_least:
        wanted = f"at least {at_least:g}"
    else:
        return
    if not np.isfinite(last):
        raise Failed(f"{label}: expected {wanted} in the end, got a number that is not finite.")
    moved = "it never changes" if np.ptp(numbers) == 0 else f"got {last:.3g}"
    raise Failed(f"{label}: expected {wanted} in the end, {moved}.")
