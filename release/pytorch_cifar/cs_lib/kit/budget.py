"""How much a notebook may compute: everything, or little while it is being graded.

The grader sets the environment variable ``CS_LIB_BUDGET`` to ``quick``. On your own machine it
is not set and every number stays what it is, so that a notebook reads naturally::

    fit(net, x, y, epochs=budget.epochs(400))
"""

import os

quick = os.environ.get("CS_LIB_BUDGET") == "quick"
"""True while a notebook is graded, or tested in a hurry."""


def epochs(full, at_most=20):
    """Return how many epochs to train for: `full`, in a hurry never over `at_most`.

    Parameters
    ----------
    full, at_most : int

    Returns
    -------
    int
    """
    return limited(full, at_most)


def limited(full, at_most):
    """Return `full`, in a hurry never over `at_most`: for steps, samples, trials.

    Parameters
    ----------
    full, at_most : int

    Returns
    -------
    int
    """
    return min(full, at_most) if quick else full
