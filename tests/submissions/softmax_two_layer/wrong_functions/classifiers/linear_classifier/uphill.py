"""The step goes up the loss.

linear_classifier_train says Look at the sign of the step.
not batch_size images
"""

import numpy as np


class LinearClassifier:
    def train(
        self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False
    ):
        D, N = X.shape
        if self.W is None:
            self.W = 0.001 * np.random.randn(int(y.max()) + 1, D)
        history = []
        for _ in range(num_iters):
            batch = np.random.permutation(N)[:batch_size]
            loss, gradient = self.loss(X[:, batch], y[batch], reg)
            history.append(loss)
            self.W = self.W + learning_rate * gradient
        return history
