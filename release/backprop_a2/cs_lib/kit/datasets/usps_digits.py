"""USPS digits, 16x16 pixels, in the columns of Hinton's assignment."""

import numpy as np

from .labels import announce
from .mat_files import read_mat
from .registry.usps_digits import USPS_DIGITS
from .sources import find_or_synthesize

SETS = ("train", "val", "test")
_SHAPES = {"inputs": (256, None), "target": (10, None)}


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
    sets = {}
    for name, file in zip(SETS, USPS_DIGITS.files, strict=True):
        inputs, target = read_mat(location.folder / file.name, _SHAPES)
        cases = slice(num_test if name == "test" else None)
        sets[name] = {
            "inputs": inputs[:, cases].astype(dtype, copy=False),
            "target": target[:, cases].astype(dtype, copy=False),
        }
    sizes = ", ".join(f"{part['inputs'].shape[1]} {name}" for name, part in sets.items())
    announce(location, f"{sizes} cases")
    return sets
