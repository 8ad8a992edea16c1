"""Functions of the assignment {{ name }}."""

import numpy as np


def mean_squared_error(y, y_hat):
    """Mean over all elements of the squared difference.

    Parameters
    ----------
    y, y_hat : ndarray, same shape
        Targets and predictions.

    Returns
    -------
    float
    """
    ### BEGIN SOLUTION
    return float(np.mean((np.asarray(y_hat) - np.asarray(y)) ** 2))
    ### END SOLUTION
