"""Seven plain loops with an index for each, `range(0, ..., stride)`, and xrange's successor."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    out = None
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride = conv_param["stride"]
    pad = conv_param["pad"]
    Hp = int(1 + (H + 2 * pad - HH) / stride)
    Wp = int(1 + (W + 2 * pad - WW) / stride)
    out = np.zeros((N, F, Hp, Wp))
    for n in range(N):
        for f in range(F):
            for i in range(Hp):
                for j in range(Wp):
                    total = 0.0
                    for c in range(C):
                        for k in range(HH):
                            for m in range(WW):
                                row, column = i * stride + k - pad, j * stride + m - pad
                                if 0 <= row < H and 0 <= column < W:
                                    total += x[n, c, row, column] * w[f, c, k, m]
                    out[n, f, i, j] = total + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    dx, dw, db = None, None, None
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    _, C, H, W = x.shape
    F, _, HH, WW = w.shape
    for n in range(dout.shape[0]):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    g = dout[n, f, i, j]
                    db[f] += g
                    for k in range(HH):
                        for m in range(WW):
                            row, column = i * stride + k - pad, j * stride + m - pad
                            if row >= 0 and row < H and column >= 0 and column < W:
                                for c in range(C):
                                    dx[n, c, row, column] += w[f, c, k, m] * g
                                    dw[f, c, k, m] += x[n, c, row, column] * g
    return dx, dw, db
