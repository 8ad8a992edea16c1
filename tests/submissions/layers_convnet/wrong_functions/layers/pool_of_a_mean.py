"""The gradient is shared out.

max_pool_backward_naive says is shared out among all entries of a window
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, param = cache
    h, w, s = (param[k] for k in ("pool_height", "pool_width", "stride"))
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c, i * s : i * s + h, j * s : j * s + w] += dout[n, c, i, j] / (h * w)
    return dx
