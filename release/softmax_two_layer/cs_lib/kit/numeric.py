"""Numeric derivatives and errors: the arithmetic behind every verdict.

Pure NumPy. A copy goes into each release, so that a student's own test and the
grader measure in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

# Offsets in units of the step, with the weights of f(x + offset h) - f(x - offset h).
# 8 points: the stencil of order eight that the test of backprop_a2 uses; see Fornberg,
# "Generation of finite difference formulas on arbitrarily spaced grids", Math. Comp. 51, 1988.
STENCILS: dict[int, tuple[tuple[int, float], ...]] = {
    2: ((1, 1 / 2),),
    8: ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280)),
}
STEPS = {2: 1e-5, 8: 1e-2}
"""The step h that suits each stencil in float64."""


def entry_errors(actual: ArrayLike, expected: ArrayLike) -> Array:
    """Return the error of every entry, relative where ``|expected| > 1``.

    Parameters
    ----------
    actual, expected : ndarray, same shape

    Returns
    -------
    errors : ndarray of float64, same shape
        0 where both are equal, also where both are the same infinity or NaN;
        NaN or infinity where only one of them is finite.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    wide = np.complex128 if "c" in actual.dtype.kind + expected.dtype.kind else np.float64
    actual, expected = actual.astype(wide, copy=False), expected.astype(wide, copy=False)
    with np.errstate(all="ignore"):
        errors = np.asarray(np.abs(actual - expected) / np.maximum(1.0, np.abs(expected)))
    if np.isfinite(errors).all():
        return errors
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    return np.where(same, 0.0, errors)


def relative_error(actual: ArrayLike, expected: ArrayLike) -> float:
    """Return the largest relative error, or absolute error where ``|expected| < 1``.

    Parameters
    ----------
    actual, expected : ndarray, same shape

    Returns
    -------
    error : float
        NaN if an entry is NaN in one of them only: ask ``if not error <= tolerance``.

    Notes
    -----
    Denominator ``max(1, |expected|)`` as in scipy's ``check_derivative``: the
    element-wise ratio failed 2 % of correct affine solutions at 1e-8.
    """
    errors = entry_errors(actual, expected)
    return float(errors.max()) if errors.size else 0.0


def directional_difference(
    f: Callable[[Array], ArrayLike],
    x: Array,
    direction: Array,
    *,
    h: float = 0.0,
    points: int = 2,
) -> float:
    """Return the derivative of ``sum(f)`` at ``x`` along a direction, by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of x's shape, returns a number or an array. An array is
        differenced before it is summed: a large entry does not drown a small one.
    x, direction : ndarray, same shape
    h : float
        Step; 0 takes the one that suits the stencil.
    points : {2, 8}
        Points of the stencil.
    """
    h = h or STEPS[points]
    step = h * direction
    total = 0.0
    for offset, weight in STENCILS[points]:
        ahead, behind = np.asarray(f(x + offset * step)), np.asarray(f(x - offset * step))
        total += weight * float(np.sum(ahead - behind))
    return total / h


def central_difference(
    f: Callable[[Array], ArrayLike], x: Array, *, h: float = 0.0, points: int = 2
) -> Array:
    """Return the gradient of ``sum(f)`` at ``x``, entry by entry.

    Parameters
    ----------
    f : callable
        As in `directional_difference`.
    x : ndarray, any shape
    h : float
        Step; 0 takes the one that suits the stencil.
    points : {2, 8}
        Points of the stencil.

    Returns
    -------
    gradient : ndarray of float64, same shape as x
    """
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty(x.shape)
    direction = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        direction[index] = 1.0
        gradient[index] = directional_difference(f, x, direction, h=h, points=points)
        direction[index] = 0.0
    return gradient


def gaussian_directions(rng: np.random.Generator, shape: tuple[int, ...], count: int) -> Array:
    """Draw directions of independent normal entries.

    Returns
    -------
    directions : ndarray, shape (count, *shape)

    Notes
    -----
    Normal and not ±1: two errors of equal size and opposite sign cancel along
    half of all ±1 directions.
    """
    return rng.standard_normal((count, *shape))
