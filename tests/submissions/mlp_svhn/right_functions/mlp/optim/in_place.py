"""In-place steps on the arrays of the net; epsilon under the root of the corrected mean."""

import numpy as np


class SGDM:
    def step(self):
        for layer in self.net.layers:
            for name, gradient in layer.grads.items():
                if name not in self.velocity:
                    self.velocity[name] = np.zeros_like(gradient)
                self.velocity[name] *= self.momentum
                self.velocity[name] -= self.lr * gradient
                layer.params[name] += self.velocity[name]


class RMSProp:
    def step(self):
        for layer in self.net.layers:
            for name, gradient in layer.grads.items():
                old = self.cache.get(name, 0)
                self.cache[name] = np.add(self.decay * old, (1 - self.decay) * gradient**2)
                layer.params[name] -= self.lr * gradient / (self.eps + self.cache[name] ** 0.5)


class Adam:
    def step(self):
        self.t += 1
        for layer in self.net.layers:
            for name, gradient in layer.grads.items():
                self.mt[name] = self.beta1 * self.mt.get(name, 0) + (1 - self.beta1) * gradient
                self.vt[name] = self.beta2 * self.vt.get(name, 0) + (1 - self.beta2) * gradient**2
                m_hat = self.mt[name] / (1 - np.power(self.beta1, self.t))
                v_hat = self.vt[name] / (1 - np.power(self.beta2, self.t))
                layer.params[name] -= self.lr * m_hat / np.sqrt(v_hat + self.eps)
