"""Zeros at first, in-place steps on own arrays, range() as an index, a 0-d array as loss, scores in float32."""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    f = W.dot(X)
    f -= np.max(f, axis=0)
    p = np.exp(f.astype(np.float32))
    p /= p.sum(0)
    n = y.shape[0]
    loss += np.sum(-np.log(p[y, range(n)]))
    loss /= n
    loss += 0.5 * reg * np.sum(W**2)
    p[y, range(n)] -= 1
    dW += p.dot(X.T)
    dW /= n
    dW += reg * W
    return np.asarray(loss), dW
