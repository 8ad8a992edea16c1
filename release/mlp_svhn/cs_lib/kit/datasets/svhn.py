"""SVHN: 73,257 training and 26,032 test images of house-number digits, 32x32 pixels, RGB."""

import numpy as np

from .arrays import as_floats, memory_mapped
from .image_sets import Wanted, image_sets
from .labels import announce
from .mat_files import read_mat
from .registry.svhn import SVHN, SVHN_EXTRA
from .sources import find_or_synthesize

_SHAPES = {"X": (32, 32, 3, None), "y": (None, 1)}


def read_svhn_file(path):
    """Read one file of cropped digits.

    Parameters
    ----------
    path : Path
        ``train_32x32.mat``, ``test_32x32.mat`` or ``extra_32x32.mat``.

    Returns
    -------
    images : ndarray, shape (N, 32, 32, 3), uint8
    labels : ndarray, shape (N,), int64
        The digits; the file's label 10 is the digit 0.

    Raises
    ------
    DamagedFileError
        If the file is truncated or not what it should be.
    """

    def read():
        images, labels = read_mat(path, _SHAPES)
        return images.transpose(3, 0, 1, 2), labels[:, 0].astype(np.int64) % 10

    return memory_mapped([path], path.stem, read)


def read_svhn(folder):
    """Read all images of both sets as they are stored.

    Parameters
    ----------
    folder : Path
        Holds ``train_32x32.mat`` and ``test_32x32.mat``.

    Returns
    -------
    tuple of ndarray
        Of each set what `read_svhn_file` returns.
    """
    train, test = (read_svhn_file(folder / file.name) for file in SVHN.files)
    return (*train, *test)


def read_svhn_extra(folder):
    """Read all extra images as they are stored, as `read_svhn_file` does."""
    return read_svhn_file(folder / SVHN_EXTRA.files[0].name)


def load_svhn(
    num_training=70000,
    num_validation=3257,
    num_test=26032,
    *,
    layout="NHWC",
    subtract_mean=True,
    dtype=np.float64,
    seed=None,
    source="auto",
):
    """Load SVHN with pixels in 0...1.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; fewer come where the data set is smaller, see
        `cs_lib.datasets.splits.split_sizes`, and the printed line tells the sizes.
    layout : {"NHWC", "NCHW", "rows"}
        Order of the axes; rows are (N, 3072).
    subtract_mean : bool
        Subtract the mean training image.
    dtype : dtype
    seed : int, optional
        Draw the training and validation images at random; by default they are the first ones.
    source : {"auto", "real", "synthetic"}
        ``"auto"`` takes the real data where it is, else synthetic data, made if need be.

    Returns
    -------
    ImageSets

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    location = find_or_synthesize(SVHN.name, source)
    wanted = Wanted(
        num_training, num_validation, num_test, layout, subtract_mean, dtype, seed, scale=1 / 255
    )
    return image_sets(location, read_svhn(location.folder), wanted)


def load_svhn_extra(num_images=None, *, dtype=np.float64, source="auto"):
    """Load the easier extra digits, pixels in 0...1.

    Parameters
    ----------
    num_images : int, optional
        The first ones; by default all 531,131, which are 13 GB as ``float64``.
    dtype : dtype
    source : {"auto", "real", "synthetic"}
        As for `load_svhn`.

    Returns
    -------
    images : ndarray, shape (N, 32, 32, 3)
    labels : ndarray, shape (N,), int64
    """
    location = find_or_synthesize(SVHN_EXTRA.name, source)
    images, labels = read_svhn_extra(location.folder)
    images, labels = images[:num_images], np.array(labels[:num_images])
    announce(location, f"{len(labels)} images")
    return as_floats(images, dtype, 1 / 255), labels
