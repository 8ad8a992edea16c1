"""Cats (0) and cars (1), grey, 32x32 pixels."""

from dataclasses import dataclass

import numpy as np

from .hdf5_files import open_hdf5
from .labels import announce
from .registry.cats_cars import CATS_CARS
from .sources import find_or_synthesize

_SHAPES = {
    "trainims": (None, 32, 32),
    "trainlbls": (None,),
    "testims": (None, 32, 32),
    "testlbls": (None,),
}


@dataclass(frozen=True)
class CatsCars:
    """Images and labels of both sets.

    Attributes
    ----------
    X_train, X_test : ndarray, shape (N, 32, 32)
        Upright, in 0...1.
    y_train, y_test : ndarray, shape (N,), int64
        0 cat, 1 car.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def open_cats_cars(source="auto"):
    """Open the file itself, to read its arrays lazily by slices.

    Parameters
    ----------
    source : {"auto", "real", "synthetic"}
        ``"auto"`` takes the real data where it is, else synthetic data, made if need be.

    Returns
    -------
    h5py.File
        Of ``trainims``, ``testims`` (N, 32, 32) uint8, stored transposed, and ``trainlbls``,
        ``testlbls`` (N,) float64.  Close it, or use it in a ``with`` statement.

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    location = find_or_synthesize(CATS_CARS.name, source)
    file = open_hdf5(location.folder / CATS_CARS.files[0].name, _SHAPES)
    announce(location, f"{len(file['trainims'])} training, {len(file['testims'])} test images")
    return file


def load_cats_cars(*, dtype=np.float64, source="auto"):
    """Load all images upright, with pixels in 0...1.

    Parameters
    ----------
    dtype : dtype
    source : {"auto", "real", "synthetic"}
        As for `open_cats_cars`.

    Returns
    -------
    CatsCars

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    with open_cats_cars(source) as file:
        images = [_upright(file[name][:], dtype) for name in ("trainims", "testims")]
        labels = [file[name][:].astype(np.int64) for name in ("trainlbls", "testlbls")]
    return CatsCars(images[0], labels[0], images[1], labels[1])


def _upright(images, dtype):
    return np.ascontiguousarray(images.transpose(0, 2, 1)).astype(dtype) / 255
