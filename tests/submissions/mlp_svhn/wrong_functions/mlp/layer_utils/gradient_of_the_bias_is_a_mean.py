"""A mean over the cases in the gradient of the bias.

fc_backward says fc.backward: grads['tested_b']: 6 times too small; N is 6
"""

import numpy as np



class fc:
    def backward(self, dout):
        self.grads[self.w_name] = self.x.T @ dout
        self.grads[self.b_name] = dout.mean(axis=0)
        return dout @ self.params[self.w_name].T
