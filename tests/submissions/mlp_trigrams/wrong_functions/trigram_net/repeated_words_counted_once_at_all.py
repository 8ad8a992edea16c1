"""dW1[x - 1] += d for all three words at once.

trigram_backward says a word that stands more than once counts once
not divided by
"""

import numpy as np


class TrigramNet:

    def backward(self, x, d):
        p = self.forward(x)
        counts, e, h = self.cache
        N = len(d)
        p[np.arange(N), d - 1] -= 1
        ds = p / N
        dh = ds @ self.params["W3"].T * h * (1 - h)
        de = dh @ self.params["W2"].T
        dW1 = np.zeros_like(self.params["W1"])
        dW1[x - 1] += de[:, None, :]
        return {"W1": dW1, "b1": de.sum(0), "W2": e.T @ dh, "b2": dh.sum(0), "W3": h.T @ ds, "b3": ds.sum(0)}
