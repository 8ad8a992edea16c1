"""dx as a full correlation of the dilated upstream gradient with the turned filters."""

import numpy as np


def _correlate(x, w):
    view = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", view, w)


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = _correlate(padded, w)[:, :, ::s, ::s] + b[:, None, None]
    return np.ascontiguousarray(out), (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    dilated = np.zeros((N, F, H + 2 * p - HH + 1, W + 2 * p - WW + 1))
    dilated[:, :, ::s, ::s] = dout
    wide = np.pad(dilated, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
    turned = np.flip(w, axis=(2, 3)).swapaxes(0, 1)
    dx = _correlate(wide, turned)[:, :, p : p + H, p : p + W]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dw = _correlate(padded.swapaxes(0, 1), dilated.swapaxes(0, 1)).swapaxes(0, 1)
    return dx, dw, dout.sum((0, 2, 3))
