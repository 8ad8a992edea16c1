"""What is right but for a function that it calls: that function's check alone charges the fault.

The values are those of the student's own functions. Of one that says nothing of its input (it
gives a constant, or the input itself) none is accepted: such values could be had for free.
"""

from functools import partial

import numpy as np

from autograder.checks import StudentError, any_of, expect, expect_close

SCORES = np.array([-1.0, 0.5, 2.0])
PREDICTIONS = np.array([0.2, 0.45, 0.7])


def expect_loss(components, loss, x, *, w, b, y):
    """Expect the loss that the student's own sigmoid and bce_loss give."""
    y_hat = _values(components, "sigmoid", x @ w + b)
    expect_close(loss, float(_values(components, "bce_loss", y_hat, y)), name="loss")


def expect_grad_x(components, grad_x, x, *, w, b, y):
    """Expect the chain of the student's own derivatives, or what two of them come to in one."""
    h = x @ w + b
    y_hat = _values(components, "sigmoid", h)

    def expect_chain(of_sigmoid):
        by_loss = _values(components, "bce_loss_grad", y_hat, y)
        expect_close(grad_x, by_loss * of_sigmoid() * w, name="grad_x")

    any_of(
        partial(expect_chain, partial(_values, components, "sigmoid_grad", h)),
        partial(expect_chain, lambda: y_hat * (1 - y_hat)),
        partial(expect_close, grad_x, (y_hat - y) * w, name="grad_x"),
    )


def expect_values(components, name, actual, x, *, times=1.0):
    """Expect the values of one of the student's functions, times a factor."""
    expect_close(actual, _values(components, name, x) * times, name=name)


def _values(components, name, at, label=None):
    """Return what a function of the student's gives, where it says something of its input."""
    probes = SCORES if label is None else PREDICTIONS
    given = np.concatenate([probes, np.ravel(at)])
    # Both labels, as what is wrong for one of them may be a constant there.
    labels = (
        [] if label is None else [np.append([1 - label, label, 1 - label], [label] * np.size(at))]
    )
    try:
        values = getattr(components, name)(*labels, given)
    except StudentError:
        values = None
    is_array = isinstance(values, np.ndarray) and values.shape == given.shape
    usable = is_array and values.dtype.kind == "f" and bool(np.all(np.isfinite(values)))
    tells = usable and np.ptp(values) > 0 and not np.allclose(values, given)
    expect(bool(tells), f"{name}: expected values that depend on the input.")
    return values[len(probes) :].reshape(np.shape(at))
