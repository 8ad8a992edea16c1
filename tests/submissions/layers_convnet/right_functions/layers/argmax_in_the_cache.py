"""Pooling keeps the places of the largest entries, and sends the gradient there."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    ph, pw, s = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    N, C, H, W = x.shape
    rows, columns = (H - ph) // s + 1, (W - pw) // s + 1
    out = np.empty((N, C, rows, columns), x.dtype)
    places = np.empty((N, C, rows, columns), dtype=np.int64)
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * s : i * s + ph, j * s : j * s + pw].reshape(N, C, ph * pw)
            places[:, :, i, j] = window.argmax(axis=-1)
            out[:, :, i, j] = window.max(axis=-1)
    return out, (places, x.shape, pool_param)


def max_pool_backward_naive(dout, cache):
    places, shape, pool_param = cache
    pw, s = pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(shape, dtype=dout.dtype)
    n, c, i, j = np.indices(dout.shape)
    np.add.at(dx, (n, c, i * s + places // pw, j * s + places % pw), dout)
    return dx
