"""tanh for the sigmoid, exp of its logarithm for the slope, where and masks, log1p."""

import numpy as np


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float)))


def sigmoid_grad(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2


def relu(x):
    return np.where(np.asarray(x) < 0, 0, x)


def relu_grad(x):
    return (np.asarray(x) >= 0).astype(float)


def bce_loss(y, y_hat):
    return -np.log(y_hat) * y - np.log1p(-y_hat) * (1 - y)


def bce_loss_grad(y, y_hat):
    return -y / y_hat + (1 - y) / (1 - y_hat)
