"""A defaultdict of lists as the history."""

from collections import defaultdict

import numpy as np


class MLP:
    def fit(self, x, y, x_test, y_test, learning_rate, n_batches=50, n_epochs=300, seed=7):
        draws, history = np.random.RandomState(seed), defaultdict(list)
        for _ in range(n_epochs):
            order = draws.permutation(x.shape[0])
            x, y = x[order], y[order]
            ends = [int(j * x.shape[0] / n_batches) for j in range(n_batches + 1)]
            for first, last in zip(ends[:-1], ends[1:]):
                self.backward(y[first:last], self.forward(x[first:last]))
                self.update(learning_rate)
            for what, inputs, labels in (("train", x, y), ("test", x_test, y_test)):
                history[what + "_mse"].append(mse(labels, self.forward(inputs)))
                history[what + "_mce"].append(mce(labels, self.predict(inputs)))
        return history
