"""The slope as 1/cosh², recursion through the layers, parameters changed in place."""

import numpy as np


class HiddenLayer:
    def forward(self, x):
        self.x, self.z = x, np.matmul(x, self.W) + self.b
        self.a = (np.exp(self.z) - np.exp(-self.z)) / (np.exp(self.z) + np.exp(-self.z))
        return self.a

    def backward(self, da):
        dz = da / np.cosh(self.z) ** 2
        self.dW = np.einsum("ni,no->io", self.x, dz)
        self.db = np.ones((1, len(dz))) @ dz
        return np.einsum("no,io->ni", dz, self.W)


class MLP:
    def forward(self, x, layers=None):
        layers = self.layers if layers is None else layers
        return self.forward(layers[0].forward(x), layers[1:]) if layers else x

    def backward(self, y, y_hat):
        gradient = np.subtract(y_hat, y) / float(y_hat.size)
        todo = list(self.layers)
        while todo:
            gradient = todo.pop().backward(gradient)
        return gradient

    def update(self, learning_rate):
        for layer in self.layers:
            layer.velocity_W *= self.momentum
            layer.velocity_W += layer.dW
            layer.velocity_b *= self.momentum
            layer.velocity_b += layer.db
            layer.W -= learning_rate * layer.velocity_W
            layer.b -= learning_rate * layer.velocity_b

    def predict(self, x):
        return 2.0 * (self.forward(x) >= 0) - 1
