"""maximum plus slope times minimum, a binomial mask, the gradient kept by forward."""

import numpy as np


class leaky_relu:
    def forward(self, x):
        self.x = x.copy()
        return np.maximum(x, 0) + self.negative_slope * np.minimum(x, 0)

    def backward(self, dout):
        slopes = np.ones(self.x.shape)
        slopes[self.x < 0] = self.negative_slope
        return slopes * dout


class fc:
    def forward(self, x):
        self.x = x
        return np.einsum("nd,dm->nm", x, self.params[self.w_name]) + self.params[self.b_name]

    def backward(self, dout):
        self.grads[self.b_name] = np.ones(len(dout)) @ dout
        self.grads[self.w_name] = np.einsum("nd,nm->dm", self.x, dout)
        return np.tensordot(dout, self.params[self.w_name], axes=(1, 1))


class dropout:
    def forward(self, x, training=True, seed=None):
        self.mask = None
        if seed:
            self.rng = np.random.default_rng(seed)
        elif seed == 0:
            self.rng = np.random.default_rng(0)
        if training and self.keep_prob != 0 and self.keep_prob != 1:
            self.mask = self.rng.binomial(1, self.keep_prob, x.shape) / self.keep_prob
            x = x * self.mask
        return x + 0.0

    def backward(self, dout):
        return dout if self.mask is None else np.multiply(dout, self.mask)


class cross_entropy:
    def forward(self, x, y):
        n = len(y)
        z = x - x.max(axis=-1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        self.dx = np.exp(log_p)
        np.add.at(self.dx, (np.arange(n), y), -1)
        loss = -log_p[np.arange(n), y].sum()
        if self.size_average:
            self.dx, loss = self.dx / n, loss / n
        return float(loss)

    def backward(self):
        return self.dx.copy()
