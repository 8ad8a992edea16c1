"""Cut a data set into training, validation and test sets of the sizes asked for."""

import numpy as np


def split_sizes(available, num_training, num_validation):
    """Sizes of the training and the validation set.

    Parameters
    ----------
    available : int
        Examples there are for both.
    num_training, num_validation : int
        Sizes asked for.

    Returns
    -------
    num_training, num_validation : int
        As asked for where there are enough examples.  Otherwise validation gets at most a fifth
        of them and training the rest, so that the full-size defaults of the published courses
        work on a small data set too.
    """
    if num_training + num_validation > available:
        num_validation = min(num_validation, available // 5)
        num_training = min(num_training, available - num_validation)
    return num_training, num_validation


def split(available, num_training, num_validation, seed=None):
    """Indices of the training and the validation set.

    Parameters
    ----------
    available : int
    num_training, num_validation : int
    seed : int, optional
        Draw both at random; by default the first examples train and the next validate, as in the
        published courses.

    Returns
    -------
    training, validation : slice or ndarray, shape (n,), int64
        Disjoint.
    """
    num_training, num_validation = split_sizes(available, num_training, num_validation)
    both = num_training + num_validation
    if seed is None:
        return slice(0, num_training), slice(num_training, both)
    chosen = np.random.default_rng(seed).permutation(available)[:both]
    # In the order of the file: reading a memory-mapped file forwards is several times faster.
    return np.sort(chosen[:num_training]), np.sort(chosen[num_training:])
