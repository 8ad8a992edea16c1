"""CIFAR-10: 50,000 training and 10,000 test images, 32x32 pixels, RGB, ten classes."""

import numpy as np

from .arrays import memory_mapped
from .cifar_files import read_batch, read_python2_pickle
from .image_sets import Wanted, image_sets
from .registry.cifar10 import CIFAR10
from .sources import find_or_synthesize


def read_cifar10(folder):
    """Read all images as they are stored.

    Parameters
    ----------
    folder : Path
        Holds ``cifar-10-batches-py``.

    Returns
    -------
    X_train : ndarray, shape (50000, 32, 32, 3), uint8
    y_train : ndarray, shape (50000,), int64
    X_test : ndarray, shape (10000, 32, 32, 3), uint8
    y_test : ndarray, shape (10000,), int64
        Memory-mapped from a cache where the folder can be written.

    Raises
    ------
    DamagedFileError
        If a file is truncated or not what it should be.
    """
    _, *training, test = [folder / file.name for file in CIFAR10.files]

    def read():
        batches = [read_batch(path) for path in training]
        images, labels = zip(*batches, strict=True)
        return (np.concatenate(images), np.concatenate(labels), *read_batch(test))

    return memory_mapped([*training, test], "cifar10", read)


def class_names(source="auto"):
    """The ten class names, in the order of the labels.

    Parameters
    ----------
    source : {"auto", "real", "synthetic"}
        See `load_cifar10`.

    Returns
    -------
    list of str
        The shapes' names where the data is synthetic.
    """
    location = find_or_synthesize(CIFAR10.name, source)
    meta = read_python2_pickle(location.folder / CIFAR10.files[0].name)
    return [name.decode() for name in meta[b"label_names"]]


def load_cifar10(
    num_training=49000,
    num_validation=1000,
    num_test=1000,
    *,
    layout="NHWC",
    subtract_mean=True,
    dtype=np.float64,
    seed=None,
    source="auto",
):
    """Load CIFAR-10, split and normalised as the published courses do.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; fewer come where the data set is smaller, see
        `cs_lib.datasets.splits.split_sizes`, and the printed line tells the sizes.
    layout : {"NHWC", "NCHW", "rows"}
        Order of the axes; rows are (N, 3072).
    subtract_mean : bool
        Subtract the mean training image; pixels run from 0 to 255 before.
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
    location = find_or_synthesize(CIFAR10.name, source)
    stored = read_cifar10(location.folder)
    wanted = Wanted(num_training, num_validation, num_test, layout, subtract_mean, dtype, seed)
    return image_sets(location, stored, wanted)
