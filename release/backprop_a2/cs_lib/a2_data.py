"""Read the digit files of ``backprop_a2`` from a folder of your choice."""

from pathlib import Path

import numpy as np

FILES = {"train": "data_train.mat", "val": "data_validation.mat", "test": "data_test.mat"}


def from_data_file(data_dir):
    """Read the three sets of digits.

    `cs_lib.datasets.load_usps_digits` returns the same and finds the folder by itself.

    Parameters
    ----------
    data_dir : path
        Folder with ``data_train.mat``, ``data_validation.mat`` and ``data_test.mat``.

    Returns
    -------
    dict
        Sets ``train`` (1000 cases), ``val`` (1000) and ``test`` (9000), each a dict of
        ``inputs`` (256, N), grey values in 0 ... 1, and ``target`` (10, N), one-hot; both
        float64, for the files hold unsigned targets, and minus one wraps to 255 in these.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    DamagedFileError
        If a file is not what it should be.
    """
    from cs_lib.datasets.mat_files import read_mat  # the gradient must import without SciPy

    sets = {}
    for name, file_name in FILES.items():
        path = Path(data_dir) / file_name
        if not path.is_file():
            raise FileNotFoundError(
                f"from_data_file: expected {path}, found no such file. "
                "Run `python -m cs_lib.datasets` to fetch or synthesise the digits."
            )
        inputs, target = read_mat(path, {"inputs": (256, None), "target": (10, None)})
        sets[name] = {
            "inputs": inputs.astype(np.float64, copy=False),
            "target": target.astype(np.float64, copy=False),
        }
    return sets
