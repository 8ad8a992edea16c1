"""CIFAR-10 in the forms that the assignments ask for."""

import numpy as np

from cs_lib.datasets import load_cifar10


def load_cifar10_train_val(
    num_training=49000, num_validation=1000, num_test=1000, *, dtype=np.float64, **options
):
    """CIFAR-10 as columns, with a last row of ones that takes the place of a bias.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; on a smaller set fewer come, and the printed line tells how many.
    dtype : dtype
        ``np.float32`` halves the memory, which is 1.2 GB for all training images.
    **options
        ``subtract_mean``, ``seed``, ``source`` of `cs_lib.datasets.load_cifar10`.

    Returns
    -------
    X_train : ndarray, shape (3073, num_training)
        Pixels minus the mean training image.
    y_train : ndarray, shape (num_training,), int64
    X_val, y_val, X_test, y_test : ndarray
        Likewise.
    """
    sets = load_cifar10(
        num_training, num_validation, num_test, layout="rows", dtype=dtype, **options
    )
    return (
        _columns_with_ones(sets.X_train),
        sets.y_train,
        _columns_with_ones(sets.X_val),
        sets.y_val,
        _columns_with_ones(sets.X_test),
        sets.y_test,
    )


def _columns_with_ones(rows):
    columns = np.empty((rows.shape[1] + 1, rows.shape[0]), dtype=rows.dtype)
    columns[:-1] = rows.T
    columns[-1] = 1
    return columns


def load_CIFAR10(folder=None):
    """All of CIFAR-10 as it is stored, as in the published courses.

    Parameters
    ----------
    folder : str or path, optional
        Where the published courses keep the files. Not used: they are looked for where
        ``python -m cs_lib.datasets list`` says, and a synthetic set takes their place.

    Returns
    -------
    X_train, y_train : ndarray, shape (N, 32, 32, 3) and (N,)
        Pixels from 0 to 255 as float64; N is 50,000 of the real set.
    X_test, y_test : ndarray
        Likewise; 10,000 of the real set.
    """
    sets = load_cifar10(50_000, 0, 10_000, subtract_mean=False)
    return sets.X_train, sets.y_train, sets.X_test, sets.y_test


def get_CIFAR10_data(
    num_training=49000,
    num_validation=1000,
    num_test=1000,
    *,
    layout="NCHW",
    as_tuple=False,
    dtype=np.float64,
    **options,
):
    """CIFAR-10 with the mean training image subtracted.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; on a smaller set fewer come, and the printed line tells how many.
    layout : {"NCHW", "NHWC", "rows"}
        Shape of the images: (N, 3, 32, 32), (N, 32, 32, 3) or (N, 3072).
    as_tuple : bool
        Return the six arrays in order instead of a dict.
    dtype : dtype
    **options
        ``subtract_mean``, ``seed``, ``source`` of `cs_lib.datasets.load_cifar10`.

    Returns
    -------
    dict or tuple of ndarray
        ``X_train``, ``y_train``, ``X_val``, ``y_val``, ``X_test``, ``y_test``.

    Notes
    -----
    Rows run through the pixels as (32, 32, 3), as in the published courses, so a weight image is
    ``w.reshape(32, 32, 3)``.
    """
    sets = load_cifar10(
        num_training, num_validation, num_test, layout=layout, dtype=dtype, **options
    )
    named = vars(sets)
    return tuple(named.values()) if as_tuple else dict(named)
