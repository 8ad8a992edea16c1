"""Convolution and max pooling without loops over images, filters or pixels.

Same arguments and results as the naive functions of `cs_lib.layers`, for any
stride, padding and window. Only the caches differ: a fast backward function
takes the cache of its own fast forward function.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(size, window, stride, offset):
    """Slice that picks entry ``offset`` of every window along an axis of ``size`` pixels."""
    count = 1 + (size - window) // stride
    return slice(offset, offset + stride * (count - 1) + 1, stride)


def conv_forward_fast(x, w, b, conv_param):
    """Compute a convolutional layer as one matrix product an image (im2col).

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    w : ndarray, shape (F, C, HH, WW)
    b : ndarray, shape (F,)
    conv_param : dict
        ``'stride'`` and ``'pad'``, in pixels.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        H' = 1 + (H + 2·pad - HH) // stride and W' = 1 + (W + 2·pad - WW) // stride.
    cache : tuple
        For `conv_backward_fast`.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    padded[:, :, pad : pad + H, pad : pad + W] = x
    windows = sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    _, _, H_out, W_out, _, _ = windows.shape
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * HH * WW, H_out * W_out)
    # (F, C·HH·WW) times (N, C·HH·WW, H'·W'): the product lands in (N, F, H', W') order.
    out = np.matmul(w.reshape(F, -1), columns)
    out += b[:, np.newaxis]
    return out.reshape(N, F, H_out, W_out), (x.shape, w, conv_param, columns)


def conv_backward_fast(dout, cache):
    """Compute the gradients of a convolutional layer as matrix products.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Upstream gradient.
    cache : tuple
        From `conv_forward_fast`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    dw : ndarray, shape (F, C, HH, WW)
    db : ndarray, shape (F,)
    """
    (N, C, H, W), w, conv_param, columns = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    dout_rows = dout.reshape(N, F, H_out * W_out)
    dw = np.matmul(dout_rows, columns.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    db = np.einsum("nfp->f", dout_rows)
    dcolumns = np.matmul(w.reshape(F, -1).T, dout_rows).reshape(N, C, HH, WW, H_out, W_out)
    dpadded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=dcolumns.dtype)
    for i, j in np.ndindex(HH, WW):
        rows = _windows(H + 2 * pad, HH, stride, i)
        dpadded[:, :, rows, _windows(W + 2 * pad, WW, stride, j)] += dcolumns[:, :, i, j]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


conv_forward_im2col = conv_forward_fast
conv_backward_im2col = conv_backward_fast


def max_pool_forward_fast(x, pool_param):
    """Compute max pooling: first the largest of each window's row, then of the rows.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    pool_param : dict
        ``'pool_height'``, ``'pool_width'`` and ``'stride'``, in pixels.

    Returns
    -------
    out : ndarray, shape (N, C, H', W')
        H' = 1 + (H - pool_height) // stride, W' = 1 + (W - pool_width) // stride.
    cache : tuple
        For `max_pool_backward_fast`.
    """
    height, width, stride = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    row_max = _running_max(x, 3, width, stride)
    out = _running_max(row_max, 2, height, stride)
    return out, (x, row_max, out, pool_param)


def max_pool_backward_fast(dout, cache):
    """Compute the gradient of max pooling; of equal entries the first takes it all.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H', W')
        Upstream gradient.
    cache : tuple
        From `max_pool_forward_fast`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    """
    x, row_max, out, pool_param = cache
    height, width, stride = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    N, C, H, W = x.shape
    corners = _window_corners(N * C, H, W, height, width, stride)
    largest = out.reshape(corners.shape)
    # From its first pixel each window steps down while the row's largest entry is not the
    # window's, then right while the pixel is not.
    above = np.ones(corners.shape, dtype=bool)
    places = corners
    for i in range(height - 1):
        row = row_max[:, :, _windows(H, height, stride, i)]
        above &= (row != out).reshape(corners.shape)
        places = places + np.multiply(above, W, dtype=places.dtype)
    for _ in range(width - 1):
        places = places + (x.take(places) != largest)
    dx = np.zeros(x.size, dtype=dout.dtype)
    if stride < max(height, width):  # one pixel may be the largest of several windows
        np.add.at(dx, places.reshape(-1), dout.reshape(-1))
    else:
        dx[places.reshape(-1)] = dout.reshape(-1)
    return dx.reshape(x.shape)


@lru_cache(maxsize=8)  # training asks for the same shape at every step
def _window_corners(images, H, W, height, width, stride):
    """Flat index of each window's first pixel, shape (images, H'·W')."""
    rows = np.arange(0, H - height + 1, stride)
    columns = np.arange(0, W - width + 1, stride)
    corners = (rows[:, np.newaxis] * W + columns).reshape(-1)
    corners = np.arange(images)[:, np.newaxis] * (H * W) + corners
    corners.flags.writeable = False
    return corners


def _axis_slice(axis, picked):
    return (slice(None),) * axis + (picked,)


def _running_max(x, axis, window, stride):
    """Largest entry of each window along one axis."""
    picks = [
        x[_axis_slice(axis, _windows(x.shape[axis], window, stride, offset))]
        for offset in range(window)
    ]
    if window == 1:
        return picks[0].copy()
    largest = np.maximum(picks[0], picks[1])
    for pick in picks[2:]:
        np.maximum(largest, pick, out=largest)
    return largest
