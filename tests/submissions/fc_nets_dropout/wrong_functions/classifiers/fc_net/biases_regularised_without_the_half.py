"""The biases are regularised, too, in the convention of reg without the half.

two_layer_loss says the biases are regularised, too. Leave them out.
two_layer_gradients says the biases are regularised, too. Leave them out.
not counts twice
not far off
"""

import numpy as np

from cs_lib.layer_utils import affine_relu_backward, affine_relu_forward
from cs_lib.layers import affine_backward, affine_forward, softmax_loss


class TwoLayerNet:
    def loss(self, X, y=None):
        P, grads = self.params, {}
        h, cache1 = affine_relu_forward(X, P["W1"], P["b1"])
        scores, cache2 = affine_forward(h, P["W2"], P["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dh, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dh, cache1)
        for name, p in P.items():
            loss += self.reg * np.sum(p * p)
            grads[name] = grads[name] + 2 * self.reg * p
        return loss, grads
