"""Kept entries are not divided by p, which is a quarter in one case.

dropout_layer_forward says right but for dropout_param['p']: multiplied by it once too often
not factor 1/4
"""

import numpy as np


def dropout_forward(x, dropout_param):
    mask = None
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if dropout_param["mode"] == "train":
        mask = np.random.rand(*x.shape) < dropout_param["p"]
        x = x * mask
    return x, (dropout_param, mask)
