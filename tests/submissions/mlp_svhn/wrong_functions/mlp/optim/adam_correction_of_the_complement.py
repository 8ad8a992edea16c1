"""Adam with 1 - (1 - beta)**t, and its averages in one line each.

adam_step says Adam.step: the bias correction is 1 - (1 - beta)**t.
not small term
"""

import numpy as np


class Adam:
    def step(self):
        self.t += 1
        for layer in self.net.layers:
            for key, grad in layer.grads.items():
                self.mt[key] = self.beta1 * self.mt.get(key, 0) + (1 - self.beta1) * grad
                self.vt[key] = self.beta2 * self.vt.get(key, 0) + (1 - self.beta2) * grad * grad
                m = self.mt[key] / (1 - (1 - self.beta1) ** self.t)
                v = self.vt[key] / (1 - (1 - self.beta2) ** self.t)
                layer.params[key] -= self.lr * m / (np.sqrt(v) + self.eps)
