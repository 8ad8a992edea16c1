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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement init_two_layer_model")


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
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement two_layer_net")
