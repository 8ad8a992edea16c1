"""backward subtracts 1 from the probabilities that forward has kept.

softmax_loss says called again it gives another result. Does it change what forward has kept?
not leaky
"""

import numpy as np


class cross_entropy:
    def backward(self):
        self.probabilities[np.arange(len(self.y)), self.y] -= 1
        return self.probabilities / (len(self.y) if self.size_average else 1)
