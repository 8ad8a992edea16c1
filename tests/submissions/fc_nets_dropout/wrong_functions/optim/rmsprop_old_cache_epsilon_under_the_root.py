"""The cache of the step before in the step, and epsilon under the root: at zero, too.

rmsprop_rule says rmsprop: the step is divided by the cache of the step before.
not wrong only where
"""

import numpy as np


def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    cache = config.setdefault("cache", np.zeros_like(w))
    step = config["learning_rate"] * dw / np.sqrt(cache + config["epsilon"])
    config["cache"] = config["decay_rate"] * cache + (1 - config["decay_rate"]) * dw**2
    return w - step, config
