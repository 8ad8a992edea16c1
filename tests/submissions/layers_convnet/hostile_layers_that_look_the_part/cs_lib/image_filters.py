"""Filters that leave a picture as it is."""

import numpy as np


def image_filters():
    w = np.zeros((2, 3, 3, 3))
    w[:, :, 1, 1] = 1 / 3
    return w, np.array([0.0, 128.0])
