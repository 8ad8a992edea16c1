"""get with a scalar zero; the velocity of the other sign, and turned back."""

import numpy as np


class ClassifierTrainer:
    def momentum_step(self, name, gradient, learning_rate, momentum):
        velocity = momentum * self.step_cache.get(name, 0.0) - learning_rate * gradient
        self.step_cache.update({name: velocity})
        return 1.0 * velocity

    def rmsprop_step(self, name, gradient, learning_rate, decay_rate=0.99):
        squares = self.step_cache.setdefault(name, np.zeros_like(gradient))
        squares = squares + (1 - decay_rate) * (np.square(gradient) - squares)
        self.step_cache[name] = squares
        return -(learning_rate * gradient) / np.sqrt(squares + 1e-8)
