"""The gradient weighted by 1 - momentum, and a velocity without the learning rate.

momentum_rule says the gradient is weighted by 1 - momentum.
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    lr, m = config["learning_rate"], config["momentum"]
    v = m * v + (1 - m) * dw
    config["velocity"] = v
    return w - lr * v, config
