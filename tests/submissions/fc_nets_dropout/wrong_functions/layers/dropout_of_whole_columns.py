"""One mask for all examples.

dropout_layer_forward says whole rows or columns are dropped.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(x.shape[-1]) < p) / p
    return x * mask, (dropout_param, mask)
