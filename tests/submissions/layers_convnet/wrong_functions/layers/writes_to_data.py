"""Writes to .data, which is no array.

relu_forward says The .data of an array is no array. Write to the array itself.
"""

import numpy as np


def relu_forward(x):
    out = np.zeros_like(x)
    out.data[:] = np.maximum(x, 0)
    return out, x
