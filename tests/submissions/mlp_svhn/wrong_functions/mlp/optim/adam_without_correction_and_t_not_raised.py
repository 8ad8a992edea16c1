"""No correction, and t is never raised.

adam_step says Adam.step: the bias correction is missing. Divide both means by 1 - beta**t before the step.
not mask
"""

import numpy as np


class Adam:
    def step(self):
        for layer in self.net.layers:
            for k, g in layer.grads.items():
                self.mt[k] = self.beta1 * self.mt.get(k, 0) + (1 - self.beta1) * g
                self.vt[k] = self.beta2 * self.vt.get(k, 0) + (1 - self.beta2) * g * g
                layer.params[k] -= self.lr * self.mt[k] / (np.sqrt(self.vt[k]) + self.eps)
