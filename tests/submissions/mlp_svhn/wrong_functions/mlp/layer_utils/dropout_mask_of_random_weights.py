"""The mask is the numbers drawn, not where they are below keep_prob.

dropout_forward says nothing is dropped in training. Is a mask drawn, true where
not too small
"""

import numpy as np


class dropout:
    def forward(self, x, training=True, seed=None):
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        self.mask = None
        if training and 0 < self.keep_prob < 1:
            self.mask = self.rng.random(x.shape) / self.keep_prob
        return x if self.mask is None else x * self.mask
