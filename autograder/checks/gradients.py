"""Expectations on gradients: against central differences of the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.run import DrawAgain, Failed, current_run
from autograder.checks.values import find_call, inputs_of, judge, reference_of
from autograder.explain import Part, compare
from autograder.explain.compare import FLOAT32_TOLERANCE
from autograder.numeric import (
    Array,
    central_difference,
    directional_difference,
    gaussian_directions,
    relative_error,
)
from autograder.proxies import Handle, opaque

DIRECTIONS = 4
"""Directions a tensor: with 4 each of 29 wrong backward functions was found in every run."""

Tensors = Mapping[str, Array]


@dataclass(frozen=True)
class Slope:
    """A scalar function of named tensors, and how to difference it."""

    f: Callable[[dict[str, Array]], float]
    at: Tensors
    points: int = 2
    h: float = 0.0

    def partial(self, name: str) -> Callable[[Array], float]:
        """Return the function of one tensor, the others held."""
        return lambda value: self.f({**self.at, name: value})

    def along(self, name: str, direction: Array) -> float:
        at = np.asarray(self.at[name], dtype=np.float64)
        return directional_difference(
            self.partial(name), at, direction, h=self.h, points=self.points
        )

    def gradient(self, name: str) -> Array:
        return central_difference(self.partial(name), self.at[name], h=self.h, points=self.points)


def expect_gradients(
    forward: Handle,
    backward: Handle,
    *,
    dout: Array,
    true_forward: Callable[..., Any] | None = None,
    points: int = 2,
    h: float = 0.0,
    tolerance: float = 1e-7,
    entrywise: bool = False,
    **inputs: Any,
) -> None:
    """Expect the gradients of a layer to match central differences of the reference.

    The student's forward is called with the inputs in the order given and must
    agree with the reference; its backward is called with ``(dout, cache)`` and
    must return a gradient for each input that is a floating-point array. Each
    right tensor earns its share.

    Parameters
    ----------
    forward, backward : Handle
        The student's functions: ``forward(*inputs) -> out, cache`` and
        ``backward(dout, cache) -> gradients``.
    dout : ndarray, shape of out
        Upstream gradient; random, never ones.
    true_forward : callable, optional
        The reference's forward; by default the one of the same name.
    points : {2, 8}
        Points of the stencil; 8 for smooth functions only.
    h : float
        Step; 0 takes the one that suits the stencil.
    tolerance : float
        On the error along a direction, relative to the size of the gradient.
    entrywise : bool
        Compare entry by entry, for tensors with entries of very different size.
    **inputs
        Arguments of forward: arrays are differentiated, others passed on.

    Raises
    ------
    Failed
    """
    true_forward = true_forward or reference_of(forward)
    if true_forward is None:
        raise ValueError("expect_gradients: expected a true_forward, as the reference has none")
    tensors = {f"d{name}": value for name, value in inputs.items() if _is_tensor(value)}
    cache = _cache_of_right_forward(forward, true_forward, inputs)
    result = backward(dout, cache)
    grads = _named_gradients(result, tensors, _label(backward))

    def loss(values: dict[str, Array]) -> float:
        moved = {name.removeprefix("d"): value for name, value in values.items()}
        return float(np.sum(_output(true_forward(*{**inputs, **moved}.values())) * dout))

    slope = Slope(loss, tensors, points, h)
    expect_slopes(
        grads, slope, _label(backward), tolerance=tolerance, entrywise=entrywise,
        inputs={**inputs, "dout": dout},
    )  # fmt: skip


def expect_gradient(
    actual: Any,
    *,
    of: Callable[[Any], Any],
    at: Any,
    name: str = "",
    points: int = 2,
    h: float = 0.0,
    tolerance: float = 1e-7,
    entrywise: bool = False,
) -> None:
    """Expect a gradient to match central differences of a function.

    Parameters
    ----------
    actual : ndarray or dict of str to ndarray
        What the student's code gave as the gradient.
    of : callable
        Takes what `at` is, returns a number, or an array that is summed (for a
        function that works entry by entry, as a sigmoid).
    at : ndarray or dict of str to ndarray
        Where: a tensor, or tensors by the names of their gradients.
    name : str
        What to call a single gradient.

    Raises
    ------
    Failed
    """
    call = find_call(actual)
    label = call.label if call else ""
    several = isinstance(at, Mapping)
    tensors = dict(at) if several else {name: at}
    expected_form = {key: np.asarray(value) for key, value in tensors.items()}

    def loss(values: dict[str, Array]) -> float:
        return float(np.sum(of(values if several else values[name])))

    parts = _form(opaque(actual), expected_form if several else expected_form[name], name)
    if any(part.problem for part in parts):
        judge(label, parts)
    grads = {key: np.asarray(actual[key] if several else actual) for key in tensors}
    slope = Slope(loss, expected_form, points, h)
    expect_slopes(
        grads, slope, label, tolerance=tolerance, entrywise=entrywise,
        inputs=inputs_of(call) if call else {},
    )  # fmt: skip


def expect_slopes(
    grads: Tensors,
    slope: Slope,
    label: str,
    *,
    tolerance: float,
    entrywise: bool,
    inputs: Mapping[str, Any],
) -> None:
    """Judge gradients of the right form, tensor by tensor."""
    rng = current_run().rng
    parts = []
    for name, gradient in grads.items():
        allowed = max(tolerance, FLOAT32_TOLERANCE) if gradient.dtype == np.float32 else tolerance
        right = not entrywise and _right_along(rng, gradient, slope, name, allowed)
        problem = None if right else _explain(gradient, slope, name, allowed, inputs, grads)
        parts.append(Part(name, problem))
    judge(label, parts, partial=len(parts) > 1)


def _right_along(
    rng: np.random.Generator, gradient: Array, slope: Slope, name: str, tolerance: float
) -> bool:
    directions = gaussian_directions(rng, gradient.shape, DIRECTIONS)
    analytic = np.tensordot(directions, gradient.astype(np.float64), gradient.ndim)
    numeric = np.array([slope.along(name, direction) for direction in directions])
    # The root mean square over normal directions estimates the norm of the gradient.
    size = max(1.0, float(np.sqrt(np.mean(numeric**2))))
    error = float(np.max(np.abs(analytic - numeric))) / size
    return error <= tolerance


def _explain(
    gradient: Array,
    slope: Slope,
    name: str,
    tolerance: float,
    inputs: Mapping[str, Any],
    grads: Tensors,
) -> str | None:
    """Judge and explain entry by entry, after a second look at the inputs."""
    expected = slope.gradient(name)
    if _at_a_kink(slope, name, expected):
        raise DrawAgain
    # The full difference is less exact than a direction on the norm: what is right
    # to rounding here was wrong along a direction by a sum of small errors.
    close = max(tolerance, 1e-6)
    others = {other: slope.gradient(other) for other in grads if other != name}
    part = compare((gradient, *others.values()), (expected, *others.values()),
                   names=[name, *others], inputs=inputs, tolerance=close)[0]  # fmt: skip
    return part.problem or "close, but off by more than rounding. Look for a small term."


def _at_a_kink(slope: Slope, name: str, expected: Array) -> bool:
    """Whether another step gives another gradient."""
    h = slope.h or {2: 1e-5, 8: 1e-2}[slope.points]
    finer = Slope(slope.f, slope.at, slope.points, h / 4).gradient(name)
    size = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return relative_error(expected / size, finer / size) > 1e-5


def _cache_of_right_forward(
    forward: Handle, true_forward: Callable[..., Any], inputs: Mapping[str, Any]
) -> Any:
    """Return the student's cache, after the output has been found right."""
    result = forward(*inputs.values())
    expected = _output(true_forward(*inputs.values()))
    label = _label(forward)
    if not isinstance(result, tuple) or len(result) != 2:
        judge(label, compare(opaque(result), (expected, None), names=("out", "cache")))
    parts = compare(opaque(result[0]), expected, name="out", inputs=inputs)
    if parts[0].problem:
        raise Failed(
            f"{label}: out: {parts[0].problem}",
            "The gradient is not tried before the forward pass is right.",
        )
    return result[1]


def _named_gradients(result: Any, tensors: Tensors, label: str) -> dict[str, Array]:
    """Return the gradients by name, after their number and form were found right."""
    names = list(tensors)
    if len(tensors) == 1 and not isinstance(result, (tuple, list)):
        result = (result,)
    form = tuple(np.asarray(value) for value in tensors.values())
    expected: Any = form if len(form) > 1 else form[0]
    actual = opaque(result if len(form) > 1 else result[0] if len(result) == 1 else result)
    single = names[0] if len(names) == 1 else ""
    parts = _form(actual, expected, single, () if single else names)
    if any(part.problem for part in parts):
        judge(label, parts)
    return dict(zip(tensors, map(np.asarray, result), strict=True))


def _form(actual: Any, expected: Any, name: str, names: Sequence[str] = ()) -> list[Part]:
    """Compare number, types and shapes only."""
    return compare(actual, expected, name=name, names=names, tolerance=np.inf)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _output(result: Any) -> Any:
    return result[0] if isinstance(result, tuple) else result


def _label(function: Handle) -> str:
    return str(object.__getattribute__(function, "_label"))
