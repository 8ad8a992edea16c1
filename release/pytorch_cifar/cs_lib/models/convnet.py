"""A small convolutional net."""

import torch
from torch import nn


class CNN(nn.Module):
    """Convolution – ReLU – 2×2 max pooling – fully connected.

    The convolution has stride 1 and no padding, so a picture loses ``kernel_size - 1`` rows and
    columns. The pooling has stride 2; a row or column that is left over is not used.

    Parameters
    ----------
    im_size : tuple of int
        (channels, height, width) of a picture.
    hidden_dim : int
        F, the number of filters.
    kernel_size : int
        k, height and width of a filter; odd or even.
    n_classes : int
        C.
    """

    def __init__(self, im_size, hidden_dim, kernel_size, n_classes):
        """Make the layers.

        The filters have shape (F, channels, k, k) and a bias (F,); the weight behind them
        (C, F·rows·columns), as many as the pooling leaves, and a bias (C,).
        """
        super().__init__()
        # YOUR CODE HERE
        raise NotImplementedError("pytorch_cifar: implement CNN.__init__")

    def forward(self, images):
        """Compute the scores.

        Parameters
        ----------
        images : Tensor, shape (N, channels, height, width)

        Returns
        -------
        Tensor, shape (N, C)
        """
        # YOUR CODE HERE
        raise NotImplementedError("pytorch_cifar: implement CNN.forward")
