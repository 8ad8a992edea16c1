"""Training by indices into the data, an order that is shuffled on top of the old one."""

import numpy as np


class MLP:
    def fit(self, x, y, x_test, y_test, learning_rate, n_batches=50, n_epochs=300, seed=7):
        random = np.random.RandomState(seed)
        N = x.shape[0]
        order = np.arange(N)
        keys = ["train_mse", "train_mce", "test_mse", "test_mce"]
        history = dict((key, []) for key in keys)
        for epoch in range(n_epochs):
            order = order[random.permutation(N)]
            for j in range(n_batches):
                rows = order[int(j * N / n_batches) : int((j + 1) * N / n_batches)]
                output = self.forward(x[rows])
                self.backward(y[rows], output)
                self.update(learning_rate)
            train, test = self.forward(x), self.forward(x_test)
            history["train_mse"].append(mse(y, train))
            history["train_mce"].append(mce(y, np.where(train >= 0, 1, -1)))
            history["test_mse"].append(mse(y_test, test))
            history["test_mce"].append(mce(y_test, np.where(test >= 0, 1, -1)))
        return history
