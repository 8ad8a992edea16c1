"""Wrong shapes: what they have in common with the right ones."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Shape = tuple[int, ...]


def shape(actual: Shape, expected: Shape, inputs: Mapping[str, Any]) -> str | None:
    """Say what is wrong with a shape, None if it is right.

    Parameters
    ----------
    actual, expected : tuple of int
    inputs : dict of str to object
        Arguments of the call, by name.
    """
    if actual == expected:
        return None
    why = _why(actual, expected, inputs) or _compare_with(expected, inputs)
    return f"expected shape {expected}, got {actual}{why}"


def _why(actual: Shape, expected: Shape, inputs: Mapping[str, Any]) -> str | None:
    for reason in (_transposed, _keepdims, _outer, _flattened, _not_summed):
        if (why := reason(actual, expected)) is not None:
            return why
    alike = any(np.shape(value) == expected for value in inputs.values())
    if (why := (_padding if alike else _window)(actual, expected)) is not None:
        return why
    return _other_axis(actual, expected, inputs) or _an_input(actual, inputs)


def _transposed(actual: Shape, expected: Shape) -> str | None:
    if sorted(actual) != sorted(expected) or len(actual) < 2 or 1 in actual:
        return None
    if len(actual) == 2:
        return ": transposed?"
    order = next(
        order
        for order in itertools.permutations(range(len(actual)))
        if tuple(expected[axis] for axis in order) == actual
    )
    return f": axes in another order, as after .transpose{order}?"


def _keepdims(actual: Shape, expected: Shape) -> str | None:
    if tuple(n for n in actual if n != 1) != tuple(n for n in expected if n != 1):
        return None
    if len(actual) < len(expected):
        return ": an axis of length 1 is missing. Was keepdims=True forgotten?"
    if len(actual) > len(expected):
        return ": an axis of length 1 too many. Drop it, e.g. with keepdims=False or reshape."
    return ": an axis of length 1 stands in another place."


def _outer(actual: Shape, expected: Shape) -> str | None:
    lengths = [n for n in expected if n != 1]
    if len(actual) == 2 and len(lengths) == 1 and actual[0] == actual[1] == lengths[0] > 1:
        return (
            ": every entry was combined with every other. "
            f"Broadcasting ({lengths[0]},) against ({lengths[0]}, 1)?"
        )
    return None


def _flattened(actual: Shape, expected: Shape) -> str | None:
    if math.prod(actual) != math.prod(expected):
        return None
    return ": as many entries, in another shape. Is a reshape back to the input's shape missing?"


def _not_summed(actual: Shape, expected: Shape) -> str | None:
    if len(actual) == 0:
        return ": one number. Is a sum taken over all entries, not over one axis?"
    if len(actual) == len(expected) + 1:
        for axis in range(len(actual)):
            if actual[:axis] + actual[axis + 1 :] == expected:
                return f": a sum over axis {axis} is missing?"
    if len(actual) == len(expected) - 1:
        for axis in range(len(expected)):
            if expected[:axis] + expected[axis + 1 :] == actual:
                return f": axis {axis} was summed or indexed away?"
    return None


def _padding(actual: Shape, expected: Shape) -> str | None:
    """The gradient of an image with the padding left on, or too much cut off."""
    if len(actual) != 4 or len(expected) != 4 or actual[:2] != expected[:2]:
        return None
    gaps = {actual[axis] - expected[axis] for axis in (2, 3)}
    if 0 in actual:
        return ": nothing is left. Is it cut by [pad:-pad], which is empty where pad is 0?"
    if len(gaps) == 1 and min(gaps) > 0 and min(gaps) % 2 == 0:
        return ": larger by the padding on each side? Cut it off again."
    return None


def _window(actual: Shape, expected: Shape) -> str | None:
    if len(actual) != 4 or len(expected) != 4 or actual[:2] != expected[:2]:
        return None
    gaps = {actual[axis] - expected[axis] for axis in (2, 3)}
    formula = " Compare with 1 + (H + 2·pad − HH) // stride."
    if gaps <= {-1, 0, 1}:
        return f": the output's height or width is one off.{formula}"
    return f": the output's height or width is off. Are pad and stride both used?{formula}"


def _other_axis(actual: Shape, expected: Shape, inputs: Mapping[str, Any]) -> str | None:
    if len(actual) != 1 or len(expected) != 1:
        return None
    for name, value in inputs.items():
        both = (*actual, *expected), (*expected, *actual)
        if isinstance(value, np.ndarray) and value.shape in both:
            return f": a sum of {name} over the other axis?"
    return None


def _an_input(actual: Shape, inputs: Mapping[str, Any]) -> str | None:
    names = [
        name
        for name, value in inputs.items()
        if isinstance(value, np.ndarray) and value.shape == actual and value.ndim
    ]
    return f", the shape of {names[0]}." if len(names) == 1 else None


def _compare_with(expected: Shape, inputs: Mapping[str, Any]) -> str:
    names = [
        name
        for name, value in inputs.items()
        if isinstance(value, np.ndarray) and value.shape == expected and value.ndim
    ]
    return f". It must have the shape of {names[0]}." if len(names) == 1 else "."
