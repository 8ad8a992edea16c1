"""Settings in a defaultdict."""

from collections import defaultdict

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = defaultdict(float, {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})})
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return np.add(w, config["velocity"]), config
