"""p[y] -= 1, an exception where there are more classes than images.

two_layer_loss says An array as the only index takes whole rows, as p[y].
two_layer_gradients says 1 is subtracted from whole rows
"""

import numpy as np


def two_layer_net(X, model, y=None, reg=0.0, verbose=0):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    N = len(X)
    a = X @ W1 + b1
    h = np.maximum(0, a)
    s = h @ W2 + b2
    if y is None:
        return s
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean() + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    p[y] -= 1
    p /= N
    dh = (p @ W2.T) * (a > 0)
    return loss, {"W1": X.T @ dh + reg * W1, "b1": dh.sum(0), "W2": h.T @ p + reg * W2, "b2": p.sum(0)}
