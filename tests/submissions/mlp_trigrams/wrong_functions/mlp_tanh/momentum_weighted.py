"""The gradient weighted by 1 - momentum.

network_update says the gradient is weighted by 1 - momentum.
"""

import numpy as np


class MLP:

    def update(self, learning_rate):
        for l in self.layers:
            l.velocity_W = self.momentum * l.velocity_W + (1 - self.momentum) * l.dW
            l.velocity_b = self.momentum * l.velocity_b + (1 - self.momentum) * l.db
            l.W = l.W - learning_rate * l.velocity_W
            l.b = l.b - learning_rate * l.velocity_b
