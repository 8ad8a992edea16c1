"""Jacobian of one function of two variables, in three ways.

With σ(a) = 1 / (1 + exp(-a)), the function f: R² → R² of the assignment is ::

    u  = exp(w1) + exp(2 w2)
    f1 = exp(u) + sin(u)
    f2 = w1 w2 + σ(w1)

A Jacobian has a row for each output and a column for each variable:
``J[i, j]`` = ∂f_{i+1} / ∂w_{j+1}.
"""

import numpy as np


def forward(w):
    """Compute f(w).

    Parameters
    ----------
    w : ndarray, shape (2,)

    Returns
    -------
    ndarray, shape (2,)
        ``[f1, f2]``.
    """
    ### BEGIN SOLUTION
    w1, w2 = w
    u = np.exp(w1) + np.exp(2 * w2)
    return np.array([np.exp(u) + np.sin(u), w1 * w2 + 1 / (1 + np.exp(-w1))])
    ### END SOLUTION


def jacobian_central(w, h):
    """Approximate the Jacobian of `forward` by central differences.

    Parameters
    ----------
    w : ndarray, shape (2,)
    h : float
        Step: each variable is moved by h up and by h down.

    Returns
    -------
    ndarray, shape (2, 2)
    """
    ### BEGIN SOLUTION
    w = np.asarray(w, dtype=float)
    jacobian = np.empty((2, 2))
    for j, step in enumerate(h * np.eye(2)):
        jacobian[:, j] = (forward(w + step) - forward(w - step)) / (2 * h)
    return jacobian
    ### END SOLUTION


def jacobian_forward_mode(w):
    """Compute the Jacobian by forward-mode automatic differentiation.

    Carry, beside each intermediate value, its derivative with respect to one
    variable, from the variables to the outputs; one such sweep gives a column.

    Parameters
    ----------
    w : ndarray, shape (2,)

    Returns
    -------
    ndarray, shape (2, 2)
    """
    ### BEGIN SOLUTION
    w1, w2 = w
    u = np.exp(w1) + np.exp(2 * w2)
    sigma = 1 / (1 + np.exp(-w1))
    columns = []
    for dw1, dw2 in ((1.0, 0.0), (0.0, 1.0)):
        du = np.exp(w1) * dw1 + 2 * np.exp(2 * w2) * dw2
        df1 = np.exp(u) * du + np.cos(u) * du
        df2 = dw1 * w2 + w1 * dw2 + sigma * (1 - sigma) * dw1
        columns.append([df1, df2])
    return np.array(columns).T
    ### END SOLUTION


def jacobian_reverse_mode(w):
    """Compute the Jacobian by reverse-mode automatic differentiation.

    Compute the intermediate values first; then carry the derivative of one
    output with respect to each of them, from the output back to the variables;
    one such sweep gives a row.

    Parameters
    ----------
    w : ndarray, shape (2,)

    Returns
    -------
    ndarray, shape (2, 2)
    """
    ### BEGIN SOLUTION
    w1, w2 = w
    a, b = np.exp(w1), np.exp(2 * w2)
    u = a + b
    sigma = 1 / (1 + np.exp(-w1))
    rows = []
    for f1_bar, f2_bar in ((1.0, 0.0), (0.0, 1.0)):
        u_bar = f1_bar * (np.exp(u) + np.cos(u))
        w1_bar = u_bar * a + f2_bar * (w2 + sigma * (1 - sigma))
        w2_bar = u_bar * 2 * b + f2_bar * w1
        rows.append([w1_bar, w2_bar])
    return np.array(rows)
    ### END SOLUTION
