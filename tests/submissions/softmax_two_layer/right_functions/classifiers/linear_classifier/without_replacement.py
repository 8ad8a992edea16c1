"""Batches without replacement, from a permutation; in-place steps; argmax of the transpose."""

import numpy as np

from cs_lib.classifiers.softmax import softmax_loss_vectorized


class LinearClassifier:
    def train(
        self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False
    ):
        dim, num_train = X.shape
        num_classes = np.max(y) + 1
        if self.W is None:
            self.W = np.random.randn(num_classes, dim) * 0.001
        loss_history = []
        for it in range(num_iters):
            indices = np.random.permutation(num_train)[:batch_size]
            X_batch = X[:, indices]
            y_batch = np.take(y, indices)
            loss, grad = self.loss(X_batch, y_batch, reg)
            loss_history.append(loss)
            step = grad * learning_rate
            self.W = np.subtract(self.W, step)
            if verbose and it % 100 == 0:
                print("iteration %d / %d: loss %f" % (it, num_iters, loss))
        return loss_history

    def predict(self, X):
        y_pred = np.zeros(X.shape[1])
        scores = X.T.dot(self.W.T)
        y_pred = np.argmax(scores, axis=1)
        return y_pred


class Softmax:
    def loss(self, X_batch, y_batch, reg):
        return softmax_loss_vectorized(W=self.W, X=X_batch, y=y_batch, reg=reg)
