"""The logarithm of the sum directly, take_along_axis, einsum, a list as result."""

import numpy as np


def _log_sum_exp(z):
    top = z.max(0, keepdims=True)
    return top + np.log(np.exp(z - top).sum(0, keepdims=True))


def softmax_loss_vectorized(W, X, y, reg):
    z = np.einsum("cd,dn->cn", W, X)
    logs = z - _log_sum_exp(z)
    right = np.take_along_axis(logs, y[np.newaxis, :], axis=0)
    loss = -np.average(right) + reg / 2.0 * np.vdot(W, W)
    targets = (np.arange(len(W))[:, None] == y).astype(float)
    gradient = np.einsum("cn,dn->cd", np.exp(logs) - targets, X) / y.size
    return loss, np.add(gradient, reg * W)
