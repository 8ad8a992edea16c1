"""HDF5 files of arrays: opened with a clear word on damage, written with a label."""

from .errors import DamagedFileError

_ATTRIBUTE = "origin"


def open_hdf5(path, shapes):
    """Open an HDF5 file for reading; arrays are read only where they are sliced.

    Parameters
    ----------
    path : Path
    shapes : dict of str to tuple
        Names of the arrays that must be there and their shapes, None for any size.

    Returns
    -------
    h5py.File
        To be closed by the caller; a context manager.

    Raises
    ------
    DamagedFileError
        If the file is truncated, is no HDF5 file, or an array is missing or of another shape.
    """
    import h5py

    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise DamagedFileError(
            f"{path}: expected an HDF5 file, got {path.stat().st_size:,} bytes that cannot be "
            f"read ({error}). {_ADVICE}"
        ) from None
    for name, shape in shapes.items():
        found = file[name].shape if name in file else None
        if found is None or [len(found), *found[1:]] != [len(shape), *shape[1:]]:
            file.close()
            wanted = "(" + ", ".join("N" if size is None else str(size) for size in shape) + ")"
            raise DamagedFileError(
                f"{path}: {name}: expected an array of shape {wanted}, got {found}. {_ADVICE}"
            )
    return file


_ADVICE = "Delete it and run `python -m cs_lib.datasets` for its data set again."


def write_hdf5(path, arrays, origin):
    """Write arrays with a label; the same arrays give the same bytes.

    Parameters
    ----------
    path : Path
    arrays : dict of str to (ndarray or list of str)
        Lists of words become variable-length strings.
    origin : str
        Label for the file's attribute ``origin``.
    """
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs[_ATTRIBUTE] = origin
        for name, array in arrays.items():
            dtype = h5py.string_dtype("utf-8") if isinstance(array, list) else array.dtype
            file.create_dataset(name, data=array, dtype=dtype, track_times=False)


def origin(path):
    """Return the label of a synthetic file, None of a real one."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            label = file.attrs.get(_ATTRIBUTE)
    except OSError:
        return None
    return None if label is None else str(label)
