"""The class with the lowest score.

linear_classifier_predict says argmin
"""

import numpy as np


class LinearClassifier:
    def predict(self, X):
        return np.argmin(self.W @ X, axis=0)
