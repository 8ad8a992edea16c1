"""CIFAR-10's own file format: dictionaries pickled by Python 2."""

import io
import pickle

import numpy as np

from .errors import DamagedFileError

ENTRY = b"origin"
"""Of ``batches.meta``: the label of a synthetic copy."""
# What the published files name, and nothing else: unpickling can run any function it names.
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class _DataUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which is not data")
        return super().find_class(module, name)


def read_python2_pickle(path):
    """Read one file of CIFAR-10.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        Keys are bytes, such as ``b"data"``.

    Raises
    ------
    DamagedFileError
        If the file is truncated, is no pickle, or holds anything but plain data.
    """
    try:
        content = _DataUnpickler(io.BytesIO(path.read_bytes()), encoding="bytes").load()
    # A damaged pickle can raise nearly anything: its bytes choose the operations.
    except Exception as error:
        raise DamagedFileError(
            f"{path}: expected a batch of CIFAR-10, got {path.stat().st_size:,} bytes that cannot "
            f"be read ({error or type(error).__name__}). Delete its folder and run "
            "`python -m cs_lib.datasets cifar10` again."
        ) from None
    if not isinstance(content, dict):
        raise DamagedFileError(
            f"{path}: expected a dictionary, got {type(content).__name__}. Delete its folder and "
            "run `python -m cs_lib.datasets cifar10` again."
        )
    return content


def read_batch(path):
    """Read the images and labels of one batch file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    images : ndarray, shape (N, 32, 32, 3), uint8
    labels : ndarray, shape (N,), int64

    Raises
    ------
    DamagedFileError
        If the file cannot be read or its arrays have other shapes.
    """
    batch = read_python2_pickle(path)
    rows, labels = batch.get(b"data"), batch.get(b"labels")
    shape = getattr(rows, "shape", None)
    if getattr(rows, "dtype", None) != np.uint8 or len(shape) != 2 or shape[1] != 3072:
        raise DamagedFileError(
            f"{path}: data: expected uint8 of shape (N, 3072), got "
            f"{getattr(rows, 'dtype', type(rows).__name__)} of shape {shape}. Delete its folder "
            "and run `python -m cs_lib.datasets cifar10` again."
        )
    if not isinstance(labels, list) or len(labels) != len(rows):
        raise DamagedFileError(
            f"{path}: labels: expected a list of {len(rows)}, got "
            f"{len(labels) if isinstance(labels, list) else type(labels).__name__}. Delete its "
            "folder and run `python -m cs_lib.datasets cifar10` again."
        )
    images = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images, np.array(labels, dtype=np.int64)


def write_python2_pickle(path, content):
    """Write a dictionary as Python 2 would with protocol 2, as the published files were.

    Python 3's pickler writes byte strings as a call of ``_codecs.encode``, which gives text keys
    where the published files give byte keys; so the operations are put together here.

    Parameters
    ----------
    path : Path
    content : dict of bytes to (bytes, int, list, uint8 ndarray)
    """
    path.write_bytes(pickle.PROTO + b"\x02" + _encode(content) + pickle.STOP)


def _encode(value):
    if isinstance(value, bytes):
        return pickle.BINSTRING + len(value).to_bytes(4, "little") + value
    if isinstance(value, int):
        return pickle.BININT + value.to_bytes(4, "little", signed=True)
    if isinstance(value, list):
        return pickle.EMPTY_LIST + pickle.MARK + b"".join(map(_encode, value)) + pickle.APPENDS
    if isinstance(value, dict):
        items = b"".join(_encode(key) + _encode(entry) for key, entry in value.items())
        return pickle.EMPTY_DICT + pickle.MARK + items + pickle.SETITEMS
    return _encode_array(value)


def _encode_array(array):
    """Operations that rebuild a uint8 array by numpy's own ``_reconstruct``."""
    dtype = (
        _global("numpy", "dtype")
        + _tuple(_encode(b"u1"), _encode(0), _encode(1))
        + pickle.REDUCE
        + _tuple(
            _encode(3), _encode(b"|"), *[pickle.NONE] * 3, _encode(-1), _encode(-1), _encode(0)
        )
        + pickle.BUILD
    )
    empty = (
        _global("numpy.core.multiarray", "_reconstruct")
        + _tuple(_global("numpy", "ndarray"), _tuple(_encode(0)), _encode(b"b"))
        + pickle.REDUCE
    )
    shape = _tuple(*map(_encode, array.shape))
    state = _tuple(_encode(1), shape, dtype, pickle.NEWFALSE, _encode(array.tobytes()))
    return empty + state + pickle.BUILD


def _global(module, name):
    return pickle.GLOBAL + f"{module}\n{name}\n".encode()


def _tuple(*items):
    return pickle.MARK + b"".join(items) + pickle.TUPLE


def origin(path):
    """Return the label of a synthetic ``batches.meta``, None of a real one."""
    try:
        label = read_python2_pickle(path).get(ENTRY)
    except DamagedFileError:
        return None
    return None if label is None else label.decode("ascii")
