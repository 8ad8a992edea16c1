"""Image sets, split and normalised, from the arrays of a CIFAR-10 or SVHN file."""

from dataclasses import dataclass

import numpy as np

from .arrays import arranged, as_floats, subtract_mean_image
from .labels import announce
from .splits import split


@dataclass(frozen=True)
class ImageSets:
    """Images and labels of the three sets.

    Attributes
    ----------
    X_train, X_val, X_test : ndarray, shape (N, ...)
        Images in the layout asked for.
    y_train, y_val, y_test : ndarray, shape (N,), int64
        Labels from 0.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


@dataclass(frozen=True)
class Wanted:
    """What to make of the stored images; the loaders say what each means."""

    num_training: int
    num_validation: int
    num_test: int
    layout: str
    subtract_mean: bool
    dtype: type
    seed: int | None
    scale: float = 1.0


def image_sets(location, stored, wanted):
    """Split, normalise and arrange stored images, and print the line that tells of it.

    Parameters
    ----------
    location : Location
    stored : tuple of ndarray
        Training images (N, 32, 32, 3) uint8 and labels (N,), test images and labels.
    wanted : Wanted

    Returns
    -------
    ImageSets
    """
    images, labels, test_images, test_labels = stored
    parts = split(len(images), wanted.num_training, wanted.num_validation, wanted.seed)
    chosen = [*(images[part] for part in parts), test_images[: wanted.num_test]]
    floats = [as_floats(part, wanted.dtype, wanted.scale) for part in chosen]
    if wanted.subtract_mean:
        subtract_mean_image(*floats)
    sizes = [f"{len(part)} {name}" for part, name in zip(floats, _NAMES, strict=True)]
    announce(location, f"{', '.join(sizes)} images")
    X_train, X_val, X_test = (arranged(part, wanted.layout) for part in floats)
    # Copies, for the stored labels may be memory-mapped and read-only.
    y_train, y_val = (np.array(labels[part]) for part in parts)
    return ImageSets(
        X_train, y_train, X_val, y_val, X_test, np.array(test_labels[: wanted.num_test])
    )


_NAMES = ("training", "validation", "test")
