"""The exponentials of all images are added up: np.sum(exp) without an axis.

softmax_loss says Each image has a sum of its own: give np.sum an axis.
not leaky
"""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N, scores = X.shape[1], W @ X
    p = np.exp(scores - scores.max(axis=0))
    p /= np.sum(p)
    loss = -np.log(p[y, range(N)]).mean() + 0.5 * reg * np.sum(W**2)
    p[y, range(N)] -= 1
    return loss, p @ X.T / N + reg * W
