"""Two-layer fully connected network in one function."""

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    """Draw the parameters of a two-layer network.

    Weights are normally distributed with standard deviation 1e-5, biases zero.

    Parameters
    ----------
    input_size, hidden_size, output_size : int
        D, H and C.

    Returns
    -------
    dict
        ``'W1'`` (D, H), ``'b1'`` (H,), ``'W2'`` (H, C), ``'b2'`` (C,).
    """
    ### BEGIN SOLUTION
    scale = 1e-5
    return {
        "W1": scale * np.random.randn(input_size, hidden_size),
        "b1": np.zeros(hidden_size),
        "W2": scale * np.random.randn(hidden_size, output_size),
        "b2": np.zeros(output_size),
    }
    ### END SOLUTION


def two_layer_net(X, model, y=None, reg=0.0, verbose=0):
    """Compute scores, or loss and gradients, of a two-layer network.

    The layers are affine, ReLU, affine. The loss is the mean cross-entropy of
    the softmax of the scores plus 0.5·reg times the sum of the squared weights
    of both layers; biases are not regularised (reg without the half is accepted
    too, when the gradients agree with it). It must hold where all scores of an
    image are in the thousands: subtract the largest of them from each.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        Data, a row for each image.
    model : dict
        ``'W1'`` (D, H), ``'b1'`` (H,), ``'W2'`` (H, C), ``'b2'`` (C,).
    y : ndarray of int, shape (N,), optional
        Labels, 0 <= y < C.
    reg : float
        Strength of the regularisation.
    verbose : int
        Above 0, print the two parts of the loss.

    Returns
    -------
    scores : ndarray, shape (N, C)
        If ``y`` is None.
    loss : float
        If ``y`` is given, together with:
    grads : dict
        Gradient of the loss with respect to each parameter, by its name.
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = (model[name] for name in ("W1", "b1", "W2", "b2"))
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    if y is None:
        return scores
    N = X.shape[0]
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    # The logarithm of a probability that underflowed to 0 would be infinite.
    log_sums = np.log(exponentials.sum(axis=1)) + scores.max(axis=1)
    data_loss = np.mean(log_sums - scores[np.arange(N), y])
    reg_loss = 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    if verbose > 0:
        print(f"data loss {data_loss:.6f}, regularisation loss {reg_loss:.6f}")
    dscores = probabilities
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads = {
        "W1": X.T @ dhidden + reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }
    return float(data_loss + reg_loss), grads
    ### END SOLUTION
