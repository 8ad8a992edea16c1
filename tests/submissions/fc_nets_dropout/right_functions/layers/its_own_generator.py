"""Dropout draws from a Generator where no seed is given; affine by matmul on 2-d views."""

import numpy as np

_RNG = np.random.default_rng()


def affine_forward(x, w, b):
    return np.matmul(x.reshape((x.shape[0], -1)), w) + b[np.newaxis, :], (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = np.matmul(dout, w.swapaxes(0, 1)).reshape(x.shape)
    dw = np.matmul(x.reshape((x.shape[0], -1)).swapaxes(0, 1), dout)
    return dx, dw, np.einsum("nm->m", dout)


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] != "train":
        return x.copy(), (dropout_param, np.ones_like(x))
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
        draws = np.random.rand(*x.shape)
    else:
        draws = _RNG.random(x.shape)
    mask = np.zeros(x.shape)
    mask[draws < p] = 1.0 / p
    return x * mask, (dropout_param, mask)


def dropout_backward(dout, cache):
    return dout * cache[1]
