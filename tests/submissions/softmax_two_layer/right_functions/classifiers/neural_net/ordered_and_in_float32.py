"""OrderedDicts of parameters and gradients; the last layer's product in float32."""

from collections import OrderedDict

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    model = OrderedDict()
    for number, (rows, columns) in enumerate(
        [(input_size, hidden_size), (hidden_size, output_size)], start=1
    ):
        model[f"W{number}"] = np.random.normal(0, 1e-5, (rows, columns))
        model[f"b{number}"] = np.zeros(columns)
    return model


def two_layer_net(X, model, y=None, reg=0.0, verbose=0):
    before = X @ model["W1"] + model["b1"]
    h = np.where(before > 0, before, 0.0)
    scores = np.float64(h.astype(np.float32) @ model["W2"].astype(np.float32)) + model["b2"]
    if y is None:
        return h @ model["W2"] + model["b2"]
    n = len(y)
    scores -= scores.max(axis=1)[:, None]
    p = np.exp(scores)
    p /= p.sum(axis=1)[:, None]
    loss = -np.log(p[range(n), y]).sum() / n
    loss += 0.5 * reg * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())
    p[range(n), y] -= 1
    p /= n
    back = p @ model["W2"].T
    back[before <= 0] = 0
    grads = OrderedDict()
    grads["W2"], grads["b2"] = h.T @ p + reg * model["W2"], p.sum(axis=0)
    grads["W1"], grads["b1"] = X.T @ back + reg * model["W1"], back.sum(axis=0)
    return loss, grads
