"""The handwritten digits that scikit-learn brings."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np


def load_digits():
    """Load the digits as `sklearn.datasets.load_digits` does.

    The file is read where scikit-learn keeps it: to import all of scikit-learn for it takes
    seconds.

    Returns
    -------
    pixels : ndarray, (1797, 64)
        Grey values from 0 to 16, each image row by row.
    target : ndarray of int, (1797,)
        The digit that each image shows.
    """
    spec = find_spec("sklearn")
    if spec is None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    file = Path(spec.origin).with_name("datasets") / "data" / "digits.csv.gz"
    rows = np.loadtxt(file, delimiter=",")
    return rows[:, :-1], rows[:, -1].astype(int)
