"""Each step returns a list with a config of its own; epsilon under the root; a rate corrected at once."""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    old = config.get("velocity", 0)
    velocity = np.multiply(config["momentum"], old) - config["learning_rate"] * dw
    return [np.add(w, velocity), {**config, "velocity": velocity}]


def rmsprop(w, dw, config=None):
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    decay = config["decay_rate"]
    squares = decay * config.get("cache", np.zeros(w.shape)) + (1 - decay) * np.square(dw)
    step = config["learning_rate"] * dw * (squares + config["epsilon"]) ** -0.5
    return [w - step, {**config, "cache": squares}]


def adam(w, dw, config=None):
    defaults = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)
    config = {**defaults, **(config or {})}
    b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
    m = config.get("m", np.zeros_like(dw))
    v = config.get("v", np.zeros_like(dw))
    m = m + (1 - b1) * (dw - m)
    v = v + (1 - b2) * (dw * dw - v)
    rate = config["learning_rate"] * np.sqrt(1 - b2**t) / (1 - b1**t)
    return w - rate * m / (np.sqrt(v) + config["epsilon"]), {**config, "m": m, "v": v, "t": t}
