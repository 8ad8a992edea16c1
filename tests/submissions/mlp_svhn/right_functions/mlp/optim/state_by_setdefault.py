"""setdefault, new arrays in the place of the old ones, both corrections in the rate."""

import numpy as np


class SGDM:
    def step(self):
        for layer in self.net.layers:
            for k in layer.grads:
                v = self.velocity.setdefault(k, np.zeros(layer.params[k].shape))
                v = self.momentum * v - self.lr * layer.grads[k]
                self.velocity[k] = v
                layer.params[k] = layer.params[k] + v


class RMSProp:
    def step(self):
        for layer in self.net.layers:
            for k, v in layer.params.items():
                if k not in layer.grads:
                    continue
                g = layer.grads[k]
                if k not in self.cache:
                    self.cache[k] = np.zeros_like(v)
                self.cache[k] = self.cache[k] + (1 - self.decay) * (g * g - self.cache[k])
                layer.params[k] = v - self.lr * g / np.sqrt(self.cache[k] + self.eps)


class Adam:
    def step(self):
        self.t = self.t + 1
        for layer in self.net.layers:
            for k, g in layer.grads.items():
                m = self.mt[k] if k in self.mt else 0 * g
                v = self.vt[k] if k in self.vt else 0 * g
                m = self.beta1 * m + (1.0 - self.beta1) * g
                v = self.beta2 * v + (1.0 - self.beta2) * np.power(g, 2)
                self.mt[k], self.vt[k] = m, v
                rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
                layer.params[k] = layer.params[k] - rate * m / (np.sqrt(v) + self.eps)
