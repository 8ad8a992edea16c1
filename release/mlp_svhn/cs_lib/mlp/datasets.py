"""SVHN in the form that ``mlp_svhn`` asks for."""

import numpy as np

from cs_lib.datasets import load_svhn


def SVHN_data(
    num_training=70000, num_validation=3257, num_test=26032, *, dtype=np.float64, **options
):
    """SVHN, pixels in 0...1 minus the mean training image.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; on a smaller set fewer come, and the printed line tells how many.
    dtype : dtype
        ``np.float32`` halves the memory, which is 1.7 GB for all training images.
    **options
        ``subtract_mean``, ``layout``, ``seed``, ``source`` of `cs_lib.datasets.load_svhn`.

    Returns
    -------
    dict of str to ndarray
        ``data_train``, ``data_val``, ``data_test`` (N, 32, 32, 3) and ``labels_train``,
        ``labels_val``, ``labels_test`` (N,), int64: the digits.
    """
    sets = load_svhn(num_training, num_validation, num_test, dtype=dtype, **options)
    return {
        "data_train": sets.X_train,
        "labels_train": sets.y_train,
        "data_val": sets.X_val,
        "labels_val": sets.y_val,
        "data_test": sets.X_test,
        "labels_test": sets.y_test,
    }
