"""p is compared with numbers of a normal distribution.

dropout_layer_forward says drawn by np.random.randn?
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.randn(*x.shape) < p) / p
    return x * mask, (dropout_param, mask)
