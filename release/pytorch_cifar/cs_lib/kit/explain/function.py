"""The result is a simple function of the right one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..numeric import Array
from .comparison import Comparison

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


def softmax_again(c: Comparison) -> str | None:
    """A softmax of probabilities, alone or in the gradient of its loss."""
    if c.single or c.expected.ndim != 2 or c.expected.dtype.kind != "f":
        return None
    if c.equals(_softmax(c.expected)):
        return "this is the softmax of the right result: is softmax applied twice?"
    N, C = c.expected.shape
    for _, y in c.arrays():
        if y.dtype.kind in "iu" and y.shape == (N,) and y.min() >= 0 and y.max() < C:
            labels = np.eye(C)[y]
            twice = ((_softmax(n * c.expected + labels) - labels) / n for n in (1, N))
            if any(map(c.equals, twice)):  # the gradient of a sum, or of a mean
                return "softmax is applied twice: to the scores, and to their probabilities."
    return None


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
