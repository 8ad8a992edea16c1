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
    raise NotImplementedError("layers_convnet: implement affine_forward")


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
    raise NotImplementedError("layers_convnet: implement affine_backward")


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
    raise NotImplementedError("layers_convnet: implement relu_forward")


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
    raise NotImplementedError("layers_convnet: implement relu_backward")


def conv_forward_naive(x, w, b, conv_param):
    """Compute a convolutional layer with loops.

    A filter slides over the zero-padded image in steps of ``stride``; each
    output is the sum of the products of filter and window over all channels,
    plus the filter's bias (a cross-correlation: the filter is not flipped).
    Where the stride leaves a remainder, the last rows or columns are not used.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    w : ndarray, shape (F, C, HH, WW)
        F filters of height HH and width WW.
    b : ndarray, shape (F,)
    conv_param : dict
        ``'stride'``: pixels between neighbouring windows;
        ``'pad'``: rows and columns of zeros added on each side of the image.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        H' = 1 + (H + 2·pad - HH) // stride and W' = 1 + (W + 2·pad - WW) // stride.
    cache : tuple
        ``(x, w, b, conv_param)``.
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement conv_forward_naive")


def conv_backward_naive(dout, cache):
    """Compute the gradients of a convolutional layer with loops.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Upstream gradient.
    cache : tuple
        ``(x, w, b, conv_param)`` from `conv_forward_naive`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
        Without the rows and columns of the padding.
    dw : ndarray, shape (F, C, HH, WW)
    db : ndarray, shape (F,)
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement conv_backward_naive")


def max_pool_forward_naive(x, pool_param):
    """Compute max pooling with loops.

    Windows may overlap, and need not be square. Where the stride leaves a
    remainder, the last rows or columns are not used.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    pool_param : dict
        ``'pool_height'``, ``'pool_width'``: size of a window;
        ``'stride'``: pixels between neighbouring windows.

    Returns
    -------
    out : ndarray, shape (N, C, H', W')
        H' = 1 + (H - pool_height) // stride, W' = 1 + (W - pool_width) // stride.
    cache : tuple
        ``(x, pool_param)``.
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement max_pool_forward_naive")


def max_pool_backward_naive(dout, cache):
    """Compute the gradient of max pooling with loops.

    The gradient of a window goes to its largest entry; where several are
    largest, to the first of them in the order of reading (an equal share for
    each is accepted too).

    Parameters
    ----------
    dout : ndarray, shape (N, C, H', W')
        Upstream gradient.
    cache : tuple
        ``(x, pool_param)`` from `max_pool_forward_naive`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement max_pool_backward_naive")


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
