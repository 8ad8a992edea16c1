"""Trigrams: three words and the one that follows, over a vocabulary of 250 words."""

from dataclasses import dataclass

import numpy as np

from .hdf5_files import open_hdf5
from .labels import announce
from .registry.trigrams import TRIGRAMS
from .sources import find_or_synthesize

_SHAPES = {
    **dict.fromkeys(("trainx", "valx", "testx"), (None, 3)),
    **dict.fromkeys(("traind", "vald", "testd", "words"), (None,)),
}


@dataclass(frozen=True)
class Trigrams:
    """Word indices of the three sets, and the words.

    Attributes
    ----------
    X_train, X_val, X_test : ndarray, shape (N, 3), int64
        Indices into ``words``, from 0; the file counts from 1.
    y_train, y_val, y_test : ndarray, shape (N,), int64
    words : list of str
        The vocabulary.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    words: list[str]


def open_trigrams(source="auto"):
    """Open the file itself, to read its arrays lazily by slices.

    Parameters
    ----------
    source : {"auto", "real", "synthetic"}
        ``"auto"`` takes the real data where it is, else synthetic data, made if need be.

    Returns
    -------
    h5py.File
        Of ``trainx``, ``valx``, ``testx`` (N, 3) and ``traind``, ``vald``, ``testd`` (N,), word
        numbers from 1, and ``words`` (250,) as bytes.  Close it, or use it in a ``with``
        statement.

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    location = find_or_synthesize(TRIGRAMS.name, source)
    file = open_hdf5(location.folder / TRIGRAMS.files[0].name, _SHAPES)
    sizes = ", ".join(f"{len(file[key])} {name}" for key, name in _SETS.items())
    announce(location, f"{sizes} trigrams of {len(file['words'])} words")
    return file


_SETS = {"traind": "training", "vald": "validation", "testd": "test"}


def load_trigrams(num_training=None, num_validation=None, num_test=None, *, source="auto"):
    """Load word indices from 0.

    Parameters
    ----------
    num_training, num_validation, num_test : int, optional
        Take the first ones only; by default all.
    source : {"auto", "real", "synthetic"}
        As for `open_trigrams`.

    Returns
    -------
    Trigrams

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    arrays = []
    with open_trigrams(source) as file:
        for name, count in (("train", num_training), ("val", num_validation), ("test", num_test)):
            for kind in "xd":
                arrays.append(file[name + kind][:count].astype(np.int64) - 1)
        words = [word.decode() for word in file["words"][:]]
    return Trigrams(*arrays, words)
