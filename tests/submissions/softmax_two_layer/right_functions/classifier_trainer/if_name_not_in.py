"""`if name not in`, copies in the cache, sqrt by a power, the 1e-8 outside of the root."""

import numpy as np


class ClassifierTrainer:
    def momentum_step(self, name, gradient, learning_rate, momentum):
        if not name in self.step_cache:
            self.step_cache[name] = np.zeros(gradient.shape)
        dx = np.zeros_like(gradient)
        dx = momentum * self.step_cache[name] - learning_rate * gradient
        self.step_cache[name] = dx.copy()
        return dx

    def rmsprop_step(self, name, gradient, learning_rate, decay_rate=0.99):
        old = self.step_cache[name] if name in self.step_cache else 0.0
        new = old * decay_rate + gradient * gradient * (1.0 - decay_rate)
        self.step_cache[name] = new
        return gradient * -learning_rate / (new**0.5 + 1e-8)
