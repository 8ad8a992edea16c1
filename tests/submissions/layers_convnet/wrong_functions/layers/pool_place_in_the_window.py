"""The place in the window is taken for that in the image.

max_pool_backward_naive says Add where the window begins
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, param = cache
    h, w, s = (param[k] for k in ("pool_height", "pool_width", "stride"))
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * s : i * s + h, j * s : j * s + w]
        a, b = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, a, b] += dout[n, c, i, j]
    return dx
