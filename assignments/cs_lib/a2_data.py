"""Where the digit files of ``backprop_a2`` lie, and how they are read."""

import os
from pathlib import Path

import numpy as np

FILES = {"train": "data_train.mat", "val": "data_validation.mat", "test": "data_test.mat"}
SUBFOLDERS = ("", "exercise-09-data", "usps_digits")


def search_folders():
    """Folders in which `find_data_dir` looks, first the most particular.

    Returns
    -------
    list of Path
        ``$COURSEDATA`` if it is set, the places of the course's Jupyter servers, and the
        ``datasets`` folders at and above the working directory and this package.
    """
    roots = [Path(os.environ["COURSEDATA"])] if os.environ.get("COURSEDATA") else []
    roots += [Path("/coursedata"), Path("../../coursedata"), Path.home() / "work/coursedata"]
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        roots += [folder / "datasets" for folder in (start, *start.parents)]
    return roots


def find_data_dir():
    """First folder that holds all three files.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If no folder of `search_folders` has them.
    """
    for root in search_folders():
        for subfolder in SUBFOLDERS:
            folder = root / subfolder
            if all((folder / name).is_file() for name in FILES.values()):
                return folder
    raise FileNotFoundError(
        f"find_data_dir: expected {', '.join(FILES.values())} in one folder, found none. "
        "Run `python -m cs_lib.datasets` or set COURSEDATA to the folder that has them."
    )


def from_data_file(data_dir):
    """Read the three sets of digits.

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
    """
    from scipy.io import loadmat  # the gradient needs no SciPy, so it must import without

    sets = {}
    for name, file_name in FILES.items():
        path = Path(data_dir) / file_name
        if not path.is_file():
            raise FileNotFoundError(
                f"from_data_file: expected {path}, found no such file. "
                "Run `python -m cs_lib.datasets` to fetch or synthesise the digits."
            )
        content = loadmat(path)
        sets[name] = {key: content[key].astype(np.float64) for key in ("inputs", "target")}
    return sets
