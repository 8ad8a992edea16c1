"""Names by str(), a list as result, a list of caches from behind, whole reg, `!= None` and `== True`."""

import numpy as np

from cs_lib.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)


class TwoLayerNet:
    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        self.params = dict()
        self.reg = reg
        self.params["W1"] = np.random.normal(0, weight_scale, (input_dim, hidden_dim))
        self.params["W2"] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b1"] = np.zeros((hidden_dim,))
        self.params["b2"] = np.zeros((num_classes,))

    def loss(self, X, y=None):
        scores = None
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        a1, c1 = affine_forward(X, W1, b1)
        h1, c2 = relu_forward(a1)
        scores, c3 = affine_forward(h1, W2, b2)
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += self.reg * np.sum(W1 * W1)
        loss += self.reg * np.sum(W2 * W2)
        dh1, dW2, db2 = affine_backward(dscores, c3)
        da1 = relu_backward(dh1, c2)
        dX, dW1, db1 = affine_backward(da1, c1)
        grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
        grads["W1"] += 2 * self.reg * W1
        grads["W2"] += 2 * self.reg * W2
        return [loss, grads]


class FullyConnectedNet:
    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout == True:
            self.dropout_param["mode"] = mode
        saved = []
        hidden = X
        for i in range(self.num_layers - 1):
            W, b = self.params["W" + str(i + 1)], self.params["b" + str(i + 1)]
            hidden, affine_cache = affine_forward(hidden, W, b)
            hidden, relu_cache = relu_forward(hidden)
            drop_cache = None
            if self.use_dropout:
                hidden, drop_cache = dropout_forward(hidden, self.dropout_param)
            saved.append((affine_cache, relu_cache, drop_cache))
        L = str(self.num_layers)
        scores, last = affine_forward(hidden, self.params["W" + L], self.params["b" + L])
        if mode == "test":
            return scores
        loss, grads = 0.0, {}
        loss, d = softmax_loss(scores, y)
        d, grads["W" + L], grads["b" + L] = affine_backward(d, last)
        for i in reversed(range(self.num_layers - 1)):
            affine_cache, relu_cache, drop_cache = saved[i]
            if drop_cache != None:
                d = dropout_backward(d, drop_cache)
            d = relu_backward(d, relu_cache)
            d, grads["W" + str(i + 1)], grads["b" + str(i + 1)] = affine_backward(d, affine_cache)
        for key in self.params:
            if key[0] == "W":
                loss += self.reg * np.sum(np.square(self.params[key]))
                grads[key] = grads[key] + 2 * self.reg * self.params[key]
        return loss, grads
