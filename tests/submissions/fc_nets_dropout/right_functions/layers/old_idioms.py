"""np.dot, masks as floats, the cache in other orders; dropout by binomial."""

import numpy as np


def affine_forward(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    out = rows.dot(w)
    out += b
    return out, (w, x, b)


def affine_backward(dout, cache):
    w, x, b = cache
    rows = x.reshape(x.shape[0], np.prod(x[0].shape))
    db = np.sum(dout, axis=0).reshape(b.shape)
    return dout.dot(w.T).reshape(*x.shape), rows.T.dot(dout), db


def relu_forward(x):
    mask = (x > 0) * 1.0
    return x * mask, mask


def relu_backward(dout, cache):
    return cache * dout


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = None
    if mode == "train":
        mask = np.random.binomial(1, p, size=x.shape) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask)
    return out.astype(x.dtype, copy=False), cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    dx = None
    if mode == "train":
        dx = dout * mask
    elif mode == "test":
        dx = dout
    return dx
