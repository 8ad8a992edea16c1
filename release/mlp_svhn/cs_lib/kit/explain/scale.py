"""Right up to a sign, a factor or an offset.

Of a single number no factor and no offset is told: it would give it away.
What is told then is the mistake's name, without a figure.
"""

from __future__ import annotations

import math

import numpy as np

from ..numeric import Array, relative_error
from .comparison import Comparison

_NEAR_ONE = 1.1
_INEXACT = "Look for a constant that is not exact."
KEEPING = ("p", "keep_prob", "dropout", "dropout_param['p']")
"""A factor 1/4 is a factor p where that is a quarter, and dropout what the function does."""
_NAMED = {2.0: "a factor 2", 0.5: "a factor 1/2", 4.0: "a factor 4", 0.25: "a factor 1/4"}


def sign(c: Comparison) -> str | None:
    """The sign of all entries, or of some."""
    if c.expected.dtype.kind not in "iufc":
        return None
    if c.equals(-c.expected):
        return "right but for its sign. Look at the sign of the last step."
    if c.single or c.expected.dtype.kind == "c":
        return None
    if relative_error(np.abs(c.actual), np.abs(c.expected)) > c.tolerance:
        return None
    if (c.actual >= 0).all():
        return "right but for the signs: all are positive. Is an absolute value or square taken?"
    return f"right but for the sign of {(~c.right).sum()} of {c.right.size} entries."


def factor(c: Comparison) -> str | None:
    """One factor for all entries."""
    ratio = common_ratio(c.actual, c.expected, c.tolerance)
    if ratio is None or ratio == 0 or not is_seen(ratio, c.actual, c.expected):
        return None
    if not c.single and (text := _by_number(c, ratio, only=KEEPING)) is not None:
        return text
    if (text := by_some_size(c, ratio)) is not None:
        return text
    if c.single:
        return _single_factor(c, ratio)
    return _by_number(c, ratio) or plain_factor(ratio)


def _by_number(c: Comparison, ratio: float, only: tuple[str, ...] = ()) -> str | None:
    """Return the reason where the factor is a number among the inputs, or 1 over it."""
    for name, value in c.numbers():
        if only and name not in only:
            continue
        if value == 0 or math.isclose(abs(value), 1):
            continue
        if abs(value) in _NAMED and not only:
            continue
        if math.isclose(ratio, value, rel_tol=1e-5):
            return f"right but for {name}: multiplied by it once too often, or not divided by it?"
        if math.isclose(ratio, 1 / value, rel_tol=1e-5):
            return f"right but for {name}: divided by it once too often, or not multiplied by it?"
        if name in KEEPING and math.isclose(ratio, value**2, rel_tol=1e-5):
            return f"right but for its scale: multiplied by {name}, where to be divided by it?"
        if name in KEEPING and math.isclose(ratio, value / (1 - value), rel_tol=1e-5):
            return f"right but for its scale: divided by 1 - {name}, in the place of {name}?"
    return None


def step(c: Comparison) -> str | None:
    """A step from an input in the wrong direction, or too long."""
    if c.single or c.expected.dtype.kind != "f":
        return None
    for name, value in c.arrays():
        if value.shape != c.actual.shape:
            continue
        if not (np.abs(c.expected - value) > 1e-6 * c.scale).all():
            continue
        moved, expected = c.actual - value, c.expected - value
        ratio = common_ratio(moved, expected, c.tolerance)
        if ratio is not None and not is_seen(ratio, moved, expected):
            continue
        if ratio is not None and ratio < 0:
            return f"moved the wrong way from {name}. Look at the sign of the step."
        if ratio is not None:
            times, which = max(ratio, 1 / ratio), "large" if ratio > 1 else "small"
            if times < _NEAR_ONE:
                return f"the step from {name} is off by a factor near 1. {_INEXACT}"
            return f"the step from {name} is {_rounded(times)} times too {which}. {_hint(ratio)}"
    return None


def plain_factor(ratio: float) -> str:
    times = abs(ratio) if abs(ratio) > 1 else 1 / abs(ratio)
    if times < _NEAR_ONE:
        return f"all entries are off by one factor near 1. {_INEXACT}"
    direction = "large" if abs(ratio) > 1 else "small"
    flipped = " and has the wrong sign" if ratio < 0 else ""
    return f"{_rounded(times)} times too {direction}{flipped}. {_hint(abs(ratio))}"


def _rounded(times: float) -> str:
    """Two digits tell a constant that a student knows, and no more."""
    return f"{float(f'{times:.2g}'):g}"


def common_ratio(actual: Array, expected: Array, tolerance: float) -> float | None:
    """Return r where actual = r expected, None where there is no such number."""
    if expected.dtype.kind not in "iuf" or not np.any(expected):
        return None
    flat, true = actual.astype(float).ravel(), expected.astype(float).ravel()
    ratio = float(flat @ true / (true @ true))
    size = float(np.max(np.abs(flat), initial=0.0))
    if not 0 < size < math.inf:
        return None
    error = relative_error(flat / size, ratio * true / size)
    return ratio if error <= max(10 * tolerance, 1e-9) else None


def is_seen(ratio: float, actual: Array, expected: Array) -> bool:
    """Whether a factor near 1 is one, and no small term that is another for each entry."""
    rest = np.max(np.abs(actual - ratio * expected), initial=0.0)
    return bool(rest <= 0.1 * abs(ratio - 1) * np.max(np.abs(expected), initial=0.0))


