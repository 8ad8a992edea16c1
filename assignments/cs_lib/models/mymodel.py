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
        ### BEGIN SOLUTION
        channels, height, width = im_size
        self.net = nn.Sequential(
            nn.Conv2d(channels, hidden_dim, kernel_size, padding="same"),
            nn.BatchNorm2d(hidden_dim),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(hidden_dim, 2 * hidden_dim, kernel_size, padding="same"),
            nn.BatchNorm2d(2 * hidden_dim),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(2 * hidden_dim * (height // 4) * (width // 4), n_classes),
        )
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
        scores = self.net(images)
        ### END SOLUTION
        return scores
