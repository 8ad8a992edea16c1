"""In training as at test time: nothing is dropped.

dropout_layer_forward says nothing is dropped in training. Is a mask drawn, and used?
not leaky
"""

import numpy as np


def dropout_forward(x, dropout_param):
    mask = np.ones(x.shape)
    return x * mask, (dropout_param, mask)
