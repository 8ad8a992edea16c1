"""No layer is called but dropout and the loss: matrices, masks and their transposes."""

import numpy as np

from cs_lib.layers import dropout_backward, dropout_forward, softmax_loss


class TwoLayerNet:
    def loss(self, X, y=None):
        p = self.params
        x = X.reshape(len(X), -1)
        z = x @ p["W1"] + p["b1"]
        h = np.maximum(z, 0)
        scores = h @ p["W2"] + p["b2"]
        if y is None:
            return scores
        z2 = scores - scores.max(axis=1)[:, None]
        logs = z2 - np.log(np.exp(z2).sum(axis=1))[:, None]
        N = X.shape[0]
        loss = -logs[np.arange(N), y].sum() / N
        loss = loss + self.reg / 2 * sum((p[k] ** 2).sum() for k in ("W1", "W2"))
        d = np.exp(logs) - np.eye(scores.shape[1])[y]
        d = d / N
        dz = (d @ p["W2"].T) * np.where(z > 0, 1, 0)
        return loss, {
            "b2": np.ones(N) @ d,
            "W2": h.T @ d + self.reg * p["W2"],
            "b1": np.ones(N) @ dz,
            "W1": x.T @ dz + self.reg * p["W1"],
        }


class FullyConnectedNet:
    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        if self.use_dropout:
            self.dropout_param["mode"] = "test" if y is None else "train"
        h, inputs, masks, drops = X.reshape(X.shape[0], -1), [], [], []
        for k in range(1, self.num_layers + 1):
            inputs.append(h)
            h = h @ self.params[f"W{k}"] + self.params[f"b{k}"]
            if k < self.num_layers:
                masks.append(h > 0)
                h = h * masks[-1]
                if self.use_dropout:
                    h, cache = dropout_forward(h, self.dropout_param)
                    drops.append(cache)
        if y is None:
            return h
        loss, d = softmax_loss(h, y)
        grads = {}
        for k in range(self.num_layers, 0, -1):
            W = self.params[f"W{k}"]
            loss += 0.5 * self.reg * np.linalg.norm(W) ** 2
            grads[f"W{k}"] = inputs.pop().T @ d + self.reg * W
            grads[f"b{k}"] = d.sum(axis=0)
            d = d @ W.T
            if k > 1:
                if self.use_dropout:
                    d = dropout_backward(d, drops.pop())
                d = d * masks.pop()
        return loss, grads
