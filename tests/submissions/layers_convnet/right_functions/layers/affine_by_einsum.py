"""einsum and tensordot, a dict as cache, Fortran order, ReLU by where and by sign."""

import numpy as np


def affine_forward(x, w, b):
    flat = x.reshape(len(x), w.shape[0])
    out = np.asfortranarray(np.einsum("nd,dm->nm", flat, w) + b)
    return out, {"x": x, "w": w}


def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx = np.tensordot(dout, w, axes=([1], [1])).reshape(x.shape)
    dw = np.einsum("nd,nm->dm", x.reshape(len(x), -1), dout)
    return [dx, dw, np.add.reduce(dout)]


def relu_forward(x):
    return np.where(x > 0, x, 0), (x,)


def relu_backward(dout, cache):
    (x,) = cache
    return dout * (np.sign(x) + np.abs(np.sign(x))) / 2
