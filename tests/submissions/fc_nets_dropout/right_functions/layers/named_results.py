"""Namedtuples as results and as the cache."""

from collections import namedtuple

Forward = namedtuple("Forward", "out cache")
Inputs = namedtuple("Inputs", "x w b")
Gradients = namedtuple("Gradients", "dx dw db")


def affine_forward(x, w, b):
    return Forward(x.reshape(len(x), -1).dot(w) + b, Inputs(x=x, w=w, b=b))


def affine_backward(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    return Gradients(
        dx=dout.dot(cache.w.T).reshape(cache.x.shape), dw=rows.T.dot(dout), db=dout.sum(axis=0)
    )
