"""What a figure is, and how close it must come to the published one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Figure:
    """A figure that a course document prints.

    ``digits`` is how many significant digits must be the same. The error of a gradient check
    or of an array printed to eight digits is rounding for the most part; with ``digits`` None
    it only has to be smaller than ten times the published one.
    """

    name: str
    published: float
    compute: Callable[[], float]
    digits: int | None

    @cached_property
    def value(self):
        return float(self.compute())

    @property
    def here(self):
        """The value as the document shows it."""
        return f"{self.value:.1e}" if self.digits is None else f"{self.value:.{self.digits}g}"

    @property
    def agrees(self):
        if self.digits is None:
            return self.value < 10 * self.published
        return self.here == f"{self.published:.{self.digits}g}"


def one(name, published, compute, digits=None):
    return [Figure(name, published, compute, digits)]


def several(compute, published, digits=None):
    """Figures of one computation, which returns them by name."""
    return [
        Figure(name, value, lambda name=name: compute()[name], digits)
        for name, value in published.items()
    ]


def entries(name, compute, published, digits):
    """Every entry of an array."""
    return [
        Figure(f"{name}{list(index)}", float(value), lambda i=index: compute()[i], digits)
        for index, value in np.ndenumerate(np.array(published))
    ]


def spread(low, high, *shape):
    """Evenly spaced numbers in the given shape."""
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def table(figures):
    """Markdown table of figures."""
    rows = [f"| {f.name} | {f.published!r} | {f.here} |" for f in figures]
    return "\n".join(["| figure | published | here |", "|---|---|---|", *rows])
