"""The result is a simple function of the right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from ..numeric import Array, relative_error
from .comparison import Comparison

ALIKE = 1e-5
"""Two entries of one gap are in the proportion of an input's by chance only so seldom."""
UPSTREAM = re.compile(r"d(out|y|a|z)|upstream\w*|grad_out\w*")
BIAS = re.compile(r"\bb\d*\b|bias")

_FUNCTIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("this is the square of the right result.", lambda e: e**2),
    ("this is the square root of the right result.", np.sqrt),
    ("this is the logarithm of the right result. Is an exponential missing at the end?", np.log),
    ("this is the exponential of the right result. Is a logarithm missing?", np.exp),
    (
        "this is 1 minus the right result. Are the two classes or probabilities swapped?",
        lambda e: 1 - e,
    ),
    ("this is 1 over the right result. Is a fraction upside down?", lambda e: 1 / e),
    ("right where positive, but negative entries are cut to 0.", lambda e: np.maximum(e, 0)),
    ("right where negative, but positive entries are cut to 0.", lambda e: np.minimum(e, 0)),
    ("right, but cut to the range from 0 to 1.", lambda e: np.clip(e, 0, 1)),
    ("these are running sums of the right result.", lambda e: np.cumsum(e).reshape(e.shape)),
)


def simple_function(c: Comparison) -> str | None:
    """A step too many or too few: a square, a logarithm, a clip."""
    if c.single or c.expected.dtype.kind != "f":
        return None
    for text, function in _FUNCTIONS:
        with np.errstate(all="ignore"):
            if c.equals(function(c.expected)):
                return text
    if c.expected.ndim == 1 and c.equals(np.cumsum(c.expected) / np.arange(1, c.expected.size + 1)):
        return "these are running means of the right result."
    return None


_OF_INPUT: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("{0}", lambda v: v),
    ("{0} (1 - {0})", lambda v: v * (1 - v)),
    ("(1 - {0}²)", lambda v: 1 - v**2),
    ("{0}²", lambda v: v**2),
    ("exp({0})", np.exp),
)


def factor_of_input(c: Comparison) -> str | None:
    """An input, or a simple function of it, that is multiplied or added, or is not."""
    if c.single or c.expected.dtype.kind != "f":
        return None
    for name, value in c.arrays():
        if value.shape != c.actual.shape or value.dtype.kind != "f" or np.ptp(value) == 0:
            continue
        for form, function in _OF_INPUT:
            if (text := _with(c, form.format(name), function(value))) is not None:
                return text
    return None


def _with(c: Comparison, term: str, value: Array) -> str | None:
    with np.errstate(all="ignore"):
        if c.equals(c.expected * value):
            return f"right but for a factor {term}: is it taken once too often, or not divided by?"
        if c.equals(c.expected / value):
            return f"right but for a factor {term}: is it left out, or divided by once too often?"
        if c.equals(c.expected + value):
            return f"right but for {term}, which is added once too often."
        if c.equals(c.expected - value):
            return f"right but for {term}, which is left out, or subtracted once too often."
        if c.equals(value):
            return f"this is {term} and nothing else. Is {term} what the formula asks for?"
    return None


def half_of_input(c: Comparison) -> str | None:
    """The result is the ReLU of an input, and nothing else is in it."""
    if c.single or c.expected.dtype.kind != "f":
        return None
    for name, value in c.arrays():
        if value.dtype.kind != "f" or not value.min(initial=0.0) < 0 < value.max(initial=0.0):
            continue
        if c.equals(np.maximum(value, 0)):
            upstream = UPSTREAM.fullmatch(name) and len(c.inputs) > 1
            why = f" Is the mask that of {name}, and not of the input?" if upstream else ""
            return f"this is {name} where it is positive, and 0 elsewhere, and nothing else.{why}"
    return None


def multiple_of_input(c: Comparison) -> str | None:
    """A multiple of an input is added, or left out."""
    if c.expected.size < 2 or c.expected.dtype.kind != "f":
        return None
    gap = c.actual - c.expected
    for name, value in c.arrays():
        if value.shape != gap.shape or value.dtype.kind != "f" or np.ptp(value) == 0:
            continue
        share = float(np.vdot(gap, value) / np.vdot(value, value))
        size = float(np.max(np.abs(gap)))
        if relative_error(gap / size, share * value / size) <= ALIKE:
            bias = " Is it regularised? A bias is not." if BIAS.search(name) else ""
            return f"right but for a multiple of {name}, which is added or left out.{bias}"
    return None


def softmax_of_scores(c: Comparison) -> str | None:
    """A softmax that is taken wrongly, alone or in the gradient of its loss."""
    if c.single or c.expected.ndim != 2 or c.expected.dtype.kind != "f":
        return None
    if c.equals(_softmax(c.expected)):
        return "this is the softmax of the right result: is softmax applied twice?"
    alike = [value for _, value in c.arrays() if value.shape == c.expected.shape]
    if any(c.equals(other) for x in alike for other in _other_maximum(x, c.expected)):
        return OTHER_MAXIMUM
    N, C = c.expected.shape
    for name, y in c.arrays():
        if y.dtype.kind not in "iu" or y.shape != (N,) or y.min() < 0 or y.max() >= C:
            continue
        labels = np.eye(C)[y]
        for n in (1, N):  # the gradient of a sum, or of a mean
            right = n * c.expected + labels
            if c.equals((_softmax(right) - labels) / n):
                return "softmax is applied twice: to the scores, and to their probabilities."
            if any(c.equals((p - labels) / n) for x in alike for p in _other_maximum(x, right)):
                return OTHER_MAXIMUM
            if any(c.equals(less / n) for less in _less_in_lines(right, y)):
                return (
                    f"1 is subtracted in whole rows or columns, those with the numbers in {name}. "
                    f"In each row only the entry of its own label is meant: "
                    f"[np.arange(N), {name}]."
                )
    return None


OTHER_MAXIMUM = (
    "each column has its maximum subtracted before the exponential, which changes the softmax. "
    "Subtract that of each row: .max(axis=1, keepdims=True)."
)


def _other_maximum(scores: Array, right: Array) -> Iterator[Array]:
    """Give the softmax of scores less the maximum of each column, where theirs is the right one."""
    if scores.dtype.kind == "f" and relative_error(_softmax(scores), right) <= 1e-6:
        yield _softmax(scores - scores.max(axis=0))


def _less_in_lines(probabilities: Array, y: Array) -> Iterator[Array]:
    """Give what comes of subtracting 1 at ``[y]``, and at ``[:, y]``."""
    if y.max() < len(probabilities):
        rows = probabilities.copy()
        rows[y] -= 1
        yield rows
    columns = probabilities.copy()
    columns[:, y] -= 1
    yield columns


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