def by_some_size(c: Comparison, ratio: float) -> str | None:
    """Return the reason where the factor is a length of an input, or 1 over it."""
    simple = any(math.isclose(ratio, value, rel_tol=1e-5) for value in _NAMED)
    for name, size in c.batch_sizes().items():
        # 2 is N only where N is 2; no other length explains a factor 2.
        if name != "N" and simple:
            continue
        if (text := _by_size(ratio, name, size, c.single)) is not None:
            return text
    return None


def _by_size(ratio: float, name: str, size: int, single: bool) -> str | None:
    which = (
        ""
        if single
        else f"{size} times too {'large' if ratio > 1 else 'small'}; {name} is {size}: "
    )
    if math.isclose(ratio, size, rel_tol=1e-5):
        return f"{which}a missing 1/{name}? It looks like a sum where a mean is wanted."
    if math.isclose(ratio, 1 / size, rel_tol=1e-5):
        return (
            f"{which}divided by {name} once too often? It looks like a mean where a sum is wanted."
        )
    return None


def _single_factor(c: Comparison, ratio: float) -> str | None:
    if c.expected.size >= 2:
        return "right up to a factor."
    if any(math.isclose(ratio, name, rel_tol=1e-5) for name in _NAMED):
        return "right but for a simple factor. Compare the constants with the formula."
    return None


def _hint(ratio: float) -> str:
    for value, text in _NAMED.items():
        if math.isclose(ratio, value, rel_tol=1e-5):
            return f"Is {text} too many{', or another one left out' if value < 1 else ''}?"
    for base in (2.0, 10.0):
        if any(math.isclose(ratio, math.log(base) ** sign, rel_tol=1e-5) for sign in (1, -1)):
            return f"Is a logarithm taken to the base {base:g}, not e?"
    return "Compare the constants with the formula."


def axis_factor(c: Comparison) -> str | None:
    """Another factor for each row or column."""
    text = _line_factor(c)
    return None if text is None or _rank_one(c.expected) else f"{text} Is a weight missing?"


def outer_factor(c: Comparison) -> str | None:
    """The same where all rows point the same way: many a mistake changes but their lengths."""
    return _line_factor(c)


def _line_factor(c: Comparison) -> str | None:
    if c.single or c.expected.ndim != 2 or min(c.expected.shape) < 2:
        return None
    for axis, name in ((1, "row"), (0, "column")):
        mine, true = (np.moveaxis(array, 1 - axis, 0) for array in (c.actual, c.expected))
        ratios = [common_ratio(*pair, c.tolerance) for pair in zip(mine, true, strict=True)]
        if None not in ratios:
            return f"right up to a factor that differs from {name} to {name}."
    return None


def _rank_one(matrix: Array) -> bool:
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return bool(sizes[1] <= 1e-6 * sizes[0])


def one_side(c: Comparison) -> str | None:
    """A factor for the positive entries alone, or for the negative ones."""
    if c.single or c.expected.dtype.kind != "f" or not np.isfinite(c.actual).all():
        return None
    sides = {"positive": c.expected > 0, "negative": c.expected < 0}
    for name, side in sides.items():
        if side.all() or not c.right[~side].all():
            continue
        ratio = common_ratio(c.actual[side], c.expected[side], c.tolerance)
        if ratio is not None and ratio > 0:
            times, direction = max(ratio, 1 / ratio), "large" if ratio > 1 else "small"
            why = (
                "Is a leaky ReLU applied where none belongs, or with a wrong slope?"
                if c.activates()
                else "What is done to these alone?"
            )
            return (
                f"right but for the {name} entries: they are {_rounded(times)} times too "
                f"{direction}. {why}"
            )
    return None


def offset(c: Comparison) -> str | None:
    """One number added to all entries."""
    if c.expected.dtype.kind not in "iuf" or not np.isfinite(c.actual).all():
        return None
    gap = c.actual.astype(float) - c.expected
    allowed = 10 * c.tolerance * max(1.0, c.scale)
    middle = float(np.median(gap))
    if np.max(np.abs(gap - middle)) > allowed:
        return None
    for name, size in c.batch_sizes().items():
        if math.isclose(abs(middle), math.log(size), rel_tol=1e-5):
            where = "the logarithm of a count" if c.single else f"log {size}; {name} is {size}"
            return f"off by {where}. Is a mean taken inside a logarithm, or a sum left out?"
    if c.single:
        return None
    direction = "large" if middle > 0 else "small"
    return (
        f"all entries are too {direction} by the same number, about {abs(middle):.1g}. "
        "Is a term added or left out?"
    )


def per_row_offset(c: Comparison) -> str | None:
    """Another number added to each row or column, as with a bias along the wrong axis."""
    if c.single or c.expected.ndim != 2 or min(c.expected.shape) < 2:
        return None
    gap = c.actual.astype(float) - c.expected
    allowed = 10 * c.tolerance * max(1.0, c.scale)
    for axis, name in ((1, "row"), (0, "column")):
        if np.max(np.ptp(gap, axis=axis)) <= allowed:
            return f"each {name} is off by a number of its own.{_bias_hint(c, gap, axis)}"
    return None


def _bias_hint(c: Comparison, gap: Array, axis: int) -> str:
    line = gap[0] if axis == 0 else gap[:, 0]
    for name, value in c.arrays():
        if value.shape == line.shape:
            if relative_error(line, -value) <= 1e-6:
                return f" Is {name} not added?"
            if relative_error(line, value) <= 1e-6:
                return f" Is {name} added twice?"
    return ""
