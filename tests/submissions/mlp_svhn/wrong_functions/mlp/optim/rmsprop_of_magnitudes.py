"""The magnitude of the gradient in the place of its square.

rmsprop_step says takes in the magnitude of the gradient
"""

import numpy as np


class RMSProp:
    def step(self):
        for layer in self.net.layers:
            for k, g in layer.grads.items():
                v = self.cache.get(k, np.zeros_like(g))
                self.cache[k] = self.decay * v + (1 - self.decay) * np.abs(g)
                layer.params[k] -= self.lr * g / (np.sqrt(self.cache[k]) + self.eps)
