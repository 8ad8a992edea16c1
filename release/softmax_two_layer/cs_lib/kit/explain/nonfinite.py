"""Results with NaN or infinity in them."""

from __future__ import annotations

import numpy as np

from ..numeric import Array
from .comparison import Comparison
from .places import share

LARGE = 300.0
"""Arguments of this size overflow in an exponential."""


def nonfinite(c: Comparison) -> str | None:
    """Say where NaN or infinity begins, and what in the inputs may have made it."""
    for name, found in (("NaN", np.isnan(c.actual)), ("infinite", np.isinf(c.actual))):
        wrong = found & ~c.right
        if not wrong.any():
            continue
        if c.actual.ndim == 0:
            return f"the result is {name}. {_reason(c, name)}"
        if wrong.all():
            return f"all entries are {name}. {_reason(c, name)}"
        first = [int(i) for i in np.argwhere(wrong)[0]]
        return f"{share(wrong)} {name}, the first at {first}. {_reason(c, name)}"
    if not np.isfinite(c.expected).all():
        return "the values are not those expected where numbers grow without bound."
    return None


def _reason(c: Comparison, name: str) -> str:
    largest = max((float(np.max(np.abs(value))) for _, value in c.arrays()), default=0.0)
    if largest > LARGE:
        return (
            "An input is large: does an exponential overflow, or a sum of them vanish? Subtract "
            "the maximum first, from the scores of each example their own."
        )
    zeros = [key for key, value in c.arrays() if _may_have_zero(value, ~np.isfinite(c.actual))]
    if zeros:
        return f"{zeros[0]} has entries that are 0: is it divided by, or its logarithm taken?"
    if name == "NaN":
        return "Look for 0/0, for the root or logarithm of a negative number, or np.empty."
    return "Look for a division by 0, the logarithm of 0 or an overflow."


def _may_have_zero(value: Array, found: Array) -> bool:
    """Whether the zeros of an input may have made NaN or infinity where they were found."""
    if value.dtype.kind == "f" and value.shape == found.shape:
        return bool((value[found] == 0).all())
    return (value.dtype.kind == "f" or value.shape == found.shape) and bool((value == 0).any())
