"""Fortran order, lists for tuples, dropout by choice, a mask that keeps booleans."""

import numpy as np


def affine_forward(x, w, b):
    flat = np.asfortranarray(x.reshape(len(x), -1))
    return [np.add(flat @ w, b), [flat, w, x.shape]]


def affine_backward(dout, cache):
    flat, w, shape = cache
    return [
        np.asfortranarray((dout @ w.T).reshape(shape)),
        np.asfortranarray(flat.T @ dout),
        np.einsum("ij->j", dout),
    ]


def relu_forward(x):
    return [0.5 * (np.abs(x) + x), [np.signbit(-x)]]


def relu_backward(dout, cache):
    return np.where(cache[0], dout, 0.0 * dout)


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    seed = dropout_param.get("seed", None)
    if seed is not None:
        np.random.seed(seed)
    if dropout_param["mode"] != "train":
        return [x, [None, p]]
    keep = np.random.choice([True, False], size=x.shape, p=[p, 1 - p])
    return [np.divide(np.multiply(x, keep), p), [keep, p]]


def dropout_backward(dout, cache):
    keep, p = cache
    return dout if keep is None else dout * keep / p
