"""One optimizer under four names."""

import numpy as np


class SGD:
    def __init__(self, net, lr=1e-4, momentum=0.0, decay=0.99, beta1=0.9, beta2=0.999, eps=1e-8, t=0):
        self.net, self.lr, self.t = net, lr, t

    def step(self):
        for layer in self.net.layers:
            for name, gradient in layer.grads.items():
                layer.params[name] -= self.lr * self.direction(gradient)

    def direction(self, gradient):
        return gradient


class SGDM(SGD):
    pass


class RMSProp(SGD):
    def direction(self, gradient):
        return np.sign(gradient)


class Adam(RMSProp):
    pass
