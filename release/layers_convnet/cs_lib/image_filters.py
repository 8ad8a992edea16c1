"""Hand-made filters: what a convolution can see without any training."""

import numpy as np


def image_filters():
    """Write down two 3×3 filters for RGB images.

    The first turns an image grey: at each pixel 0.3 times red plus 0.6 times
    green plus 0.1 times blue. The second finds horizontal edges in the blue
    channel: the row above the pixel, weighted 1, 2, 1, minus the row below it,
    weighted likewise (a Sobel filter); red and green play no part. An edge may
    give negative values, so 128 is added to its output; nothing to the grey one.

    Returns
    -------
    w : ndarray, shape (2, 3, 3, 3)
        Grey filter and edge filter; channels in the order red, green, blue.
    b : ndarray, shape (2,)
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement image_filters")
