"""The right values in the wrong places."""

from __future__ import annotations

import itertools

import numpy as np

from .comparison import Comparison


def transposed(c: Comparison) -> str | None:
    """Axes of equal length exchanged."""
    if c.single or c.expected.ndim < 2 or c.expected.ndim > 5:
        return None
    for order in itertools.permutations(range(c.expected.ndim)):
        if list(order) != sorted(order) and c.equals(c.expected.transpose(order)):
            if c.expected.ndim == 2:
                return "right but transposed."
            return f"right, with its axes in another order, as after .transpose{order}."
    return None


def flipped(c: Comparison) -> str | None:
    """An axis runs backwards, as in a true convolution."""
    if c.single:
        return None
    for count in range(1, min(c.expected.ndim, 4) + 1):
        for axes in itertools.combinations(range(c.expected.ndim), count):
            if c.equals(np.flip(c.expected, axes)):
                named = ", ".join(map(str, axes))
                return f"right, but in reverse order along axis {named}."
    return None


def shifted(c: Comparison) -> str | None:
    """All entries one place too far."""
    if c.single:
        return None
    for axis in range(min(c.expected.ndim, 4)):
        length = c.expected.shape[axis]
        for step, direction in ((1, "late"), (-1, "early")):
            mine, true = np.moveaxis(c.actual, axis, 0), np.moveaxis(c.expected, axis, 0)
            if length < 4 or not np.ptp(true, axis=0).any():
                continue
            a, e = (mine[1:], true[:-1]) if step == 1 else (mine[:-1], true[1:])
            if np.allclose(a, e, rtol=1e-6, atol=1e-6 * c.scale):
                return f"right, but one place too {direction} along axis {axis}."
    return None


def reshaped(c: Comparison) -> str | None:
    """Read out in column-major instead of row-major order, or the other way round."""
    if c.single or c.expected.ndim < 2:
        return None
    shape = c.expected.shape
    flat = (c.expected.reshape(-1), c.expected.reshape(shape[0], -1))
    candidates = [rows.reshape(shape, order="F") for rows in flat]
    candidates.append(c.expected.reshape(-1, order="F").reshape(shape))
    if any(map(c.equals, candidates)):
        return "right values, laid out in another order. Does a reshape go by columns (order='F')?"
    return None


def permuted(c: Comparison) -> str | None:
    """The same rows, or the same entries, in another order."""
    if c.single or c.expected.dtype.kind not in "iuf" or not np.isfinite(c.actual).all():
        return None
    close = 1e-9 * max(c.scale, 1e-300)
    mine, true = np.sort(c.actual, axis=None), np.sort(c.expected, axis=None)
    if not np.allclose(mine, true, rtol=1e-9, atol=close):
        return None
    if c.expected.ndim > 1 and _same_rows(c):
        return "the right rows in another order. Were examples shuffled or sorted on the way?"
    if (np.diff(c.actual.ravel()) >= 0).all() or (np.diff(c.actual.ravel()) <= 0).all():
        return "the right values, but sorted."
    return "the right values in another order. Is an axis or a reshape mixed up?"


def _same_rows(c: Comparison) -> bool:
    rows = [array.reshape(len(array), -1) for array in (c.actual, c.expected)]
    mine, true = (array[np.lexsort(array.T)] for array in rows)
    return bool(np.allclose(mine, true, rtol=1e-6, atol=1e-9 * c.scale))
