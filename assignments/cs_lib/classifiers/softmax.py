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
    ### BEGIN SOLUTION
    N = X.shape[1]
    scores = W @ X
    scores -= scores.max(axis=0)
    log_p = scores - np.log(np.exp(scores).sum(axis=0))
    loss = -log_p[y, np.arange(N)].mean() + 0.5 * reg * np.sum(W * W)
    dscores = np.exp(log_p)
    dscores[y, np.arange(N)] -= 1
    return float(loss), dscores @ X.T / N + reg * W
    ### END SOLUTION
