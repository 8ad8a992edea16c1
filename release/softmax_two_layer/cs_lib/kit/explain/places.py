"""Where the wrong entries are."""

from __future__ import annotations

import math

import numpy as np

from ..numeric import Array
from .comparison import Comparison


def at_labels(c: Comparison) -> str | None:
    """Right but at the correct classes, or only there."""
    if c.expected.ndim != 2 or c.single:
        return None
    for name, value in c.arrays():
        for wrong, axis in ((~c.right, 0), (~c.right.T, 1)):
            if value.dtype.kind not in "iu" or value.shape != wrong.shape[:1] or wrong.shape[1] < 2:
                continue
            if value.min() < 0 or value.max() >= wrong.shape[1]:
                continue
            at = np.zeros(wrong.shape, dtype=bool)
            at[np.arange(len(value)), value] = True
            cells = "row" if axis == 0 else "column"
            if wrong[at].all() and not wrong[~at].any():
                return (
                    f"wrong only at the correct class {name} of each {cells}. "
                    "Is the 1 subtracted there?"
                )
            if wrong[~at].all() and not wrong[at].any():
                return (
                    f"right only at the correct class {name} of each {cells}; the others are wrong."
                )
    return None


def set_at_labels(c: Comparison) -> str | None:
    """Right but at the correct classes, where all entries are one number: -1, or -1/N."""
    if c.expected.ndim != 2 or c.single or c.right.all():
        return None
    for name, y in c.arrays():
        if y.dtype.kind not in "iu" or y.shape != c.right.shape[:1]:
            continue
        if y.min() < 0 or y.max() >= c.right.shape[1]:
            continue
        at = np.zeros(c.right.shape, dtype=bool)
        at[np.arange(len(y)), y] = True
        if c.right[~at].all() and c.actual[at].max() == c.actual[at].min() < 0:
            return (
                f"wrong only at the correct class {name} of each row, where it is always the same. "
                "Is it set to -1 (=), where 1 is to be subtracted (-=)?"
            )
    return None


def by_sign_of_input(c: Comparison) -> str | None:
    """Wrong exactly where an input is negative, or positive."""
    wrong = ~c.right
    if c.single or wrong.sum() < 2 or wrong.all():
        return None
    for name, value in c.arrays():
        if value.shape != wrong.shape or value.dtype.kind != "f":
            continue
        for side, mask, other in (
            ("negative", value < 0, value > 0),
            ("positive", value > 0, value < 0),
        ):
            # Of an input without a sign, such as a sum of squares, it is no matter of signs.
            if not other.any() or not np.array_equal(wrong, mask):
                continue
            if c.gated():
                why = " Is a mask missing, or taken the wrong way round?"
                return f"wrong only where {name} is {side}.{why}"
            if 2 * len(c.inputs) / math.comb(wrong.size, int(wrong.sum())) <= CHANCE:
                return f"wrong only where {name} is {side}."
    return None


CHANCE = 0.02
"""A pattern that chance makes more often than this tells no cause."""


def by_size_of_input(c: Comparison) -> str | None:
    """Wrong exactly where an input is largest, smallest or either: clipped, overflown, rounded."""
    wrong = ~c.right
    count = int(wrong.sum())
    if c.single or wrong.all() or (count + 3) / math.comb(wrong.size, count) > CHANCE:
        return None
    where = _extreme(c)
    if where is None:
        return None
    return f"right but where {where}. Is it clipped, or does something overflow or round off there?"


def _extreme(c: Comparison) -> str | None:
    """Say of which input the wrong entries are the largest or smallest, as ``x is largest``."""
    wrong = ~c.right
    if wrong.sum() > wrong.size / 2:
        return None
    for name, value in c.arrays():
        if value.shape != wrong.shape or value.dtype.kind != "f" or value.size < 3:
            continue
        outside, inside = value[wrong], value[~wrong]
        high, low = outside > inside.max(), outside < inside.min()
        if (high | low).all():
            which = "largest or smallest" if high.any() and low.any() else "largest"
            return f"{name} is {which if high.any() else 'smallest'}"
    return None


