"""Practice pictures: small, drawn on the spot, of ten kinds; always synthetic."""

import numpy as np

from cs_lib.kit.datasets.synthetic.shapes import coloured_shapes


def practice_pictures(layout="rows", seed=0, sizes=(1000, 200, 1000)):
    """Draw synthetic pictures of ten kinds of shapes, 16×16 pixels, RGB.

    They are drawn as the synthetic stand-in of CIFAR-10 is, at half its size, so
    that a net trains on them in seconds.

    Parameters
    ----------
    layout : {'rows', 'NCHW'}
        Shape of the pictures: (N, 768) or (N, 3, 16, 16).
    seed : int
        Another seed draws other pictures.
    sizes : tuple of int
        Training, validation and test pictures.

    Returns
    -------
    dict
        ``'X_train'``, ``'y_train'``, ``'X_val'``, ``'y_val'``, ``'X_test'``,
        ``'y_test'``; pixels minus the mean training picture.
    """
    images, labels = coloured_shapes(np.random.default_rng(seed), sum(sizes))
    pictures = sum(np.float64(images[:, y::2, x::2]) for y in (0, 1) for x in (0, 1)) / 4
    pictures -= pictures[: sizes[0]].mean(axis=0)
    if layout == "NCHW":
        pictures = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    else:
        pictures = pictures.reshape(len(pictures), -1)
    ends = np.cumsum(sizes)[:-1]
    data = {}
    for name, X, y in zip(
        ("train", "val", "test"), np.split(pictures, ends), np.split(labels, ends), strict=True
    ):
        data |= {f"X_{name}": X, f"y_{name}": y}
    return data
