"""A list with a class as cache, loops over the examples, halves at zero."""

import numpy as np


class Saved:
    def __init__(self, **values):
        self.__dict__.update(values)


def affine_forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n, example in enumerate(x):
        out[n] = example.ravel().dot(w) + b
    return [out, Saved(x=x, w=w, b=b)]


def affine_backward(dout, cache):
    dx = np.zeros(cache.x.shape)
    dw = np.zeros(cache.w.shape)
    db = np.zeros(cache.b.shape)
    for n, (example, g) in enumerate(zip(cache.x, dout)):
        dx[n] = cache.w.dot(g).reshape(example.shape)
        dw += np.outer(example, g)
        db += g
    return dx, dw, db


def relu_forward(x):
    return (x + np.absolute(x)) / 2, Saved(slope=np.heaviside(x, 0.5))


def relu_backward(dout, cache):
    return np.multiply(dout, cache.slope)
