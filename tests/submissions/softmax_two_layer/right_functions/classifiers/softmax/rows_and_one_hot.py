"""Images as rows on the way, one-hot labels, whole reg with twice the gradient, a list as result."""

import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    scores = np.dot(X.T, W.T)
    scores = scores - np.amax(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    num_train = X.shape[1]
    one_hot = np.zeros_like(probs)
    one_hot[np.arange(num_train), y] = 1.0
    loss = -np.sum(one_hot * np.log(np.where(one_hot > 0, probs, 1.0))) / num_train
    loss += reg * np.sum(W * W)
    dW = np.dot((probs - one_hot).T, X.T) / num_train + 2 * reg * W
    return [loss, dW]
