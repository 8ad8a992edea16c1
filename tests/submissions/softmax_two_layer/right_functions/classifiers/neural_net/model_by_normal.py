"""np.random.normal, b as zeros(H) of a tuple, ReLU by where, a grads dict filled backwards."""

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    model = {}
    model["W1"] = np.random.normal(scale=1e-5, size=(input_size, hidden_size))
    model["b1"] = np.zeros((hidden_size,))
    model["W2"] = 0.00001 * np.random.standard_normal((hidden_size, output_size))
    model["b2"] = np.repeat(0.0, output_size)
    return model


def two_layer_net(X, model, y=None, reg=0.0, verbose=0):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    N, D = X.shape
    scores = None
    layer1 = np.dot(X, W1) + b1
    a1 = np.where(layer1 > 0, layer1, 0)
    scores = np.dot(a1, W2) + b2
    if y is None:
        return scores
    loss = None
    shifted = scores - np.max(scores, axis=1).reshape(N, 1)
    exp_scores = np.exp(shifted)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[range(N), y])
    data_loss = np.sum(correct_logprobs) / N
    reg_loss = 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    loss = data_loss + reg_loss
    grads = {}
    dscores = probs
    dscores[range(N), y] -= 1
    dscores /= N
    grads["W2"] = np.dot(a1.T, dscores)
    grads["b2"] = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T)
    dhidden[a1 <= 0] = 0
    grads["W1"] = np.dot(X.T, dhidden)
    grads["b1"] = np.sum(dhidden, axis=0)
    grads["W2"] += reg * W2
    grads["W1"] += reg * W1
    return loss, grads
