"""The gradient is the ReLU of the input: dout is not in it.

relu_backward says this is x where it is positive, and 0 elsewhere, and nothing else.
not mask
"""

import numpy as np


def relu_backward(dout, cache):
    x = cache
    x = np.array(x)
    x[x < 0] = 0
    return x
