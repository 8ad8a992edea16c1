"""The parameter moves before the velocity does.

momentum_rule says the parameter moves by the old velocity.
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    lr, m = config["learning_rate"], config["momentum"]
    next_w = w + v
    v = m * v - lr * dw
    config["velocity"] = v
    return next_w, config
