"""Multiplied where to be divided.

adam_rule says the corrections are multiplied by.
not is positive
"""

import numpy as np


def adam(w, dw, config=None):
    config = {} if config is None else config
    for key, value in dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0).items():
        config.setdefault(key, value)
    m, v = config.get("m", np.zeros_like(w)), config.get("v", np.zeros_like(w))
    b1, b2, lr, eps = (config[k] for k in ("beta1", "beta2", "learning_rate", "epsilon"))
    t = config["t"] + 1
    m = b1 * m + (1 - b1) * dw
    v = b2 * v + (1 - b2) * dw**2
    mh, vh = m * (1 - b1**t), v * (1 - b2**t)
    config.update(m=m, v=v, t=t)
    return w - lr * mh / (np.sqrt(vh) + eps), config
