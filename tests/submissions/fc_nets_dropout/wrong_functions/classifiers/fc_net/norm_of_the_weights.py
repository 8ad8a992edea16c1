"""The norm of each layer's weights in the place of its square.

fc_net_loss says it takes the norm of the weights, not np.sum(W**2).
"""

import numpy as np

from cs_lib.layers import affine_forward, affine_backward, relu_forward, relu_backward, dropout_forward, dropout_backward, softmax_loss


class FullyConnectedNet:
    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        L, caches, out, drops = self.num_layers, [], X, {}
        for i in range(1, L + 1):
            out, cache = affine_forward(out, self.params[f"W{i}"], self.params[f"b{i}"])
            caches.append(cache)
            if i < L:
                out, cache = relu_forward(out)
                caches.append(cache)
            if self.use_dropout and i < L:
                out, drops[i] = dropout_forward(out, self.dropout_param)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        grads = {}
        for i in range(L, 0, -1):
            if i in drops:
                dout = dropout_backward(dout, drops[i])
            if i < L:
                dout = relu_backward(dout, caches.pop())
            dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, caches.pop())
            W = self.params[f"W{i}"]
            loss += 0.5 * self.reg * np.linalg.norm(W)
            grads[f"W{i}"] += self.reg * W
            pass
        pass
        return loss, grads
