"""The net makes its dropout_param and never calls dropout_forward.

fc_net_dropout says nothing is dropped. Is dropout_forward called after each ReLU
"""

import numpy as np

from cs_lib.layer_utils import affine_relu_backward, affine_relu_forward
from cs_lib.layers import affine_backward, affine_forward, softmax_loss


class FullyConnectedNet:
    def loss(self, X, y=None):
        X, caches = X.astype(self.dtype), {}
        if self.use_dropout:
            self.dropout_param["mode"] = "test" if y is None else "train"
        P, L = self.params, self.num_layers
        for i in range(1, L):
            X, caches[i] = affine_relu_forward(X, P[f"W{i}"], P[f"b{i}"])
        scores, caches[L] = affine_forward(X, P[f"W{L}"], P[f"b{L}"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        loss += sum(0.5 * self.reg * np.sum(P[f"W{i}"] ** 2) for i in range(1, L + 1))
        grads = {}
        for i in range(L, 0, -1):
            back = affine_backward if i == L else affine_relu_backward
            d, dW, grads[f"b{i}"] = back(d, caches[i])
            grads[f"W{i}"] = dW + self.reg * P[f"W{i}"]
        return loss, grads
