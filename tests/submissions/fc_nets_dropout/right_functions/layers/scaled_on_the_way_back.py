"""Dropout keeps a boolean mask and divides by p both ways; ReLU without a branch."""

import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param.get("seed") is not None:
        np.random.seed(dropout_param["seed"])
    if dropout_param["mode"] == "test":
        return 1 * x, {"keep": None, "p": p}
    keep = np.random.random_sample(x.shape) <= p
    out = np.zeros_like(x)
    out[keep] = x[keep] / p
    return out, {"keep": keep, "p": p}


def dropout_backward(dout, cache):
    if cache["keep"] is None:
        return dout + 0
    return np.where(cache["keep"], dout, 0) / cache["p"]


def relu_forward(x):
    return x.clip(min=0), x.copy()


def relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache <= 0] = 0
    return dx
