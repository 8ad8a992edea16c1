"""The place of the maximum is counted by the height: outside of the image.

max_pool_backward_naive says A place k in a window is its row k // width and column k % width.
not loop run
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, param = cache
    h, w, s = (param[k] for k in ("pool_height", "pool_width", "stride"))
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        k = np.argmax(x[n, c, i * s : i * s + h, j * s : j * s + w])
        dx[n, c, i * s + k // h, j * s + k % h] += dout[n, c, i, j]
    return dx
