"""Pictures of weights and images."""

import numpy as np


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Lay images out in a square grid, each stretched to the range from 0 to ``ubound``.

    Parameters
    ----------
    Xs : ndarray, shape (N, H, W, C)
        Images, or filters with the channels last.
    ubound : float
        Largest value of the result.
    padding : int
        Black pixels between two images.

    Returns
    -------
    ndarray, shape (rows·(H + padding) - padding, columns·(W + padding) - padding, C)
    """
    N, H, W, C = Xs.shape
    columns = int(np.ceil(np.sqrt(N)))
    rows = -(-N // columns)
    grid = np.zeros((rows * (H + padding) - padding, columns * (W + padding) - padding, C))
    for n, image in enumerate(Xs):
        row, column = divmod(n, columns)
        top, left = row * (H + padding), column * (W + padding)
        low, high = image.min(), image.max()
        span = high - low if high > low else 1.0
        grid[top : top + H, left : left + W] = ubound * (image - low) / span
    return grid


def show_net_weights(model, image_shape=(32, 32, 3)):
    """Draw the first-layer weights of a fully connected network as images.

    Parameters
    ----------
    model : dict
        ``'W1'`` of shape (D, H) has an image of D = 32·32·3 weights in each column.
    image_shape : tuple of int
        (height, width, channels) of an image.
    """
    import matplotlib.pyplot as plt

    images = model["W1"].T.reshape(-1, *image_shape)
    plt.imshow(visualize_grid(images, padding=3).astype("uint8"))
    plt.axis("off")
