"""The label that synthetic files carry inside themselves.

A stand-in must be known as one wherever it is copied to, so its label is in the file: in the
text header of a MATLAB file, in an attribute of an HDF5 file, in an entry of CIFAR-10's
``batches.meta``.
"""

from pathlib import Path

LABEL = "SYNTHETIC"
HDF5_ATTRIBUTE = "origin"
CIFAR_ENTRY = b"origin"
MAT_HEADER_BYTES = 116  # of descriptive text, MAT-File Format (R2023b), page 1-5


def read_origin(path: Path) -> str | None:
    """Read the label of a data file.

    Parameters
    ----------
    path : Path
        A ``.mat`` or ``.h5`` file, or CIFAR-10's ``batches.meta``.

    Returns
    -------
    str or None
        The label of a synthetic file; None for a real file, and for one that cannot be read
        (its loader says what is wrong with it).
    """
    if path.suffix == ".mat":
        return _mat_origin(path)
    if path.suffix == ".h5":
        return _hdf5_origin(path)
    return _cifar_origin(path)


def _mat_origin(path: Path) -> str | None:
    with path.open("rb") as file:
        header = file.read(MAT_HEADER_BYTES).decode("latin-1")
    _, _, label = header.partition(LABEL)
    return (LABEL + label).strip() if LABEL in header else None


def _hdf5_origin(path: Path) -> str | None:
    import h5py  # takes longer to import than all the rest of the package

    try:
        with h5py.File(path, "r") as file:
            label = file.attrs.get(HDF5_ATTRIBUTE)
    except OSError:
        return None
    return None if label is None else str(label)


def _cifar_origin(path: Path) -> str | None:
    from cs_lib.datasets.cifar_files import read_python2_pickle
    from cs_lib.datasets.errors import DamagedFileError

    try:
        label = read_python2_pickle(path).get(CIFAR_ENTRY)
    except DamagedFileError:
        return None
    return None if label is None else label.decode("ascii")
