"""Training with array_split of a permutation; step by in-place products."""

import numpy as np


class TrigramNet:
    def fit(
        self, x, d, x_val, d_val, learning_rate=0.15, momentum=0.85, batch_size=200, n_epochs=50,
        seed=7,
    ):  # fmt: skip
        rng = np.random.default_rng(seed)
        losses, accuracies = [], []
        N = x.shape[0]
        for _ in range(n_epochs):
            permutation = rng.permutation(N)
            batches = np.split(permutation, range(batch_size, N, batch_size))
            for batch in batches:
                self.step(x[batch], d[batch], learning_rate, momentum)
            result = self.evaluate(x_val, d_val)
            losses += [result[0]]
            accuracies += [result[1]]
        return losses, accuracies

    def step(self, x, d, learning_rate, momentum):
        for name, gradient in sorted(self.backward(x, d).items()):
            self.velocity[name] *= momentum
            self.velocity[name] += gradient
            self.params[name] = self.params[name] - self.velocity[name] * learning_rate
