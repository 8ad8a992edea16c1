"""n, c = y.shape, but y has one axis.

softmax_loss says The array has another number of axes than there are names left of the =.
not Count what the function returns
"""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    n, c = y.shape
    scores = W @ X
    return np.log(np.exp(scores).sum(axis=0)).mean() / n / c, W
