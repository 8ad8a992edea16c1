"""The label that synthetic files carry inside themselves.

A stand-in must be known as one wherever it is copied to, so its label is in the file: in the
text header of a MATLAB file, in an attribute of an HDF5 file, in an entry of CIFAR-10's
``batches.meta``.  Each file format's own module reads and writes it.
"""

from importlib import import_module
from pathlib import Path

LABEL = "SYNTHETIC"
_FORMATS = {".mat": "mat_files", ".h5": "hdf5_files", ".meta": "cifar_files"}


def read_origin(path: Path) -> str | None:
    """Read the label of a data file.

    Parameters
    ----------
    path : Path
        A ``.mat`` or ``.h5`` file, or CIFAR-10's ``batches.meta``.

    Returns
    -------
    str or None
        The label of a synthetic file; None for a real file, for one that cannot be read (its
        loader says what is wrong with it), and for one of another format.
    """
    if path.suffix not in _FORMATS:
        return None
    # Imported by name: a release has the formats of its own data sets only.
    return import_module(f".{_FORMATS[path.suffix]}", __package__).origin(path)
