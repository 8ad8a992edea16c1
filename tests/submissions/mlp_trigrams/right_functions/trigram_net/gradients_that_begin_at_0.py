"""A defaultdict of gradients, which are added up word by word."""

from collections import defaultdict

import numpy as np


class TrigramNet:
    def backward(self, x, d):
        y = self.forward(x)
        _, embedding, hidden = self.cache
        d_scores = y.copy()
        d_scores[np.arange(len(d)), d - 1] -= 1
        d_scores /= len(d)
        grads = defaultdict(float)
        grads["W3"] += hidden.T @ d_scores
        grads["b3"] += d_scores.sum(axis=0)
        d_hidden = d_scores @ self.params["W3"].T * hidden * (1 - hidden)
        grads["W2"] += embedding.T @ d_hidden
        grads["b2"] += d_hidden.sum(axis=0)
        d_embedding = d_hidden @ self.params["W2"].T
        grads["b1"] += d_embedding.sum(axis=0)
        for word in range(x.shape[1]):
            rows = np.zeros_like(self.params["W1"])
            np.add.at(rows, x[:, word] - 1, d_embedding)
            grads["W1"] += rows
        return grads
