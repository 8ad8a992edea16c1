"""A linear classifier: softmax regression."""

from torch import nn


class Softmax(nn.Module):
    """Scores that are linear in the pixels.

    Parameters
    ----------
    im_size : tuple of int
        (channels, height, width) of a picture.
    n_classes : int
        C.
    """

    def __init__(self, im_size, n_classes):
        """Make the layer: a weight of shape (C, channels·height·width) and a bias (C,)."""
        super().__init__()
        ### BEGIN SOLUTION
        channels, height, width = im_size
        self.fc = nn.Linear(channels * height * width, n_classes)
        ### END SOLUTION

    def forward(self, images):
        """Compute the scores, which become probabilities in the loss alone.

        Parameters
        ----------
        images : Tensor, shape (N, channels, height, width)

        Returns
        -------
        Tensor, shape (N, C)
        """
        ### BEGIN SOLUTION
        return self.fc(images.flatten(1))
        ### END SOLUTION
