"""Columns of windows and one product; the cache holds the columns, not the pictures."""

import numpy as np


def _places(x_shape, w_shape, stride, pad):
    _, C, H, W = x_shape
    _, _, HH, WW = w_shape
    rows = (H + 2 * pad - HH) // stride + 1
    columns = (W + 2 * pad - WW) // stride + 1
    i = np.tile(np.repeat(np.arange(HH), WW), C)[:, None]
    j = np.tile(np.tile(np.arange(WW), HH), C)[:, None]
    i = i + stride * np.repeat(np.arange(rows), columns)
    j = j + stride * np.tile(np.arange(columns), rows)
    k = np.repeat(np.arange(C), HH * WW)[:, None]
    return k, i, j, rows, columns


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    k, i, j, rows, columns = _places(x.shape, w.shape, stride, pad)
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
    windows = padded[:, k, i, j]
    flat = w.reshape(w.shape[0], -1)
    out = np.einsum("fk,nkp->nfp", flat, windows) + b[:, None]
    out = out.reshape(x.shape[0], w.shape[0], rows, columns)
    return out, {"windows": windows, "w": w, "shape": x.shape, "stride": stride, "pad": pad}


def conv_backward_naive(dout, cache):
    w, shape, pad = cache["w"], cache["shape"], cache["pad"]
    k, i, j, _, _ = _places(shape, w.shape, cache["stride"], pad)
    N, C, H, W = shape
    d = dout.reshape(N, w.shape[0], -1)
    dw = np.einsum("nfp,nkp->fk", d, cache["windows"]).reshape(w.shape)
    dwindows = np.einsum("fk,nfp->nkp", w.reshape(w.shape[0], -1), d)
    dpadded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=dout.dtype)
    np.add.at(dpadded, (slice(None), k, i, j), dwindows)
    return dpadded[:, :, pad : H + pad, pad : W + pad], dw, d.sum(axis=2).sum(axis=0)
