"""What an explanation may look at: a result of the right form with wrong values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..numeric import Array, entry_errors, relative_error

ENOUGH = 4
"""A relation is told by its number only where at least so many entries agree on it."""
NO_FORWARD = re.compile(r"d[a-z]|dout|\w*grad\w*|config|learning_rate|lr|momentum|y|\w*labels?")
"""What only a backward pass, a loss or the step of an optimizer is given."""
WEIGHT = re.compile(r"\b([Wwb]\d*|weights?|bias\w*)\b")
REG_NAME = re.compile(r"(reg|weight_decay|wd|l2)(_\w+)?")


@dataclass(frozen=True)
class Comparison:
    """A result of the right form with wrong values.

    Parameters
    ----------
    actual, expected : ndarray, same shape
    inputs : dict of str to object
        Arguments of the call, by name.
    siblings : dict of str to object
        The other expected results, by name.
    tolerance : float
        The largest relative error that is right.
    """

    actual: Array
    expected: Array
    inputs: Mapping[str, Any]
    siblings: Mapping[str, Any]
    tolerance: float
    truth_values: bool = False
    """Whether the result was True and False, here 1 and 0, where numbers were expected."""

    @cached_property
    def right(self) -> Array:
        """Which entries are within the tolerance: bool, same shape."""
        return entry_errors(self.actual, self.expected) <= self.tolerance

    @cached_property
    def single(self) -> bool:
        """Whether there are too few entries to tell a number about them."""
        return self.expected.size < ENOUGH or bool(np.ptp(np.abs(self.expected)) == 0)

    @cached_property
    def scale(self) -> float:
        """The largest magnitude of the expected entries."""
        return float(np.max(np.abs(self.expected)))

    def equals(self, candidate: Any) -> bool:
        """Whether the result is the candidate, to the tolerance and relative to its size."""
        candidate = np.asarray(candidate)
        if candidate.shape != self.actual.shape or candidate.dtype.kind not in "biufc":
            return False
        size = float(np.max(np.abs(candidate), initial=0.0))
        if not 0 < size < np.inf:
            return False
        return relative_error(self.actual / size, candidate / size) <= 10 * self.tolerance

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Go through all arrays of numbers among the inputs, also those in dicts."""
        for name, value in self.inputs.items():
            nested = value.items() if isinstance(value, Mapping) else [("", value)]
            for key, item in nested:
                if isinstance(item, np.ndarray) and item.dtype.kind in "biuf" and item.size:
                    yield (f"{name}[{key!r}]" if key else name), item

    def gated(self) -> bool:
        """Whether the function may let entries pass by their sign, as ReLUs and masks do.

        Then each entry is that of one input times one of two numbers, such as 0 and 1. Only in
        such a function a mask can be wrong.
        """
        return any(
            value.shape == self.expected.shape and _two_factors(self.expected, value)
            for _, value in self.arrays()
            if value.dtype.kind == "f"
        )

    def activates(self) -> bool:
        """Whether a leaky ReLU may stand in the function, in its place or where none belongs.

        In ReLUs and masks, and behind what a layer or a net computes forward.
        """
        return self.gated() or not any(map(NO_FORWARD.fullmatch, self.inputs))

    def numbers(self) -> Iterator[tuple[str, float]]:
        """Go through all real numbers among the inputs that are not whole, also those in dicts."""
        for name, value in self.inputs.items():
            nested = value.items() if isinstance(value, Mapping) else [("", value)]
            for key, item in nested:
                if isinstance(item, float) and item != round(item):
                    yield (f"{name}[{key!r}]" if key else name), item

    def batch_sizes(self) -> dict[str, int]:
        """Return lengths that a sum or mean may run over, by the name they go by.

        N is the number of labels, else the first length of what is no weight.
        """
        labels = [len(v) for _, v in self.arrays() if v.dtype.kind in "iu" and v.ndim == 1]
        sizes = {"N": labels[0]} if labels and labels[0] > 1 else {}
        for name, value in self.arrays():
            for axis, length in enumerate(value.shape):
                if length > 1 and length not in sizes.values():
                    known = sizes or labels or axis or WEIGHT.search(name)
                    sizes[f"{name}.shape[{axis}]" if known else "N"] = length
        return sizes

    def regularisation(self) -> float | None:
        """Return the strength of the regularisation, None where there is none."""
        for name, value in self.inputs.items():
            if not REG_NAME.fullmatch(name):
                continue
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value:
                return float(value)
        return None


def _two_factors(result: Array, value: Array) -> bool:
    """Whether each entry is that of a value times one of two numbers."""
    result, value = result[value != 0], value[value != 0]
    ratios = np.sort(result / value)
    return ratios.size >= ENOUGH and int(np.sum(np.diff(ratios) > 1e-6)) == 1
