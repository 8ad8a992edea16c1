"""probabilities[[rows, labels]]: one index, not two.

two_layer_loss says A list of lists is one index, not two. Write x[rows, columns]
not one too far
"""

import numpy as np


def two_layer_net(X, model, y=None, reg=0.0, verbose=0):
    h = np.maximum(X @ model["W1"] + model["b1"], 0)
    scores = h @ model["W2"] + model["b2"]
    if y is None:
        return scores
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[[range(len(y)), y]]).mean()
    return loss, {k: 0 * v for k, v in model.items()}
