"""np.reshape(..., newshape=...), which NumPy 2.4 has no more, or np.lib.pad, which 2 has not.

affine_forward says NumPy 2 has no newshape=
conv_forward_naive says NumPy 2 has np.pad in the place of np.lib.pad.
"""

import numpy as np


def affine_forward(x, w, b):
    return np.reshape(x, newshape=(len(x), -1)) @ w + b, (x, w, b)


def conv_forward_naive(x, w, b, conv_param):
    return np.lib.pad(x, 1), (x, w, b, conv_param)
