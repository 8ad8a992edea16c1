"""Rows of the embedding by index, add.at on the way back, the logistic by exp, a loop for top k."""

import numpy as np


def one_hot(words, vocabulary):
    return np.eye(vocabulary)[np.asarray(words) - 1]


class TrigramNet:
    def forward(self, x):
        p = self.params
        e = p["W1"][x - 1].sum(axis=1) + p["b1"]
        z = e @ p["W2"] + p["b2"]
        h = 1.0 / (1.0 + np.exp(-z))
        s = h @ p["W3"] + p["b3"]
        s = s - s.max(1)[:, None]
        exp = np.exp(s)
        self.cache = {"x": x, "e": e, "h": h}
        return exp / exp.sum(1)[:, None]

    def loss(self, x, d):
        y = self.forward(x)
        return np.sum(-np.log(y[np.arange(d.size), d - 1])) / d.size

    def backward(self, x, d):
        y = self.forward(x)
        e, h = self.cache["e"], self.cache["h"]
        N = d.shape[0]
        ds = y.copy()
        ds[np.arange(N), d - 1] -= 1.0
        ds /= N
        dz = (ds @ self.params["W3"].T) * h * (1 - h)
        de = dz @ self.params["W2"].T
        dW1 = np.zeros_like(self.params["W1"])
        for column in range(x.shape[1]):
            np.add.at(dW1, x[:, column] - 1, de)
        return dict(
            W3=h.T @ ds, b3=ds.sum(0), W2=e.T @ dz, b2=dz.sum(0), b1=de.sum(0), W1=dW1
        )

    def step(self, x, d, learning_rate, momentum):
        grads = self.backward(x, d)
        for name in self.params:
            self.velocity[name] = self.velocity[name] * momentum + grads[name]
            self.params[name] = self.params[name] + -learning_rate * self.velocity[name]

    def top_k(self, x, k=10):
        y = self.forward(x)
        words, probabilities = [], []
        for row in y:
            best = np.argsort(row)[::-1][:k]
            words.append(best + 1)
            probabilities.append(row[best])
        return np.array(words), np.array(probabilities)
