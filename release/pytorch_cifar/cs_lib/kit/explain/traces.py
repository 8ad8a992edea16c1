"""A training that goes another way than the reference's."""

from __future__ import annotations

import numpy as np

from ..numeric import Array, entry_errors
from .content import SAME_NUMBER

_NOT_FINITE = "not finite from entry {} on. Is a logarithm of 0 taken, or a step too long?"
_CONSTANT = "never changes. Are the parameters updated, and the updated ones used?"
_WRONG_WAY = "goes the wrong way. Look at the sign of the step."


def explain_trace(actual: Array, expected: Array, tolerance: float) -> str:
    """Say where and how two traces of the same length part.

    Parameters
    ----------
    actual, expected : ndarray of float64, shape (steps,)
    tolerance : float
        On each entry; at least one entry is off by more.
    """
    wrong = ~(entry_errors(actual, expected) <= tolerance)
    first = int(np.argmax(wrong))
    if not np.isfinite(actual[first]) and np.isfinite(expected[first]):
        return _NOT_FINITE.format(first)
    if actual.size > 1 and np.ptp(actual) == 0:
        return _CONSTANT
    for reason in (_shifted, _opposite, _rescaled):
        if (why := reason(actual, expected, tolerance)) is not None:
            return why
    if first == 0:
        return (
            "differs from the first entry on: before any step counts. "
            "Look at the start values, the loss and the data."
        )
    return (
        f"as expected up to entry {first - 1}, then it differs: "
        f"{_direction(actual, expected, first)}. Look at the update."
    )


def explain_end(trace: Array, *, falls: bool) -> str | None:
    """Say why a trace may not end where it should, where no right one is known.

    Parameters
    ----------
    trace : ndarray of float64, shape (steps,)
    falls : bool
        Whether it is to fall, as a loss does, or to rise.
    """
    if trace.ndim != 1 or trace.size < 2:
        return None
    finite = np.isfinite(trace)
    if not finite.all():
        return _NOT_FINITE.format(int(np.argmin(finite)))
    if np.ptp(trace) == 0:
        return _CONSTANT if falls else SAME_NUMBER  # an accuracy comes of predictions
    return _WRONG_WAY if (trace[-1] > trace[0]) == falls else None


def _shifted(actual: Array, expected: Array, tolerance: float) -> str | None:
    if actual.size < 3 or np.ptp(expected) == 0:
        return None
    if (entry_errors(actual[1:], expected[:-1]) <= tolerance).all():
        return "right, but each entry comes one late. Is it recorded before the step?"
    if (entry_errors(actual[:-1], expected[1:]) <= tolerance).all():
        return "right, but each entry comes one early. Is it recorded after the step?"
    return None


def _opposite(actual: Array, expected: Array, tolerance: float) -> str | None:
    if actual.size < 2:
        return None
    if (expected[-1] - expected[0]) * (actual[-1] - actual[0]) < 0:
        return _WRONG_WAY
    return None


def _rescaled(actual: Array, expected: Array, tolerance: float) -> str | None:
    """One entry tells no factor; a whole trace off by one is a sum for a mean."""
    if not expected.any() or not np.isfinite(actual).all():
        return None
    factor = float(actual @ expected / (expected @ expected))
    if factor and (entry_errors(actual, factor * expected) <= tolerance).all():
        return "right up to a factor. Is it a sum where a mean is wanted, or the other way round?"
    return None


def _direction(actual: Array, expected: Array, first: int) -> str:
    mine, true = actual[first] - actual[first - 1], expected[first] - expected[first - 1]
    if mine == 0:
        return "it stands still"
    if mine * true < 0:
        return "it goes the other way"
    return "it goes too far" if abs(mine) > abs(true) else "it goes less far"
