"""Results that are something else altogether: zeros, an input, another result."""

from __future__ import annotations

import math

import numpy as np

from ..numeric import Array, relative_error
from .comparison import Comparison


def zeros(c: Comparison) -> str | None:
    """Nothing was computed, or everything masked away."""
    if c.actual.any():
        return None
    if c.actual.ndim == 0:
        return "the result is 0. Is it still to be computed, or reset before the return?"
    return "all entries are 0. Are they still to be filled in, or masked the wrong way round?"


def input_returned(c: Comparison) -> str | None:
    """The result is one of the arguments, or its negative."""
    for name, value in c.arrays():
        if value.shape != c.actual.shape or c.actual.ndim == 0:
            continue
        if c.equals(value):
            return f"this is {name}, unchanged."
        if value.dtype.kind == "f" and c.equals(-value):
            return f"this is {name} with its sign changed, and nothing else."
    return None


def other_result(c: Comparison) -> str | None:
    """The results come in another order."""
    for name, value in c.siblings.items():
        true = np.asarray(value)
        if true.dtype.kind in "biuf" and true.shape == c.actual.shape and c.equals(true):
            return f"this is what {name} should be. Are the results returned in another order?"
    return None


SAME_NUMBER = "all entries are the same number. Does each entry depend on its own input?"


def constant(c: Comparison) -> str | None:
    """All entries are the same number."""
    if c.actual.size < 2 or np.ptp(c.expected) == 0 or np.ptp(c.actual) != 0:
        return None
    return sums(c) or SAME_NUMBER


_CUT = (
    "only whole numbers: the fractions are lost. Is it stored in an integer array "
    "(np.zeros_like of integers), or divided by // ?"
)


def _has_fractions(c: Comparison) -> bool:
    return c.expected.dtype.kind in "fc" and not np.array_equal(c.expected, np.round(c.expected))


def cut_off(c: Comparison) -> str | None:
    """An integer array holds what should have fractions, be it zeros."""
    return _CUT if c.actual.dtype.kind in "iu" and c.actual.ndim and _has_fractions(c) else None


def whole_numbers(c: Comparison) -> str | None:
    """The fraction was cut off by //."""
    if not _has_fractions(c) or not np.array_equal(c.actual, np.round(c.actual)):
        return None
    cut = (np.trunc(c.expected), np.floor(c.expected), np.round(c.expected))
    found = c.actual.dtype.kind in "iu" or any(np.array_equal(c.actual, whole) for whole in cut)
    return _CUT if found else None


def counter(c: Comparison) -> str | None:
    """One whole number where another one is right: a step, a label, a size."""
    if c.expected.size != 1 or c.expected.dtype.kind not in "iu" or not c.actual.any():
        return None
    if not np.array_equal(c.actual, np.round(c.actual)):
        return None
    return "another whole number than expected. Is it counted once too often, or once too little?"


def booleans(c: Comparison) -> str | None:
    """A comparison was returned where numbers are wanted."""
    if not c.truth_values:
        return None
    return "only True and False. Is a comparison (a mask) returned instead of the values?"


def duplicated_rows(c: Comparison) -> str | None:
    """Every example got the result of one."""
    if c.actual.ndim < 2 or len(c.actual) < 2 or not np.array_equal(c.actual[1:], c.actual[:-1]):
        return None
    if np.array_equal(c.expected[1:], c.expected[:-1]):
        return None
    return "all rows are the same. Does each depend on its own example?"


def probabilities(c: Comparison) -> str | None:
    """A softmax over the wrong axis, or not divided by its sum."""
    axis = _sums_to_one(c.expected)
    if axis is None or c.expected.shape[axis] < 2 or c.single:
        return None
    for other in range(c.actual.ndim):
        if other != axis and _adds_up(c.actual, other):
            return (
                f"sums to 1 along axis {other}, not along axis {axis}: softmax over the other axis?"
            )
    if not _adds_up(c.actual, axis):
        sums = c.actual.sum(axis=axis, keepdims=True)
        with np.errstate(all="ignore"):
            normed = c.actual / sums
        if relative_error(normed, c.expected) <= 10 * c.tolerance:
            if math.isclose(c.actual.sum(), 1, rel_tol=1e-6):
                return f"divided by the sum of all entries: a sum over axis {axis} is meant."
            return "right up to a factor for each example: not divided by the sum of its entries."
    return None


def sums(c: Comparison) -> str | None:
    """Something else in the place of what sums to 1, as probabilities do."""
    axis = _sums_to_one(c.expected)
    if axis is None or c.expected.shape[axis] < 2 or _adds_up(c.actual, axis):
        return None
    return other_sums(axis)


def other_sums(axis: int) -> str:
    """Say that entries do not sum to 1 along an axis."""
    return f"expected sums of 1 along axis {axis}, got others."


def _sums_to_one(array: Array) -> int | None:
    if array.ndim < 2 or array.dtype.kind != "f" or array.min() < 0:
        return None
    return next((axis for axis in reversed(range(array.ndim)) if _adds_up(array, axis)), None)


def _adds_up(array: Array, axis: int) -> bool:
    return relative_error(array.sum(axis=axis), np.ones(array.sum(axis=axis).shape)) <= 1e-6
