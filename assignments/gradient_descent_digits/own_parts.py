"""What is right but for a function that it calls: that function's check alone charges the fault.

The values are those of the student's own functions. Of one that says nothing of its input (it
gives a constant, or the input itself) none is accepted: such values could be had for free.
They are asked for before a failure is explained, as the calls that look into it would part what a
submission gives from what a known mistake gives.
"""

import numpy as np

from autograder.checks import StudentError

SCORES = np.array([-1.0, 0.5, 2.0])
PREDICTIONS = np.array([0.2, 0.45, 0.7])


def choices(actual, true, own):
    """Return the true value, and where `actual` is another of its form those that `own` finds."""
    same_form = isinstance(actual, (float, np.ndarray)) and np.shape(actual) == np.shape(true)
    return [true, *own()] if same_form and not np.allclose(actual, true) else [true]


def losses(components, x, *, w, b, y):
    """Return the loss that the student's own sigmoid and bce_loss give, if they give one."""
    (y_hat,) = values(components, "sigmoid", x @ w + b) or [None]
    of_own = [] if y_hat is None else values(components, "bce_loss", y_hat, y)
    return [float(loss) for loss in of_own]


def gradients(components, x, *, w, b, y):
    """Return what the chain of the student's own derivatives may come to, in (D,) each.

    By way of the slope of the sigmoid or of its value, or with both slopes in one formula.
    """
    h = x @ w + b
    slopes = values(components, "sigmoid_grad", h)
    found = []
    for y_hat in values(components, "sigmoid", h):
        for by_loss in values(components, "bce_loss_grad", y_hat, y):
            found += [by_loss * slope * w for slope in (*slopes, y_hat * (1 - y_hat))]
        found.append((y_hat - y) * w)
    return found


def values(components, name, at, label=None, *, times=1.0):
    """Return, in a list, what a function of the student's gives; none where that says nothing."""
    probes = SCORES if label is None else PREDICTIONS
    given = np.append(probes, at)
    # Both labels, as what is wrong for one of them may be a constant there.
    labels = [] if label is None else [np.append([1 - label, label], [label] * (np.size(at) + 1))]
    try:
        found = getattr(components, name)(*labels, given)
    except StudentError:
        return []
    is_array = isinstance(found, np.ndarray) and found.shape == given.shape
    if not is_array or found.dtype.kind != "f" or not np.all(np.isfinite(found)):
        return []
    if np.ptp(found) == 0 or np.allclose(found, given):
        return []
    return [found[len(probes) :].reshape(np.shape(at)) * times]
