"""The first of np.argsort are the least probable.

trigram_top_k says these are the least probable words.
"""

import numpy as np


class TrigramNet:

    def top_k(self, x, k=10):
        p = self.forward(x)
        c = np.argsort(p, axis=1)[:, :k]
        return c + 1, np.take_along_axis(p, c, axis=1)