def ties(c: Comparison) -> str | None:
    """Wrong only where an input is exactly at a kink, or entries of it are equal."""
    if c.single or not c.right.any():
        return None
    wrong = ~c.right
    alike = [
        (name, value)
        for name, value in c.arrays()
        if value.shape == wrong.shape and value.dtype.kind == "f"
    ]
    for name, value in alike:
        if (value[wrong] == 0).all():
            return f"right but where {name} is exactly 0."
    for name, value in alike:
        _, inverse, counts = np.unique(value, return_inverse=True, return_counts=True)
        repeated = (counts[inverse] > 1).reshape(value.shape)
        if not repeated.all() and not (wrong & ~repeated).any():
            return f"right but where entries of {name} are equal (ties)."
    return None


def edge(c: Comparison) -> str | None:
    """Only the first or last of an axis, or only the border, is wrong."""
    wrong = ~c.right
    alone = wrong.sum() < 2 and not (wrong.ndim == 1 and _unfilled(c.actual[wrong]))
    if wrong.all() or alone:
        return None
    for axis, length in enumerate(c.right.shape):
        if length < 2:
            continue
        lines = np.moveaxis(wrong, axis, 0).reshape(length, -1)
        if lines.any(axis=1).sum() == lines.all(axis=1).sum() == 1:
            return _line(
                axis, int(np.argmax(lines.any(axis=1))), length, unfilled=_unfilled(c.actual[wrong])
            )
    if c.right.ndim >= 3 and _on_border(np.asarray(wrong)):
        return "wrong only along the border of the last two axes. Look at the padding."
    return None


def _line(axis: int, index: int, length: int, *, unfilled: bool) -> str:
    """Name a line; a loop is to blame only where its entries are as they were made."""
    if index == length - 1:
        why = " Does a loop or slice stop too early?" if unfilled else ""
        return f"right but for the last along axis {axis}.{why}"
    if index == 0:
        why = " Does a loop or slice start too late?" if unfilled else ""
        return f"right but for the first along axis {axis}.{why}"
    return f"right but for number {index} along axis {axis}."


def _unfilled(entries: Array) -> bool:
    """Whether entries are what np.zeros, np.ones or np.full has put there."""
    return bool(np.ptp(entries) == 0 and (entries.size > 1 or not entries.any()))


def _on_border(wrong: Array) -> bool:
    if min(wrong.shape[-2:]) < 3:
        return False
    inner, count = wrong[..., 1:-1, 1:-1], int(wrong.sum())
    border = wrong.size - inner.size
    by_chance = math.comb(border, count) / math.comb(wrong.size, count)
    return not inner.any() and by_chance <= CHANCE


def first_example(c: Comparison) -> str | None:
    """Only the first example is right, and the others are still as they were made."""
    if c.right.ndim == 0 or len(c.right) < 3 or c.single:
        return None
    lines: Array = np.all(c.right.reshape(len(c.right), -1), axis=1)
    if bool(lines[0]) and not lines[1:].any() and _unfilled(c.actual[1:]):
        return (
            "only the first along axis 0 is filled in, and right. "
            "Does a return stand inside the loop?"
        )
    return None


def summary(c: Comparison) -> str:
    """How many entries are wrong, the first of them, and how far off the worst is."""
    if c.actual.ndim == 0 or c.actual.size == 1:
        return f"the value is {_distance(c)}."
    wrong = ~c.right
    first = [int(i) for i in np.argwhere(wrong)[0]]
    if wrong.all():
        return f"no entry is right; the worst is {_distance(c)}."
    where = f" (where {extreme})" if (extreme := _extreme(c)) else ""
    return f"{share(wrong)} wrong{where}, the first at {first}; the worst is {_distance(c)}."


def share(found: Array) -> str:
    """Say how many entries, as ``2 of 6 entries are``."""
    count = int(found.sum())
    return f"{count} of {found.size} entries {'is' if count == 1 else 'are'}"


def _distance(c: Comparison) -> str:
    """Words, and not the error itself: with the student's own value it would tell the right one."""
    with np.errstate(all="ignore"):
        gap = np.abs(c.actual - c.expected)
        error = float(np.max(gap) / max(c.scale, 1e-300))
    if not error < 0.5:
        return "far off"
    if error > 1e-3:
        return "off by more than rounding can explain"
    return "close, but off by more than rounding. Look for a constant or a small term" + (
        ", such as one inside a logarithm" if c.expected.size == 1 else ""
    )
