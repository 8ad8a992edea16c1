"""dW1[x - 1] += d, where words are repeated.

trigram_backward says a word that stands more than once counts once
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
        for i in range(3):
            dW1[x[:, i] - 1] += de
        return {"W1": dW1, "b1": de.sum(0), "W2": e.T @ dh, "b2": dh.sum(0), "W3": h.T @ ds, "b3": ds.sum(0)}
