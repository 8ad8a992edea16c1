"""The naive layers in the place of the fast ones, regularisation by a loop over W1 and W2."""

import numpy as np

from cs_lib.layers import (
    affine_backward,
    affine_forward,
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
    relu_backward,
    relu_forward,
    softmax_loss,
)


def two_layer_convnet(X, model, y=None, reg=0.0):
    pad = (model["W1"].shape[2] - 1) // 2
    out, conv = conv_forward_naive(X, model["W1"], model["b1"], dict(stride=1, pad=pad))
    out, relu = relu_forward(out)
    out, pool = max_pool_forward_naive(out, dict(pool_height=2, pool_width=2, stride=2))
    scores, affine = affine_forward(out, model["W2"], model["b2"])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads["W2"], grads["b2"] = affine_backward(d, affine)
    d = max_pool_backward_naive(d, pool)
    d = relu_backward(d, relu)
    _, grads["W1"], grads["b1"] = conv_backward_naive(d, conv)
    for name in ["W1", "W2"]:
        loss += 0.5 * reg * np.sum(model[name] * model[name])
        grads[name] += reg * model[name]
    return loss, grads
