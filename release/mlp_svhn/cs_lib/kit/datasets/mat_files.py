"""MATLAB 5 files: read with a clear word on damage, written byte for byte the same each time."""

import os

import numpy as np

from .errors import DamagedFileError
from .origin import LABEL

_HEADER_BYTES = 116  # of descriptive text, MAT-File Format (R2023b), page 1-5


def read_mat(path, shapes):
    """Read arrays from a MATLAB 5 file.

    Parameters
    ----------
    path : Path
    shapes : dict of str to tuple
        Names of the arrays and their shapes, with None for the number of cases, which is the
        same in all of them.

    Returns
    -------
    list of ndarray
        In the order of ``shapes``.

    Raises
    ------
    DamagedFileError
        If the file is truncated, is no MATLAB 5 file, or an array is missing, of another shape
        or of no numbers, or has another number of cases.
    """
    from scipy.io import loadmat

    try:
        content = loadmat(path, variable_names=list(shapes))
    # scipy meets damage with errors of many types, some of them from zlib and struct.
    except Exception as error:
        raise DamagedFileError(
            f"{path}: expected a MATLAB 5 file with {', '.join(shapes)}, got "
            f"{path.stat().st_size:,} bytes that cannot be read ({error}). {_ADVICE}"
        ) from None
    arrays = [_checked(path, name, content.get(name), shape) for name, shape in shapes.items()]
    cases = [
        array.shape[shape.index(None)]
        for array, shape in zip(arrays, shapes.values(), strict=True)
        if None in shape
    ]
    if len(set(cases)) > 1:
        raise DamagedFileError(
            f"{path}: expected as many cases in {' as in '.join(shapes)}, got "
            f"{' and '.join(map(str, cases))}. {_ADVICE}"
        )
    return arrays


_ADVICE = "Delete it and run `python -m cs_lib.datasets` for its data set again."


def _checked(path, name, array, shape):
    numbers = isinstance(array, np.ndarray) and array.dtype.kind in "biuf"
    found = array.shape if numbers else None
    fits = numbers and len(found) == len(shape)
    if not fits or any(want not in (None, got) for want, got in zip(shape, found, strict=True)):
        wanted = "(" + ", ".join("N" if size is None else str(size) for size in shape) + ")"
        got = found if numbers or array is None else f"a {type(array).__name__} without numbers"
        raise DamagedFileError(
            f"{path}: {name}: expected an array of shape {wanted}, got {got}. {_ADVICE}"
        )
    return array


def write_mat(path, arrays, origin):
    """Write arrays as a MATLAB 5 file, not compressed: it is made and read in a tenth of the time.

    Parameters
    ----------
    path : Path
    arrays : dict of str to ndarray
    origin : str
        Label that goes into the file's text header in place of scipy's time of day, so that
        the same arrays give the same bytes.
    """
    from scipy.io import savemat

    with path.open("wb") as file:
        savemat(file, arrays, do_compression=False)
        header = f"MATLAB 5.0 MAT-file, {origin}".encode("ascii")[:_HEADER_BYTES]
        file.seek(0, os.SEEK_SET)
        file.write(header.ljust(_HEADER_BYTES))


def origin(path):
    """Return the label of a synthetic file, None of a real one."""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES).decode("latin-1")
    _, _, label = header.partition(LABEL)
    return (LABEL + label).strip() if LABEL in header else None
