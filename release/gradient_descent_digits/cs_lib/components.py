"""The parts of a small network: two activation functions, a loss, and their derivatives.

Every function works element by element and returns what it computed: it does not change its
arguments. A plain number, a vector and a batch of rows are all fine as input.
"""

import numpy as np


def sigmoid(x):
    """Sigmoid function, 1 / (1 + exp(-x)), element by element.

    Parameters
    ----------
    x : ndarray, any shape, or a number

    Returns
    -------
    ndarray, same shape as x
        Values from 0 to 1. Far below zero, as at x = -1000, the result is 0; NumPy may warn of
        an overflow on the way there, which costs no points.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement sigmoid")


def sigmoid_grad(x):
    """Derivative of the sigmoid function at x, element by element.

    Parameters
    ----------
    x : ndarray, any shape, or a number
        Where the derivative is taken: the input of `sigmoid`, not its output.

    Returns
    -------
    ndarray, same shape as x
        Values from 0 to 1/4. Try x = 1000 and x = -1000 as well: the result is 0, not NaN.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement sigmoid_grad")


def relu(x):
    """Rectified linear unit, max(0, x), element by element.

    Parameters
    ----------
    x : ndarray, any shape, or a number

    Returns
    -------
    ndarray, same shape as x
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement relu")


def relu_grad(x):
    """Derivative of the rectified linear unit at x, element by element.

    Parameters
    ----------
    x : ndarray, any shape, or a number
        Where the derivative is taken: the input of `relu`, not its output.

    Returns
    -------
    ndarray, same shape as x
        At x = 0, where there is a kink, 0, 1/2 and 1 are all accepted.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement relu_grad")


def bce_loss(y, y_hat):
    """Binary cross-entropy of each prediction: no sum, no mean.

    Parameters
    ----------
    y : ndarray, any shape, or a number
        True labels, 0 or 1.
    y_hat : ndarray, same shape as y
        Predicted probabilities of label 1, between 0 and 1.

    Returns
    -------
    ndarray, same shape as y
        In nats. Use the natural logarithm and do not clip `y_hat`: a prediction of exactly
        0 or 1 may give inf or NaN, and section 1.6 shows what that tells you.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement bce_loss")


def bce_loss_grad(y, y_hat):
    """Derivative of `bce_loss` with respect to the prediction.

    Parameters
    ----------
    y : ndarray, any shape, or a number
        True labels, 0 or 1.
    y_hat : ndarray, same shape as y
        Predicted probabilities of label 1, between 0 and 1.

    Returns
    -------
    ndarray, same shape as y
        One derivative for each prediction: no sum, no mean.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_digits: implement bce_loss_grad")
