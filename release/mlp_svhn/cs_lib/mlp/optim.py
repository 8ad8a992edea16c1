"""Update rules for the parameters of a `sequential` (``mlp_svhn``).

An optimizer changes ``layer.params`` of every layer of ``net.layers``, by the gradients in
``layer.grads``: the arrays in place, or new ones under the same names. A parameter without a
gradient stays as it is.
"""

import numpy as np


class SGD:
    """Plain gradient descent.

    Parameters
    ----------
    net : sequential
    lr : float
        Learning rate.
    """

    def __init__(self, net, lr=1e-4):
        self.net = net
        self.lr = lr

    def step(self):
        """Change every parameter once, by the gradients of the last backward pass."""
        for layer in self.net.layers:
            for name, gradient in layer.grads.items():
                layer.params[name] -= self.lr * gradient


class SGDM:
    """Gradient descent with momentum.

    Parameters
    ----------
    net : sequential
    lr : float
        Learning rate.
    momentum : float
        Fraction of the last velocity that is kept.

    Attributes
    ----------
    velocity : dict of ndarray
        By name of the parameter; a missing entry counts as zero.
    """

    def __init__(self, net, lr=1e-4, momentum=0.0):
        self.net = net
        self.lr = lr
        self.momentum = momentum
        self.velocity = {}

    def step(self):
        """One update: v = momentum * v - lr * gradient, then the parameter gains v."""
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement SGDM.step")


class RMSProp:
    """Gradient descent divided by the root of a running mean of squared gradients.

    Parameters
    ----------
    net : sequential
    lr : float
        Learning rate.
    decay : float
        Weight of the old mean.
    eps : float
        Added to the root, not under it (under it is accepted too).

    Attributes
    ----------
    cache : dict of ndarray
        The running means, by name of the parameter; a missing entry counts as zero.
    """

    def __init__(self, net, lr=1e-2, decay=0.99, eps=1e-8):
        self.net = net
        self.lr = lr
        self.decay = decay
        self.eps = eps
        self.cache = {}

    def step(self):
        """One update; the running mean takes in the new gradient before it is used."""
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement RMSProp.step")


class Adam:
    """Running means of the gradient and of its square, both corrected for their zero start.

    Kingma and Ba, Adam: a method for stochastic optimization, 2015, algorithm 1.

    Parameters
    ----------
    net : sequential
    lr : float
        Learning rate.
    beta1, beta2 : float
        Weights of the old means.
    eps : float
        Added to the root of the corrected mean, not under it (under it is accepted too).
    t : int
        Number of steps done so far.

    Attributes
    ----------
    mt, vt : dict of ndarray
        Running means of the gradient and its square, by name of the parameter; a missing
        entry counts as zero.
    """

    def __init__(self, net, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, t=0):
        self.net = net
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.t = t
        self.mt = {}
        self.vt = {}

    def step(self):
        """One update; self.t grows by one a step, before it is used."""
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement Adam.step")
