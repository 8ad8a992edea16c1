"""Pooling by a mask of what equals the maximum, with = for +=.

max_pool_backward_naive says Use += for =.
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, param = cache
    height, width, stride = param["pool_height"], param["pool_width"], param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + height)
        columns = slice(j * stride, j * stride + width)
        window = x[n, c, rows, columns]
        dx[n, c, rows, columns] = (window == np.max(window)) * dout[n, c, i, j]
    return dx
