"""The loss takes the softmax of probabilities.

softmax_loss says cross_entropy: the softmax is taken of probabilities.
"""

import numpy as np


class cross_entropy:
    def forward(self, x, y):
        self.probabilities, self.y = softmax(softmax(x)), y
        losses = -np.log(self.probabilities[np.arange(len(y)), y])
        return float(losses.mean() if self.size_average else losses.sum())
