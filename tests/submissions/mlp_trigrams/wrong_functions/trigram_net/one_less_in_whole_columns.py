"""p[:, d - 1] -= 1.

trigram_backward says 1 is subtracted from whole columns
"""

import numpy as np


class TrigramNet:

    def backward(self, x, d):
        p = self.forward(x)
        counts, e, h = self.cache
        N = len(d)
        p[:, d - 1] -= 1
        ds = p / N
        dh = ds @ self.params["W3"].T * h * (1 - h)
        de = dh @ self.params["W2"].T
        return {"W1": counts.T @ de, "b1": de.sum(0), "W2": e.T @ dh, "b2": dh.sum(0), "W3": h.T @ ds, "b3": ds.sum(0)}
