"""The mask is that of dout, here and in all nets.

relu_backward says relu_backward: the gradient passes where dout is positive.
two_layer_gradients says relu_backward: the gradient passes where dout is positive.
not no entry
"""

import numpy as np


def relu_backward(dout, cache):
    return dout * (dout > 0)
