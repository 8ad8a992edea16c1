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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement forward")


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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement jacobian_central")


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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement jacobian_forward_mode")


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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement jacobian_reverse_mode")
