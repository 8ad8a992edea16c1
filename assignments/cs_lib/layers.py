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
    ### BEGIN SOLUTION
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w, b)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    return np.maximum(x, 0), x
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    return dout * (cache > 0)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    if dropout_param["mode"] == "test":
        return x.copy(), (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    p = dropout_param["p"]
    mask = (np.random.rand(*x.shape) < p).astype(x.dtype) / p
    return x * mask, (dropout_param, mask)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    dropout_param, mask = cache
    return dout.copy() if dropout_param["mode"] == "test" else dout * mask
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, w, b))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        window = padded[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    _, _, H, W = x.shape
    _, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded = np.zeros(padded.shape, dtype=dout.dtype)
    dw = np.zeros(w.shape, dtype=dout.dtype)
    for n, f, i, j in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + HH)
        columns = slice(j * stride, j * stride + WW)
        dpadded[n, :, rows, columns] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * padded[n, :, rows, columns]
    db = dout.sum(axis=(0, 2, 3))
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
    ### END SOLUTION


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
