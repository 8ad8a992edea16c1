"""The gradient weighted by 1 - momentum, and a velocity without the learning rate.

momentum_step says the gradient is weighted by 1 - momentum.
"""

import numpy as np


class SGDM:
    def step(self):
        for layer in self.net.layers:
            for k, g in layer.grads.items():
                v = self.velocity.get(k, 0)
                self.velocity[k] = self.momentum * v + (1 - self.momentum) * g
                layer.params[k] -= self.lr * self.velocity[k]
