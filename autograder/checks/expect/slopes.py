"""The verdict on gradients: differences along random directions, and what they tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import ArrayLike

from autograder.checks.expect.basics import judge
from autograder.checks.run import DrawAgain, current_run
from autograder.kit.explain import Part, compare
from autograder.kit.explain.compare import FLOAT32_TOLERANCE
from autograder.kit.explain.probe import Probe
from autograder.kit.numeric import (
    STEPS,
    Array,
    central_difference,
    directional_difference,
    gaussian_directions,
    relative_error,
)

DIRECTIONS = 4
"""Directions a tensor: with 4 each of 29 wrong backward functions was found in every run."""
SMALLEST = 1e-3
"""A gradient below this size is compared absolutely: differences have no more digits."""
ENTRYWISE_TOLERANCE = 1e-6

Tensors = Mapping[str, Array]


@dataclass(frozen=True)
class Slope:
    """A function of named tensors, summed, and how to difference it.

    Parameters
    ----------
    f : callable
        Takes all tensors by name, returns a number or an array that is summed.
    at : dict of str to ndarray
    points : {2, 8}
    h : float
        Step; 0 takes the one that suits the stencil.
    """

    f: Callable[[dict[str, Array]], ArrayLike]
    at: Tensors
    points: int = 2
    h: float = 0.0

    def partial(self, name: str) -> Callable[[Array], ArrayLike]:
        """Return the function of one tensor, the others held."""
        return lambda value: self.f({**self.at, name: value})

    def along(self, name: str, directions: Array) -> Array:
        """Return the derivative along each direction."""
        at, f = np.asarray(self.at[name], dtype=np.float64), self.partial(name)
        return np.array(
            [directional_difference(f, at, v, h=self.h, points=self.points) for v in directions]
        )

    def gradient(self, name: str) -> Array:
        return central_difference(self.partial(name), self.at[name], h=self.h, points=self.points)

    def finer(self) -> Slope:
        return Slope(self.f, self.at, self.points, (self.h or STEPS[self.points]) / 4)


def expect_slopes(
    grads: Tensors,
    slope: Slope,
    label: str,
    forms: Sequence[Part],
    *,
    tolerance: float,
    entrywise: bool,
    inputs: Mapping[str, object],
    probe: Probe | None = None,
) -> None:
    """Judge gradients tensor by tensor, each for its share: wrong in form or wrong in value.

    Parameters
    ----------
    grads : dict of str to ndarray
        Those of the right form.
    forms : sequence of Part
        What is wrong with the form of each gradient, in the order of the slope's tensors.

    Raises
    ------
    Failed
    DrawAgain
        A gradient seems wrong, but the inputs lie at a kink.
    """
    wrong = [
        name
        for name, gradient in grads.items()
        if not _right(gradient, slope, name, _allowed(gradient, tolerance), entrywise)
    ]
    if not wrong and all(form.problem is None for form in forms):
        return
    expected = _expected(slope, wrong)
    parts = []
    for index, (name, part) in enumerate(zip(slope.at, forms, strict=True)):
        if name in wrong:
            part = _explained(name, grads, expected, tolerance, inputs)
            if probe is not None and current_run().context.explain:
                part = probe.explained(part, itemgetter(index))
        parts.append(part)
    judge(label, parts, partial=len(parts) > 1)


def _allowed(gradient: Array, tolerance: float) -> float:
    return max(tolerance, FLOAT32_TOLERANCE) if gradient.dtype == np.float32 else tolerance


def _right(gradient: Array, slope: Slope, name: str, tolerance: float, entrywise: bool) -> bool:
    if entrywise:
        allowed = max(tolerance, ENTRYWISE_TOLERANCE)
        expected = slope.gradient(name)
        if relative_error(gradient, expected) <= allowed:
            return True
        if not relative_error(slope.finer().gradient(name), expected) <= allowed:
            raise DrawAgain
        return False
    directions = gaussian_directions(current_run().rng, gradient.shape, DIRECTIONS)
    analytic = np.tensordot(directions, gradient.astype(np.float64), gradient.ndim)
    numeric = slope.along(name, directions)
    if _error(analytic, numeric) <= tolerance:
        return True
    # A shorter step is more exact where the function bends strongly.
    finer = slope.finer().along(name, directions)
    if _error(analytic, finer) <= tolerance:
        return True
    # A kink nearby is seen by another step: the difference changes with it.
    if not _error(finer, numeric) <= tolerance:
        raise DrawAgain
    return False


def _error(derivatives: Array, numeric: Array) -> float:
    """Return the largest error along a direction, relative to the size of the gradient.

    The root mean square of derivatives along normal directions estimates the
    Euclidean norm of the gradient.
    """
    size = max(SMALLEST, float(np.sqrt(np.mean(numeric**2))))
    return float(np.max(np.abs(derivatives - numeric))) / size


def _expected(slope: Slope, wrong: list[str]) -> dict[str, Array]:
    """Return full differences, of all tensors of a shape of which one is wrong: two may be
    exchanged.
    """
    if not current_run().context.explain:
        return {}
    shapes = {np.shape(slope.at[name]) for name in wrong}
    return {name: slope.gradient(name) for name in slope.at if np.shape(slope.at[name]) in shapes}


def _explained(
    name: str,
    grads: Tensors,
    expected: Mapping[str, Array],
    tolerance: float,
    inputs: Mapping[str, object],
) -> Part:
    if not expected:
        return Part(name, "wrong.")
    others = {other: value for other, value in expected.items() if other != name}
    # A full difference is less exact, entry by entry, than one along a direction.
    part = compare(
        (grads[name], *others.values()),
        (expected[name], *others.values()),
        names=[name, *others],
        inputs=inputs,
        tolerance=max(tolerance, ENTRYWISE_TOLERANCE),
    )[0]
    if part.problem is None:
        return Part(name, "close, but off by more than rounding. Look for a small term.", True)
    return part
