"""Cases beyond the published shapes: what code that fits one example gets wrong.

The tables go into ``@cases(**CONVOLUTIONS)``; the shapes are small, all
dimensions differ where they may, and each case has one difficulty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.handle import opaque
from autograder.checks.registry import Case, case
from autograder.checks.run import Failed, current_run
from autograder.kit.explain import compare
from autograder.kit.explain.compare import FLOAT32_TOLERANCE
from autograder.kit.numeric import Array
from autograder.wall.replies import StudentError

Cases = dict[str, Case]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

AFFINE: Cases = {
    "three_dimensions": case("inputs that are to be flattened", x_shape=(4, 2, 3), M=5),
    "one_example": case("a minibatch of one", x_shape=(1, 6), M=4),
    "one_output": case("an axis of length 1 that must stay", x_shape=(5, 3), M=1),
}
"""Shapes of a fully connected layer: ``x_shape``, and M outputs."""

CONVOLUTIONS: Cases = {
    "same_size": case(
        "padding that keeps height and width, which differ",
        x_shape=(2, 3, 5, 6), w_shape=(4, 3, 3, 3), stride=1, pad=1,
    ),
    "no_padding": case(
        "no padding, and a filter that is not square",
        x_shape=(2, 2, 6, 4), w_shape=(3, 2, 3, 2), stride=1, pad=0,
    ),
    "wide_padding": case(
        "more padding than half a filter, and a stride",
        x_shape=(1, 2, 4, 5), w_shape=(3, 2, 2, 3), stride=2, pad=2,
    ),
    "stride_with_remainder": case(
        "a stride that leaves a remainder",
        x_shape=(3, 1, 6, 7), w_shape=(2, 1, 3, 2), stride=2, pad=0,
    ),
    "one_example": case(
        "a minibatch of one, and a stride of 3",
        x_shape=(1, 3, 5, 7), w_shape=(2, 3, 4, 3), stride=3, pad=1,
    ),
}  # fmt: skip
"""Shapes of a convolution, with ``stride`` and ``pad``; x (N, C, H, W), w (F, C, HH, WW)."""

POOLINGS: Cases = {
    "tiles": case("windows side by side", x_shape=(2, 3, 4, 6), window=(2, 2), stride=2),
    "overlapping": case(
        "windows that overlap, and two that share their largest entry",
        x_shape=(2, 2, 5, 4),
        window=(3, 2),
        stride=1,
    ),
    "gaps": case(
        "rows between the windows that belong to none",
        x_shape=(2, 3, 8, 9),
        window=(2, 3),
        stride=3,
    ),
    "with_remainder": case(
        "a stride that leaves a remainder", x_shape=(3, 1, 5, 7), window=(2, 2), stride=2
    ),
    "one_example": case(
        "a minibatch of one, and a window as wide as the image",
        x_shape=(1, 2, 6, 4),
        window=(3, 4),
        stride=3,
    ),
}
"""Shapes of a pooling layer: x (N, C, H, W), window (height, width)."""


def draw_until(draw: Callable[[], Any], shows: Callable[[Any], bool]) -> Any:
    """Draw the inputs of a case again until they show what it is for.

    Raises
    ------
    ValueError
        None of a thousand draws does.
    """
    for _ in range(1000):
        drawn = draw()
        if shows(drawn):
            return drawn
    raise ValueError("draw_until: none of a thousand draws shows what the case is for")


def draw_pooled(
    rng: np.random.Generator, x_shape: tuple[int, ...], window: tuple[int, int], stride: int
) -> Array:
    """Draw the input of a case of `POOLINGS`.

    Of what the windows cover, the first and the last row and column each have an entry that is the
    largest of its window: a window that is too small or moved shows for every draw. Where the
    windows overlap, some entry is the largest of two of them: a gradient that is overwritten, not
    added up, shows, too.
    """
    sides = list(zip(x_shape[2:], window, strict=True))
    overlap = any(side > stride and length >= side + stride for length, side in sides)
    ends = [(length - side) // stride * stride + side - 1 for length, side in sides]

    def shows(x: Array) -> bool:
        places = _largest(x, window, stride)
        *_, rows, columns = map(set, np.unravel_index(places, x_shape))
        at_the_edges = {0, ends[0]} <= rows and {0, ends[1]} <= columns
        return at_the_edges and not (overlap and len(set(places)) == len(places))

    x: Array = draw_until(lambda: rng.standard_normal(x_shape), shows)
    return x


def _largest(x: Array, window: tuple[int, int], stride: int) -> list[int]:
    """Return where in x, counted along all axes, the largest entry of each window is."""
    N, C, H, W = x.shape
    numbers = np.arange(x.size).reshape(x.shape)
    largest: list[int] = []
    for top in range(0, H - window[0] + 1, stride):
        for left in range(0, W - window[1] + 1, stride):
            part = slice(top, top + window[0]), slice(left, left + window[1])
            values, places = (a[:, :, *part].reshape(N * C, -1) for a in (x, numbers))
            largest += list(places[np.arange(N * C), values.argmax(axis=1)])
    return largest


SCORES: Cases = {
    "ordinary": case("every class is there", N=6, C=4),
    "one_example": case("a minibatch of one", N=1, C=3),
    "two_classes": case("the fewest classes there are", N=5, C=2),
    "class_absent": case("more classes than examples", N=4, C=7),
    "large_scores": case("all scores of an example around a thousand", N=3, C=5, offset=1000.0),
}
"""Numbers of examples and classes; ``offset`` is added to all scores of an example."""


def draw_scores(
    rng: np.random.Generator, N: int, C: int, offset: float = 0.0
) -> tuple[Array, Array]:
    """Draw class scores and labels for a case of `SCORES`.

    Returns
    -------
    scores : ndarray, shape (N, C)
    y : ndarray of int, shape (N,)
        As `draw_labels` gives them.
    """
    signs = rng.permutation(np.resize([1.0, -1.0], (N, 1)))  # both, where there are two examples
    return rng.standard_normal((N, C)) + offset * signs, draw_labels(rng, N, C)


def draw_labels(rng: np.random.Generator, N: int, C: int) -> IntArray:
    """Draw labels so that it does not depend on the draw what a mistake costs.

    Returns
    -------
    y : ndarray of int, shape (N,)
        Every class is there where N >= C. Where N < C the last class is absent,
        and some label is not 0; but a single example is of the last class.
    """
    if N == 1:
        return np.array([C - 1])
    if N < C:
        return rng.permutation(np.append(rng.integers(1, C - 1), rng.integers(0, C - 1, N - 1)))
    return rng.permutation(np.append(np.arange(C), rng.integers(0, C, N - C)))


def is_usual(scores: Array, y: Array) -> bool:
    """Whether no correct class is next to sure, and none hopeless.

    For such scores a loss of ``log(p + 1e-7)`` is right to rounding, and one of
    ``log(p + 1e-6)`` is not, whatever was drawn.

    Parameters
    ----------
    scores : ndarray, shape (N, C)
    y : ndarray of int, shape (N,)
    """
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    mean = float(np.mean(powers.sum(axis=1) / powers[np.arange(len(y)), y]))  # of 1 / p
    return 3 <= mean <= 8


def bends(before: Array) -> bool:
    """Whether it shows, for what a ReLU is given, where it bends.

    Some entry is above zero and some below, neither by 1 nor next to it: a ReLU that cuts at 1 or
    at -1, or not at all, is found out whatever was drawn, and so is such a gradient.
    """
    return all(bool(np.any(np.abs(before - middle) < 0.4)) for middle in (-0.5, 0.5))


def shifting_weights(rng: np.random.Generator, features: Array) -> Array:
    """Draw weights that move the scores of each example by a thousand of its own, up or down.

    Parameters
    ----------
    features : ndarray, shape (N, D)
        N <= D: what the scores are computed from.

    Returns
    -------
    weights : ndarray, shape (D,)
        To be added to the weights of every class: ``features @ weights`` is around ±1000.
    """
    N = len(features)
    shifts = rng.permutation(np.resize([1.0, -1.0], N)) * rng.uniform(800, 1200, N)
    return np.asarray(np.linalg.lstsq(features, shifts, rcond=None)[0])


def expect_right_for_other_arrays(
    call: Callable[..., Any],
    truth: Callable[..., Any] | None,
    args: tuple[Any, ...],
    result: Any,
    label: str,
) -> None:
    """Expect right results for read-only, non-contiguous float32 copies of the arrays.

    Parameters
    ----------
    call : callable
        Makes the student's call.
    truth : callable or None
        Makes the reference's; without one, float32 is left out.
    args : tuple
        Arguments for which the student's result was found right.
    result : object
        That result.

    Raises
    ------
    Failed
    """
    if not any(_is_float_array(value) for value in _flat(args)):
        return
    trial = _Trial(call, truth, args, result)
    if trial.problem(_awkward if truth else _read_only_strided) is None:
        return
    for words, change in _ONE_BY_ONE.items():
        if change is _float32 and truth is None:
            continue
        problem = trial.problem(change)
        if problem is not None and change is _read_only and "read-only" in problem:
            _warn_of_writing(label)
        elif problem is not None:
            raise Failed(f"{label}: right, but not with {words}: {problem}")


@dataclass(frozen=True)
class _Trial:
    call: Callable[..., Any]
    truth: Callable[..., Any] | None
    args: tuple[Any, ...]
    result: Any

    def problem(self, change: Callable[[Array], Array]) -> str | None:
        """Say what is wrong where all arrays are changed, None if nothing."""
        args = [_changed(value, change) for value in self.args]
        try:
            actual = opaque(self.call(*args))
        except StudentError as error:
            if error.cause != "exception":
                raise
            return error.message
        expected = self.result
        if self.truth is not None:
            # The same numbers, for float32 has rounded them, but in full precision.
            expected = self.truth(*(_changed(value, _float64) for value in args))
        parts = compare(
            _at_unit_scale(actual, expected),
            _at_unit_scale(expected, expected),
            tolerance=FLOAT32_TOLERANCE,
        )
        return next((part.problem for part in parts if part.problem), None)


def _warn_of_writing(label: str) -> None:
    run = current_run()
    if not any(call.changed for call in run.session.calls):
        run.warn(f"{label}: writes into its input, and puts it back. Work on a copy.")


def _at_unit_scale(value: Any, scale_of: Any) -> Any:
    """Divide arrays by their largest entry: float32 keeps seven digits of that."""
    if isinstance(value, (tuple, list)) and isinstance(scale_of, (tuple, list)):
        if len(value) == len(scale_of):
            return tuple(map(_at_unit_scale, value, scale_of))
        return value
    if isinstance(value, np.ndarray) and _is_float_array(scale_of):
        return value / max(1.0, float(np.max(np.abs(scale_of), initial=0.0)))
    return value


def _changed(value: Any, change: Callable[[Array], Array]) -> Any:
    if _is_float_array(value):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _changed(item, change) for key, item in value.items()}
    return value


def _is_float_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _flat(values: Any) -> list[Any]:
    return [
        item
        for value in values
        for item in (value.values() if isinstance(value, Mapping) else [value])
    ]


def _read_only(array: Array) -> Array:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def _strided(array: Array) -> Array:
    """Return the same numbers with gaps between them in memory."""
    if array.ndim == 0:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _float32(array: Array) -> Array:
    return array.astype(np.float32)


def _float64(array: Array) -> Array:
    return array.astype(np.float64)


def _read_only_strided(array: Array) -> Array:
    strided = _strided(array)
    if strided is not array:
        strided.flags.writeable = False
    return strided


def _awkward(array: Array) -> Array:
    return _read_only_strided(_float32(array))


_ONE_BY_ONE: dict[str, Callable[[Array], Array]] = {
    "arrays that are read-only": _read_only,
    "arrays that are not contiguous in memory": _strided,
    "arrays of float32": _float32,
}
