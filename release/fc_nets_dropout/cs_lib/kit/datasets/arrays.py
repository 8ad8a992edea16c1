"""From stored bytes to the arrays that networks are trained on."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

LAYOUTS = ("NHWC", "NCHW", "rows")
CACHE_FROM_BYTES = 20_000_000  # smaller files are read as quickly as a cache


def as_floats(images, dtype, scale=1.0):
    """A float copy of uint8 images.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C), uint8
        May be memory-mapped.
    dtype : dtype
        ``float32`` halves the memory; the published figures were found with ``float64``.
    scale : float
        Factor, such as 1/255.

    Returns
    -------
    ndarray, shape (N, H, W, C)
    """
    floats = np.array(images, dtype=dtype, order="C")
    if scale != 1.0:
        floats *= scale
    return floats


def subtract_mean_image(training, *others):
    """Subtract the mean training image in place from all sets, and return it.

    Parameters
    ----------
    training, *others : ndarray, shape (N, H, W, C), float

    Returns
    -------
    ndarray, shape (H, W, C)
    """
    # Summed in float64: 49,000 summands lose four digits in float32.
    mean = training.mean(axis=0, dtype=np.float64).astype(training.dtype)
    for images in (training, *others):
        images -= mean
    return mean


def arranged(images, layout):
    """Images in the order of axes that an assignment uses.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
    layout : {"NHWC", "NCHW", "rows"}

    Returns
    -------
    ndarray, shape (N, H, W, C), (N, C, H, W) or (N, H*W*C)
        Contiguous.

    Raises
    ------
    ValueError
        If there is no such layout.
    """
    if layout == "NHWC":
        return images
    if layout == "NCHW":
        return np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    if layout == "rows":
        return images.reshape(len(images), -1)
    raise ValueError(f"layout: expected one of {', '.join(LAYOUTS)}, got {layout!r}. Choose one.")


def memory_mapped(files, label, read, from_bytes=None):
    """Arrays of slow-to-read files, kept as ``.npy`` beside them and memory-mapped.

    Parameters
    ----------
    files : list of Path
        The files that are read.
    label : str
        Name of the cache.
    read : callable
        Returns a tuple of ndarrays when the cache does not have them yet.
    from_bytes : int, optional
        Smallest size of all files together that is worth a cache; `CACHE_FROM_BYTES` by default.

    Returns
    -------
    tuple of ndarray
        Memory-mapped, read-only, where the folder can be written and the files are large.
    """
    stats = [file.stat() for file in files]
    if sum(stat.st_size for stat in stats) < (from_bytes or CACHE_FROM_BYTES):
        return read()
    # The name changes with the files, so a stale cache is never read, and never replaced while
    # another process has it mapped, which Windows forbids.
    state = repr([(stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats])
    prefix = f"{label}-{hashlib.sha256(state.encode()).hexdigest()[:16]}"
    folder = files[0].parent / ".cache"
    failures = OSError, ValueError, EOFError
    with contextlib.suppress(*failures):  # none, or one that is damaged or may not be read
        return _mapped(folder, prefix)
    arrays = read()
    with contextlib.suppress(*failures):  # a read-only folder, a full disk: it works without
        saved = _save_all(folder, prefix, arrays, files[0])
        _forget_others(folder, label, saved)
        return _mapped(folder, prefix)
    return arrays


def _mapped(folder, prefix):
    paths = sorted(folder.glob(f"{prefix}-*.npy"))
    if not paths or not paths[0].stem.endswith(f"-0of{len(paths)}"):
        raise FileNotFoundError(f"{folder / prefix}: expected all arrays of a cache")
    return tuple(np.load(path, mmap_mode="r") for path in paths)


def _save_all(folder, prefix, arrays, like):
    """Save arrays, for those to read who may read a file like them."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        shutil.copymode(like.parent, folder)
    names = [f"{prefix}-{index}of{len(arrays)}.npy" for index in range(len(arrays))]
    for name, array in zip(names, arrays, strict=True):
        handle, draft = tempfile.mkstemp(".draft", f"{prefix}-", folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, array, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())  # or a power cut leaves a file of the right size, and zeros
            shutil.copymode(like, draft)
            os.replace(draft, folder / name)
        finally:
            Path(draft).unlink(missing_ok=True)
    return names


def _forget_others(folder, label, names):
    """Remove caches of files as they were before, and what a process that was killed has left."""
    for path in folder.glob(f"{label}-*"):
        if path.name not in names:
            with contextlib.suppress(OSError):  # mapped, or another process was first
                path.unlink()
