"""Your own net."""

from torch import nn


class MyModel(nn.Module):
    """A net of your own design, with at most 100,000 parameters for pictures of 16×16 pixels.

    Parameters
    ----------
    im_size : tuple of int
        (channels, height, width) of a picture.
    hidden_dim : int
        A width; what it means is yours to say.
    kernel_size : int
        Height and width of the filters; 3 in the grading.
    n_classes : int
        C.
    """

    def __init__(self, im_size, hidden_dim, kernel_size, n_classes):
        """Make the layers, of ``torch.nn``."""
        super().__init__()
        # YOUR CODE HERE
        raise NotImplementedError("pytorch_cifar: implement MyModel.__init__")

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
        raise NotImplementedError("pytorch_cifar: implement MyModel.forward")
        return scores
