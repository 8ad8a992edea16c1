"""Two-layer convolutional network in one function."""

import numpy as np

from cs_lib.layer_utils import conv_relu_pool_backward, conv_relu_pool_forward
from cs_lib.layers import affine_backward, affine_forward, softmax_loss


def init_two_layer_convnet(
    weight_scale=1e-3,
    bias_scale=0,
    input_shape=(3, 32, 32),
    num_classes=10,
    num_filters=32,
    filter_size=5,
):
    """Draw the parameters of a two-layer ConvNet.

    The convolution keeps height and width, the 2×2 pooling halves them (an odd
    last row or column is dropped); what comes out of it goes to the affine
    layer.

    Parameters
    ----------
    weight_scale, bias_scale : float
        Standard deviations of the normally distributed weights and biases.
    input_shape : tuple of int
        (C, H, W) of an image.
    num_classes, num_filters : int
    filter_size : int
        Height and width of a filter; odd.

    Returns
    -------
    dict
        ``'W1'`` (F, C, filter_size, filter_size), ``'b1'`` (F,),
        ``'W2'`` (F·(H // 2)·(W // 2), num_classes), ``'b2'`` (num_classes,).
    """
    if filter_size % 2 == 0:
        raise ValueError(
            f"init_two_layer_convnet: expected an odd filter_size, got {filter_size}. "
            "An even filter has no middle to keep the image's size with; take one more or less."
        )
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement init_two_layer_convnet")


def two_layer_convnet(X, model, y=None, reg=0.0):
    """Compute scores, or loss and gradients, of a two-layer ConvNet.

    The layers are convolution (stride 1, padded so that height and width stay),
    ReLU, 2×2 max pooling with stride 2, affine. The loss is the softmax loss
    plus 0.5·reg times the sum of the squared weights of both layers; biases are
    not regularised (reg without the half is accepted too, when the gradients
    agree with it).

    Parameters
    ----------
    X : ndarray, shape (N, C, H, W)
    model : dict
        As from `init_two_layer_convnet`.
    y : ndarray of int, shape (N,), optional
        Labels, 0 <= y < num_classes.
    reg : float
        Strength of the regularisation.

    Returns
    -------
    scores : ndarray, shape (N, num_classes)
        If ``y`` is None.
    loss : float
        If ``y`` is given, together with:
    grads : dict
        Gradient of the loss with respect to each parameter, by its name.
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement two_layer_convnet")
