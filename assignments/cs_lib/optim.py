"""First-order update rules.

Each takes a parameter ``w``, its gradient ``dw`` and a ``config`` dict with
the rule's hyper-parameters and state, fills in the defaults that are missing,
and returns the next value of ``w`` and the config for the next step. The
config is kept apart for each parameter. ``w`` and ``dw`` are left as they are.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Step of stochastic gradient descent.

    Parameters
    ----------
    w, dw : ndarray, same shape
    config : dict, optional
        ``'learning_rate'`` (1e-2).

    Returns
    -------
    next_w : ndarray, same shape as w
    config : dict
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Step of stochastic gradient descent with momentum.

    The velocity is the momentum times the old velocity, minus the learning rate
    times the gradient; the parameter moves by the new velocity.

    Parameters
    ----------
    w, dw : ndarray, same shape
    config : dict, optional
        ``'learning_rate'`` (1e-2), ``'momentum'`` (0.9), and the state
        ``'velocity'``, an array of w's shape (zeros at the first step).

    Returns
    -------
    next_w : ndarray, same shape as w
    config : dict
        With the new velocity.
    """
    ### BEGIN SOLUTION
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config
    ### END SOLUTION


def rmsprop(w, dw, config=None):
    """Step of RMSProp (Tieleman and Hinton, 2012, Coursera lecture 6.5).

    The cache is a moving average of the squared gradient; each entry's step is
    the learning rate times the gradient over the root of its cache. To the
    root, not under it, add epsilon (under it is accepted too).

    Parameters
    ----------
    w, dw : ndarray, same shape
    config : dict, optional
        ``'learning_rate'`` (1e-2), ``'decay_rate'`` (0.99; weight of the old
        average), ``'epsilon'`` (1e-8), and the state ``'cache'``, an array of
        w's shape (zeros at the first step).

    Returns
    -------
    next_w : ndarray, same shape as w
    config : dict
        With the new cache.
    """
    ### BEGIN SOLUTION
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    cache = config.get("cache", np.zeros_like(w))
    cache = config["decay_rate"] * cache + (1 - config["decay_rate"]) * dw**2
    config["cache"] = cache
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    return next_w, config
    ### END SOLUTION


def adam(w, dw, config=None):
    """Step of Adam with bias correction (Kingma and Ba, 2015, algorithm 1).

    ``m`` and ``v`` are moving averages of the gradient and of its square. Both
    start at zero; dividing them by 1 - beta**t takes that bias out. ``t`` counts
    this parameter's steps and is raised by one **before** it is used. To the
    root of the corrected ``v``, not under it, add epsilon (under it is accepted
    too).

    Parameters
    ----------
    w, dw : ndarray, same shape
    config : dict, optional
        ``'learning_rate'`` (1e-3), ``'beta1'`` (0.9), ``'beta2'`` (0.999),
        ``'epsilon'`` (1e-8), and the state ``'m'``, ``'v'``, arrays of w's shape
        (zeros at the first step), and ``'t'`` (0 before the first step).

    Returns
    -------
    next_w : ndarray, same shape as w
    config : dict
        With the new m, v and t; m and v are stored without the correction.
    """
    ### BEGIN SOLUTION
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    beta1, beta2 = config["beta1"], config["beta2"]
    t = config.get("t", 0) + 1
    m = beta1 * config.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * config.get("v", np.zeros_like(w)) + (1 - beta2) * dw**2
    config.update(t=t, m=m, v=v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
    return next_w, config
    ### END SOLUTION


def __getattr__(name):
    """Name the new place of the optimizer objects, which another course has in such a module."""
    if name in ("SGD", "SGDM", "RMSProp", "Adam"):
        raise ImportError(
            f"cs_lib.optim: expected one of the functions sgd, sgd_momentum, rmsprop and adam, got "
            f"{name}. The classes of mlp_svhn stand in cs_lib.mlp.optim: import {name} from there."
        )
    raise AttributeError(f"module 'cs_lib.optim' has no attribute {name!r}")
