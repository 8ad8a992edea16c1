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
        ### BEGIN SOLUTION
        channels, height, width = im_size
        self.fc1 = nn.Linear(channels * height * width, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, n_classes)
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
        hidden = torch.relu(self.fc1(images.flatten(1)))
        return self.fc2(hidden)
        ### END SOLUTION
