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
        ### BEGIN SOLUTION
        channels, height, width = im_size
        rows, columns = (height - kernel_size + 1) // 2, (width - kernel_size + 1) // 2
        self.conv = nn.Conv2d(channels, hidden_dim, kernel_size)
        self.fc = nn.Linear(hidden_dim * rows * columns, n_classes)
        ### END SOLUTION

    def forward(self, images):
        """Compute the scores.

        Parameters
        ----------
        images : Tensor, shape (N, channels, height, width)

        Returns
        -------
        Tensor, shape (N, C)
        """
        ### BEGIN SOLUTION
        pooled = nn.functional.max_pool2d(torch.relu(self.conv(images)), 2)
        return self.fc(pooled.flatten(1))
        ### END SOLUTION
