"""Pooling with np.argwhere's first place, and a stack of flattened windows."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    ph, pw = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    N, C, H, W = x.shape
    H2, W2 = 1 + (H - ph) // s, 1 + (W - pw) // s
    flat = x.reshape(N * C, H, W)
    out = np.array(
        [
            [[image[i * s : i * s + ph, j * s : j * s + pw].max() for j in range(W2)] for i in range(H2)]
            for image in flat
        ]
    )
    return out.reshape(N, C, H2, W2), (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    dx = 0.0 * x
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    window = x[n, c, i * s : i * s + ph, j * s : j * s + pw]
                    row, column = np.argwhere(window == window.max())[0]
                    dx[n, c, i * s + row, j * s + column] += dout[n, c, i, j]
    return dx
