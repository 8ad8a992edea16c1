"""The magnitude of the gradient in the place of its square.

rmsprop_step says the cache takes in the magnitude of the gradient
"""

import numpy as np


class ClassifierTrainer:
    def rmsprop_step(self, name, gradient, learning_rate, decay_rate=0.99):
        v = self.step_cache.get(name, np.zeros_like(gradient))
        self.step_cache[name] = decay_rate * v + (1 - decay_rate) * np.abs(gradient)
        return -learning_rate * gradient / np.sqrt(self.step_cache[name] + 1e-8)
