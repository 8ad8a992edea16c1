"""State arrays changed in place, rates computed first, bias corrections as variables."""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = config or {}
    lr = config.setdefault("learning_rate", 0.01)
    mu = config.setdefault("momentum", 0.9)
    if "velocity" not in config:
        config["velocity"] = np.zeros(w.shape, w.dtype)
    velocity = config["velocity"].copy()
    velocity *= mu
    velocity -= lr * dw
    config["velocity"] = velocity
    return velocity + w, config


def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    lr = config.setdefault("learning_rate", 0.01)
    rho = config.setdefault("decay_rate", 0.99)
    eps = config.setdefault("epsilon", 1e-8)
    cache = np.array(config.get("cache", np.zeros_like(w)))
    cache *= rho
    cache += (1.0 - rho) * np.multiply(dw, dw)
    config["cache"] = cache
    return w - lr * np.divide(dw, eps + np.power(cache, 0.5)), config


def adam(w, dw, config=None):
    config = {} if config is None else config
    for key, value in (("learning_rate", 1e-3), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8)):
        config.setdefault(key, value)
    t = config["t"] = config.get("t", 0) + 1
    m, v = (config.get(key, np.zeros_like(w)) for key in "mv")
    config["m"] = m = config["beta1"] * m + dw - config["beta1"] * dw
    config["v"] = v = config["beta2"] * v + dw * dw - config["beta2"] * dw * dw
    first, second = 1 - config["beta1"] ** t, 1 - config["beta2"] ** t
    return w - config["learning_rate"] * (m / first) / np.sqrt(v / second + config["epsilon"]), config
