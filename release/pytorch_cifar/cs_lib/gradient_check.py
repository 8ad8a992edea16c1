"""Numeric gradients by central differences, to hold an analytic gradient against.

The functions change entries of ``x`` one at a time and put each back, so ``f``
may also read the array from elsewhere (a model's parameter, say).
"""

import numpy as np


def rel_error(x, y):
    """Largest element-wise relative error of two arrays.

    Parameters
    ----------
    x, y : ndarray, same shape

    Returns
    -------
    float
        max of |x - y| / max(1e-8, |x| + |y|), between 0 and 1.
    """
    x, y = np.asarray(x), np.asarray(y)
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


def _central_differences(f, x, h):
    """Yield each index of ``x`` with (f(x + h e) - f(x - h e)) / 2h along that entry."""
    for index in np.ndindex(*x.shape):
        before = x[index]
        x[index] = before + h
        above = f(x)
        x[index] = before - h
        below = f(x)
        x[index] = before
        yield index, (above - below) / (2 * h)


def eval_numerical_gradient(f, x, verbose=True, h=1e-5):
    """Gradient of a scalar function by central differences.

    Parameters
    ----------
    f : callable
        Takes ``x``, returns a float.
    x : ndarray of float
        Point at which to differentiate.
    verbose : bool
        Print each entry as it is computed.
    h : float
        Step.

    Returns
    -------
    ndarray, same shape as x
    """
    gradient = np.zeros_like(x)
    for index, slope in _central_differences(f, x, h):
        gradient[index] = slope
        if verbose:
            print(index, slope)
    return gradient


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """Gradient of sum(f(x) * df) by central differences.

    Parameters
    ----------
    f : callable
        Takes ``x``, returns an array.
    x : ndarray of float
        Point at which to differentiate.
    df : ndarray, shape of f(x)
        Upstream gradient.
    h : float
        Step.

    Returns
    -------
    ndarray, same shape as x
    """
    gradient = np.zeros_like(x)

    def output(point):
        return np.array(f(point))  # a copy: f may return the same buffer twice

    for index, slope in _central_differences(output, x, h):
        gradient[index] = np.sum(slope * df)
    return gradient


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5):
    """Print numeric against analytic gradient at randomly picked entries.

    Parameters
    ----------
    f : callable
        Takes ``x``, returns a float.
    x : ndarray of float
        Point at which to differentiate.
    analytic_grad : ndarray, same shape as x
    num_checks : int
        Number of entries, drawn with ``np.random``.
    h : float
        Step.

    Returns
    -------
    float
        Largest relative error among the entries.
    """
    largest = 0.0
    for _ in range(num_checks):
        index = tuple(np.random.randint(size) for size in x.shape)
        entry = x[index]
        x[index] = entry + h
        above = f(x)
        x[index] = entry - h
        below = f(x)
        x[index] = entry
        numeric, analytic = (above - below) / (2 * h), analytic_grad[index]
        error = rel_error(numeric, analytic)
        print(f"numerical: {numeric:f} analytic: {analytic:f}, relative error: {error:e}")
        largest = max(largest, error)
    return largest
