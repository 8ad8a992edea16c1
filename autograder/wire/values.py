"""What travels over the wire, and how much of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Value = Any
"""None, bool, int, float, complex, str, bytes, list, tuple, dict, ndarray, numpy scalar,
dtype, slice, Ellipsis, `Tensor`, `RandomGenerator`, `Remote`; exact types."""


class BadReply(Exception):
    """What came over the wire is not a value within the caps."""


class NotPlain(TypeError):
    """A value cannot travel."""


@dataclass(frozen=True)
class Caps:
    """The most that one frame may hold.

    ``buffers`` bounds the arrays, ``body`` all else; ``nodes`` counts values,
    ``packed`` the numbers in lists that travel as one buffer, ``hard_keys``
    dict keys whose hash somebody could make collide on purpose.
    """

    buffers: int = 256 << 20
    body: int = 16 << 20
    nodes: int = 100_000
    packed: int = 2_000_000
    depth: int = 32
    hard_keys: int = 1000


@dataclass(frozen=True)
class RandomGenerator:
    """Becomes ``numpy.random.default_rng(seed)`` in the worker."""

    seed: int


@dataclass(frozen=True, eq=False)
class Tensor:
    """A PyTorch tensor by its numbers: a tensor in the worker, an array on this side.

    The grader needs no PyTorch for it, and nothing of a tensor but numbers comes from a worker.

    Parameters
    ----------
    array : ndarray
        In the worker a tensor of the same shape and dtype; a copy.
    requires_grad : bool
        Whether operations on it are recorded for a gradient.
    """

    array: np.ndarray[Any, Any]
    requires_grad: bool = False


@dataclass(frozen=True)
class Remote:
    """A thing that lives in the worker, and the way to it.

    ``root`` is ``module:cs_lib.layers``, ``notebook`` or ``object:17``; each
    step of ``path`` is ``("attr", name)`` or ``("item", key)``.
    """

    root: str
    path: tuple[tuple[str, Value], ...] = ()
    type_name: str = ""
    callable: bool = False

    def attribute(self, name: str) -> "Remote":
        """Return the way to an attribute of it."""
        return Remote(self.root, (*self.path, ("attr", name)))

    def item(self, key: Value) -> "Remote":
        """Return the way to an item of it."""
        return Remote(self.root, (*self.path, ("item", key)))


Admit = Callable[[Remote | RandomGenerator], Value]
"""Gives what a side of the wire takes for a value that stands for something, or `BadReply`."""


def admit_all(stand_in: Remote | RandomGenerator) -> Value:
    """Take it as it is: right for the worker alone, which the grader tells what to do."""
    return stand_in


def admit_none(stand_in: Remote | RandomGenerator) -> Value:
    """Refuse it: an answer of plain values was expected."""
    raise BadReply(f"a {type(stand_in).__name__} where none was asked for")
