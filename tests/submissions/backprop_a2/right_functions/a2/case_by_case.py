"""A loop over the cases, outer products, the network's parts computed anew."""

import numpy as np


def d_loss_by_d_model(model, data, wd_coefficient):
    W1, W2 = model["input_to_hid"], model["hid_to_class"]
    d1, d2 = np.zeros(W1.shape), np.zeros(W2.shape)
    n = data["inputs"].shape[1]
    for k in range(n):
        x, t = data["inputs"][:, k], data["target"][:, k]
        h = 1 / (1 + np.exp(-W1.dot(x)))
        z = W2.dot(h)
        p = np.exp(z - z.max())
        p /= p.sum()
        d2 += np.outer(p - t, h)
        d1 += np.outer(W2.T.dot(p - t) * h * (1 - h), x)
    return {
        "hid_to_class": d2 / n + wd_coefficient * W2,
        "input_to_hid": d1 / n + wd_coefficient * W1,
    }
