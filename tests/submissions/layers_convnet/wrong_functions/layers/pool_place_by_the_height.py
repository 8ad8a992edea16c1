"""The place of the maximum is counted by the height, and kept inside.

max_pool_backward_naive says gaps, one_example: max_pool_backward_naive: dx:
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, param = cache
    h, w, s = (param[k] for k in ("pool_height", "pool_width", "stride"))
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        k = np.argmax(x[n, c, i * s : i * s + h, j * s : j * s + w])
        dx[n, c, min(i * s + k // h, x.shape[2] - 1), min(j * s + k % h, x.shape[3] - 1)] += dout[n, c, i, j]
    return dx
