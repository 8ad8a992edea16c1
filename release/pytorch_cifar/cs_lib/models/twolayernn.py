"""A net of two fully connected layers."""

import torch
from torch import nn


class TwoLayerNN(nn.Module):
    """Fully connected – ReLU – fully connected.

    Parameters
    ----------
    im_size : tuple of int
        (channels, height, width) of a picture.
    hidden_dim : int
        H, the number of hidden units.
    n_classes : int
        C.
    """

    def __init__(self, im_size, hidden_dim, n_classes):
        """Make the layers: weights (H, channels·height·width) and (C, H), biases (H,) and (C,)."""
        super().__init__()
        # YOUR CODE HERE
        raise NotImplementedError("pytorch_cifar: implement TwoLayerNN.__init__")

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
        raise NotImplementedError("pytorch_cifar: implement TwoLayerNN.forward")
