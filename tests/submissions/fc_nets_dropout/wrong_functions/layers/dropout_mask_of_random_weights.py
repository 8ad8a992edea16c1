"""The mask is the numbers drawn: each entry gets a random weight, and none is dropped.

dropout_layer_forward says nothing is dropped in training. Is the mask the numbers drawn
dropout_layer_backward says drops nothing, or all
not leaky
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = np.random.rand(*x.shape) / dropout_param["p"]
    return x * mask, (dropout_param, mask)
