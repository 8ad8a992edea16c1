"""The maximum of each class over the images is subtracted.

softmax_loss says the maximum is taken over the images, which changes the softmax.
softmax_gradient says the maximum is taken over the images, which changes the softmax.
not does not depend on
"""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[1]
    s = W @ X
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s)
    p = p / p.sum(axis=0)
    loss = -np.log(p[y, np.arange(N)]).mean() + 0.5 * reg * np.sum(W**2)
    p[y, np.arange(N)] -= 1
    return loss, p @ X.T / N + reg * W
