"""The maximum of each class over the cases is subtracted.

softmax_loss says each column has its maximum subtracted before the exponential
"""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)
