"""The gradient weighted by 1 - momentum.

trigram_step says the gradient is weighted by 1 - momentum.
"""

import numpy as np


class TrigramNet:

    def step(self, x, d, learning_rate, momentum):
        for k, g in self.backward(x, d).items():
            self.velocity[k] = momentum * self.velocity[k] + (1 - momentum) * g
            self.params[k] = self.params[k] - learning_rate * self.velocity[k]
