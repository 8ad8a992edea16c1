"""The cache begins with the padded pictures; dx is deleted row by row; in-place on its own array."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    p, s = conv_param["pad"], conv_param["stride"]
    x_pad = np.pad(x, ((0,), (0,), (p,), (p,)), "constant", constant_values=0)
    N, _, Hp, Wp = x_pad.shape
    F, _, HH, WW = w.shape
    tops = range(0, Hp - HH + 1, s)
    lefts = range(0, Wp - WW + 1, s)
    out = np.empty((N, F, len(tops), len(lefts)), dtype=x.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            window = x_pad[:, np.newaxis, :, top : top + HH, left : left + WW]
            out[:, :, i, j] = np.sum(window * w, axis=(2, 3, 4))
    out += b[None, :, None, None]
    return out, (x_pad, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x_pad, w, b, conv_param = cache
    p, s = conv_param["pad"], conv_param["stride"]
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * s, i * s + w.shape[2]), slice(j * s, j * s + w.shape[3])
            g = dout[:, :, i, j]
            dw += np.einsum("nf,nchw->fchw", g, x_pad[:, :, rows, cols])
            dx_pad[:, :, rows, cols] += np.einsum("nf,fchw->nchw", g, w)
    dx = dx_pad
    if p > 0:
        dx = dx_pad[:, :, p:-p, p:-p]
    return dx, dw, db
