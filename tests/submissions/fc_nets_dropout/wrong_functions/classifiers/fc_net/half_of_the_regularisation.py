"""Of reg times the squares the loss has a quarter, and the gradient a half.

two_layer_loss says the regularisation term counts half. Is 1/2 applied twice?
two_layer_gradients says counts half
not is missing
"""

import numpy as np

from cs_lib.layer_utils import affine_relu_backward, affine_relu_forward
from cs_lib.layers import affine_backward, affine_forward, softmax_loss


class TwoLayerNet:
    def loss(self, X, y=None):
        W1, b1, W2, b2 = (self.params[k] for k in ("W1", "b1", "W2", "b2"))
        h, cache1 = affine_relu_forward(X, W1, b1)
        scores, cache2 = affine_forward(h, W2, b2)
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += 0.25 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dh, dW2, db2 = affine_backward(dscores, cache2)
        _, dW1, db1 = affine_relu_backward(dh, cache1)
        dW1 += 0.5 * self.reg * W1
        dW2 += 0.5 * self.reg * W2
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
