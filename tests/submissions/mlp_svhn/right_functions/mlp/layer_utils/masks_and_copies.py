"""Masks instead of where, gradients in a new dict, the loss by a fancy index, old idioms."""

import numpy as np


class flatten:
    def forward(self, x):
        self.input_shape = np.shape(x)
        return np.reshape(x, (self.input_shape[0], int(np.prod(self.input_shape[1:]))))

    def backward(self, dout):
        return np.reshape(dout, self.input_shape)


class fc:
    def forward(self, x):
        self.x = np.copy(x)
        out = np.dot(x, self.params[self.w_name])
        return out + self.params[self.b_name].reshape(1, -1)

    def backward(self, dout):
        w = self.params[self.w_name]
        self.grads = {self.w_name: np.dot(self.x.T, dout), self.b_name: np.sum(dout, axis=0)}
        return np.dot(dout, np.transpose(w))


class leaky_relu:
    def forward(self, x):
        self.x = x
        out = np.array(x, copy=True)
        out[x < 0] *= self.negative_slope
        return out

    def backward(self, dout):
        dx = np.array(dout, dtype=float)
        dx[self.x < 0] *= self.negative_slope
        return dx


class dropout:
    def forward(self, x, training=True, seed=None):
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        if training == False or self.keep_prob in (0, 1):
            self.mask = np.ones_like(x)
            return x
        kept = self.rng.uniform(size=x.shape) < self.keep_prob
        self.mask = kept.astype(float) / self.keep_prob
        return self.mask * x

    def backward(self, dout):
        return self.mask * dout


def softmax(x):
    shifted = x - np.amax(x, axis=1).reshape(-1, 1)
    probs = np.exp(shifted)
    probs /= np.sum(probs, axis=1, keepdims=True)
    return probs


class cross_entropy:
    def forward(self, x, y):
        self.probabilities = softmax(x)
        self.y = y
        losses = -np.log(self.probabilities[range(len(y)), y])
        if self.size_average:
            return np.sum(losses) / y.shape[0]
        return np.sum(losses)

    def backward(self):
        dx = self.probabilities - np.eye(self.probabilities.shape[1])[self.y]
        if self.size_average:
            dx /= float(self.y.shape[0])
        return dx
