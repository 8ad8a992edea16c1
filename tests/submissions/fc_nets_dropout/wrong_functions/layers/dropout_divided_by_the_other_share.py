"""Divided by 1 - p.

dropout_layer_forward says divided by 1 - dropout_param['p'], in the place of dropout_param['p']?
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(*x.shape) < p) / (1 - p)
    return x * mask, (dropout_param, mask)
