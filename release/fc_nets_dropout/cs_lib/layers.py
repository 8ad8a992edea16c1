"""Layers and losses as pairs of a forward and a backward function.

A forward function returns its output and a ``cache`` with what its backward
function needs. A backward function takes ``dout``, the gradient of the loss
with respect to the output, and returns the gradients with respect to the
inputs, in their order and of their shapes. No function changes its arguments.
"""

import numpy as np


def affine_forward(x, w, b):
    """Compute a fully connected layer for a minibatch.

    Each of the N inputs is flattened to a row of D = d_1 · … · d_k values; the
    row times ``w`` plus ``b`` is its output.

    Parameters
    ----------
    x : ndarray, shape (N, d_1, ..., d_k)
    w : ndarray, shape (D, M)
    b : ndarray, shape (M,)

    Returns
    -------
    out : ndarray, shape (N, M)
    cache : tuple
        ``(x, w, b)``, with ``x`` in its first shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement affine_forward")


def affine_backward(dout, cache):
    """Compute the gradients of a fully connected layer.

    Parameters
    ----------
    dout : ndarray, shape (N, M)
        Upstream gradient.
    cache : tuple
        ``(x, w, b)`` from `affine_forward`.

    Returns
    -------
    dx : ndarray, shape (N, d_1, ..., d_k)
    dw : ndarray, shape (D, M)
    db : ndarray, shape (M,)
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement affine_backward")


def relu_forward(x):
    """Compute the rectified linear unit, max(0, x), of every entry.

    Parameters
    ----------
    x : ndarray, any shape

    Returns
    -------
    out : ndarray, same shape as x
    cache : ndarray
        ``x``.
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement relu_forward")


def relu_backward(dout, cache):
    """Compute the gradient of a rectified linear unit.

    At exactly 0 the unit has a kink; 0, 1/2 and 1 are all accepted there.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache : ndarray, same shape as dout
        The input ``x`` of `relu_forward`.

    Returns
    -------
    dx : ndarray, same shape as dout
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement relu_backward")


def dropout_forward(x, dropout_param):
    """Compute inverted dropout.

    In training each entry is kept with probability p, independently of the
    others, and divided by p, so that its expected value stays what it was; the
    rest are set to zero. At test time the input passes through as it is.

    Parameters
    ----------
    x : ndarray, any shape
    dropout_param : dict
        ``'mode'``: ``'train'`` or ``'test'``;
        ``'p'``: probability of **keeping** an entry, 0 < p <= 1;
        ``'seed'`` (optional): where it is given, call ``np.random.seed`` with it
        first, so that the same mask is drawn at each call, as a gradient check
        needs it.

    Returns
    -------
    out : ndarray, same shape as x
    cache : tuple
        ``(dropout_param, mask)``; the mask is None at test time.

    Notes
    -----
    The published figures come from the mask ``np.random.rand(*x.shape) < p``.
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement dropout_forward")


def dropout_backward(dout, cache):
    """Compute the gradient of inverted dropout, in the mode of the forward pass.

    Parameters
    ----------
    dout : ndarray, any shape
        Upstream gradient.
    cache : tuple
        ``(dropout_param, mask)`` from `dropout_forward`.

    Returns
    -------
    dx : ndarray, same shape as dout
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement dropout_backward")


def svm_loss(x, y):
    """Compute the multiclass hinge loss with margin 1 (Weston and Watkins, 1999).

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Scores.
    y : ndarray of int, shape (N,)
        Labels, 0 <= y < C.

    Returns
    -------
    loss : float
        Mean over the minibatch.
    dx : ndarray, shape (N, C)
        Gradient of the loss with respect to the scores.
    """
    N = x.shape[0]
    rows = np.arange(N)
    margins = np.maximum(0, x - x[rows, y, np.newaxis] + 1)
    margins[rows, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return float(margins.sum() / N), dx / N


def softmax_loss(x, y):
    """Compute the cross-entropy of the softmax of the scores.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Scores.
    y : ndarray of int, shape (N,)
        Labels, 0 <= y < C.

    Returns
    -------
    loss : float
        Mean over the minibatch.
    dx : ndarray, shape (N, C)
        Gradient of the loss with respect to the scores.
    """
    N = x.shape[0]
    # A softmax does not change when its row is shifted, and exp(x <= 0) cannot overflow.
    shifted = x - x.max(axis=1, keepdims=True)
    log_normalizer = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    log_probabilities = shifted - log_normalizer
    dx = np.exp(log_probabilities)
    dx[np.arange(N), y] -= 1
    return float(-log_probabilities[np.arange(N), y].mean()), dx / N
