"""USPS digits, 16x16 pixels, in the columns of Hinton's assignment."""

import numpy as np

from .arrays import memory_mapped
from .labels import announce
from .mat_files import read_mat
from .registry.usps_digits import USPS_DIGITS
from .sources import find_or_synthesize

SETS = ("train", "val", "test")
_SHAPES = {"inputs": (256, None), "target": (10, None)}
_CACHE_FROM_BYTES = 2_000_000  # the real files are packed: 4 MB take as long to read as 40


def read_usps_digits(folder):
    """Read all cases as they are stored.

    Parameters
    ----------
    folder : Path
        Holds ``data_train.mat``, ``data_validation.mat`` and ``data_test.mat``.

    Returns
    -------
    tuple of ndarray
        Inputs (256, N), float64, and targets (10, N), uint8, of one set after the other;
        memory-mapped from a cache where the folder can be written.

    Raises
    ------
    DamagedFileError
        If a file is truncated or not what it should be.
    """
    files = [folder / file.name for file in USPS_DIGITS.files]

    def read():
        return tuple(array for file in files for array in read_mat(file, _SHAPES))

    return memory_mapped(files, "usps_digits", read, _CACHE_FROM_BYTES)


def load_usps_digits(*, num_test=None, dtype=np.float64, source="auto"):
    """Load the three sets of digits.

    Parameters
    ----------
    num_test : int, optional
        Take the first test cases only; by default all.
    dtype : dtype
        Of the inputs and of the targets, which the files store as unsigned bytes: minus one
        would wrap to 255 in these.
    source : {"auto", "real", "synthetic"}
        ``"auto"`` takes the real data where it is, else synthetic data, made if need be.

    Returns
    -------
    dict
        ``train`` (1000 cases), ``val`` (1000), ``test`` (9000), each a dict of ``inputs``
        (256, N), grey values in 0...1 of 16x16 images row by row, and ``target`` (10, N),
        one-hot.

    Raises
    ------
    DatasetNotFoundError, DamagedFileError
    """
    location = find_or_synthesize(USPS_DIGITS.name, source)
    stored = read_usps_digits(location.folder)
    sets = {}
    for name, inputs, target in zip(SETS, stored[::2], stored[1::2], strict=True):
        cases = slice(num_test if name == "test" else None)
        # Copies, for what is stored may be read-only.
        sets[name] = {
            "inputs": inputs[:, cases].astype(dtype),
            "target": target[:, cases].astype(dtype),
        }
    sizes = ", ".join(f"{part['inputs'].shape[1]} {name}" for name, part in sets.items())
    announce(location, f"{sizes} cases")
    return sets
