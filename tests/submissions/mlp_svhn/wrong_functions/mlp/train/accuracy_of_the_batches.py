"""The mean of the batches' accuracies.

accuracy says the mean of the means of the batches
"""

import numpy as np


def compute_acc(model, x, y, batch_size=100):
    accs = []
    for start in range(0, len(y), batch_size):
        scores = model.forward(x[start : start + batch_size])
        accs.append(np.mean(scores.argmax(axis=1) == y[start : start + batch_size]))
    return float(np.mean(accs))
