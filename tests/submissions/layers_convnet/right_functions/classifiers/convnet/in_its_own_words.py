"""Parameters by a loop, the pieces one by one, whole reg with its gradient."""

import numpy as np

from cs_lib.layers import relu_backward, relu_forward
from cs_lib.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)


def init_two_layer_convnet(
    weight_scale=1e-3,
    bias_scale=0,
    input_shape=(3, 32, 32),
    num_classes=10,
    num_filters=32,
    filter_size=5,
):
    C, H, W = input_shape
    F, HH = num_filters, filter_size
    shapes = dict(W1=(F, C, HH, HH), b1=F, W2=(F * (H // 2) * (W // 2), num_classes), b2=num_classes)
    model = {}
    for name in sorted(shapes):
        scale = weight_scale if name.startswith("W") else bias_scale
        model[name] = np.random.normal(0.0, 1.0, shapes[name]) * scale
    return model


def two_layer_convnet(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    a, conv_cache = conv_forward_fast(X, W1, b1, {"stride": 1, "pad": W1.shape[-1] // 2})
    r, relu_cache = relu_forward(a)
    window = {"pool_height": 2, "pool_width": 2, "stride": 2}
    h, pool_cache = max_pool_forward_fast(r, window)
    flat = h.reshape(h.shape[0], -1)
    scores = flat.dot(W2) + b2
    if y is None:
        return scores
    scores = scores - np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p /= np.sum(p, axis=1, keepdims=True)
    N = len(X)
    loss = -np.mean(np.log(p[range(N), y])) + reg * (np.sum(W1**2) + np.sum(W2**2))
    d = p.copy()
    d[range(N), y] -= 1
    d /= N
    grads = {"W2": flat.T.dot(d) + 2 * reg * W2, "b2": d.sum(0)}
    dh = max_pool_backward_fast(d.dot(W2.T).reshape(h.shape), pool_cache)
    _, dW1, grads["b1"] = conv_backward_fast(relu_backward(dh, relu_cache), conv_cache)
    grads["W1"] = dW1 + 2 * reg * W1
    return loss, grads
