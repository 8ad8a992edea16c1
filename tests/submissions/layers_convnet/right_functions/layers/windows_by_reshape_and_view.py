"""Pooling on a view of all windows; an equal share for ties."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    size = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::s, ::s]
    out = view.max(axis=(4, 5))
    return out, [x, dict(pool_param), out]


def max_pool_backward_naive(dout, cache):
    x, pool_param, out = cache
    s = pool_param["stride"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    count = np.zeros(dout.shape)
    cells = [(a, b) for a in range(pool_param["pool_height"]) for b in range(pool_param["pool_width"])]
    _, _, rows, columns = dout.shape
    parts = {}
    for a, b in cells:
        part = x[:, :, a : a + s * rows : s, b : b + s * columns : s][:, :, :rows, :columns]
        parts[a, b] = part == out
        count += parts[a, b]
    for a, b in cells:
        dx[:, :, a : a + s * rows : s, b : b + s * columns : s] += dout * parts[a, b] / count
    return dx
