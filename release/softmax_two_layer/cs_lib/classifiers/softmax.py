"""Loss of a linear softmax classifier."""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    """Compute loss and gradient of a linear softmax classifier, without loops.

    The scores of all images are ``W X``. The loss is the mean cross-entropy of
    their softmax plus 0.5·reg times the sum of the squared weights (reg times
    the sum is accepted too, when the gradient agrees with it). It must hold
    where all scores of an image are in the thousands: subtract the largest of
    them from each.

    Parameters
    ----------
    W : ndarray, shape (C, D)
        Weights, a row for each class.
    X : ndarray, shape (D, N)
        Data, a column for each image.
    y : ndarray of int, shape (N,)
        Labels, 0 <= y < C.
    reg : float
        Strength of the regularisation.

    Returns
    -------
    loss : float
    dW : ndarray, shape (C, D)
        Gradient of the loss with respect to W.
    """
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement softmax_loss_vectorized")
