"""More in the cache than the hand-out has, and relu by multiplication."""

import numpy as np


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)
    out = flat @ w + b
    return out, (flat, x.shape, w, b, out)


def affine_backward(dout, cache):
    flat, shape, w, b, _ = cache
    return (dout @ w.T).reshape(shape), flat.T @ dout, dout.sum(axis=0)


def relu_forward(x):
    positive = np.greater(x, 0)
    return np.multiply(x, positive), (positive, x)


def relu_backward(dout, cache):
    positive, _ = cache
    return positive * dout
