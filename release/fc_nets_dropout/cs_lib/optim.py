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
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement sgd_momentum")


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
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement rmsprop")


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
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement adam")
