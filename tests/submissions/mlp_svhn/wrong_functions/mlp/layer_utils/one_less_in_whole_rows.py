"""dx[y] -= 1.

softmax_loss says 1 is subtracted in whole rows or columns, those with the numbers in y.
"""

import numpy as np



class cross_entropy:
    def backward(self):
        dx = self.probabilities.copy()
        dx[self.y] -= 1
        return dx / len(self.y) if self.size_average else dx
