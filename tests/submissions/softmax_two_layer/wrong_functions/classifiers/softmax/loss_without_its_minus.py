"""The logarithm without a minus, beside a regularisation.

softmax_loss says the regularisation is right, but not the data term: its sign is wrong.
"""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[1]
    s = W @ X
    s -= s.max(axis=0)
    p = np.exp(s)
    p = p / p.sum(axis=0)
    loss = np.log(p[y, np.arange(N)]).mean() + 0.5 * reg * np.sum(W**2)
    p[y, np.arange(N)] -= 1
    return loss, p @ X.T / N + reg * W
