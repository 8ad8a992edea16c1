"""Hidden checks of ``gradient_descent_digits``: activations, the loss and their derivatives."""

from functools import partial

import numpy as np

from autograder.checks import (
    StudentError,
    any_of,
    check,
    expect_close,
    expect_gradient,
    expect_matches,
    warn,
)


def _inputs(rng):
    """Draw arrays of awkward shapes, integers, and a plain number."""
    for shape in ((7,), (3, 5), (2, 3, 4), (1, 1)):
        yield rng.uniform(-6, 6, size=shape)
    yield float(rng.uniform(-6, 6))
    yield rng.permutation(np.array([-3, -2, -1, 1, 2, 3]))


FAR_OUT = np.array([-300.0, -30.0, 30.0, 300.0])


@check
def sigmoid(student, rng):
    """The sigmoid is right for arrays of any shape and type, for numbers, and far from zero."""
    for x in _inputs(rng):
        expect_matches(student.components.sigmoid, x=x)
    expect_matches(student.components.sigmoid, x=FAR_OUT, robust=False)


@check
def sigmoid_grad(student, reference, rng):
    """The derivative of the sigmoid matches central differences, and is right far from zero."""
    x = rng.uniform(-5, 5, size=(3, 4))
    expect_gradient(student.components.sigmoid_grad(x), of=reference.components.sigmoid, at=x)
    for x in _inputs(rng):
        expect_matches(student.components.sigmoid_grad, x=x)
    expect_matches(student.components.sigmoid_grad, x=FAR_OUT, robust=False)
    if not _is_zero_far_out(student.components.sigmoid_grad):
        warn("sigmoid_grad: not 0 at x = ±1000. Write it with sigmoid. No points are lost.")


def _is_zero_far_out(function):
    try:
        slopes = function(np.array([-1000.0, 1000.0]))
    except StudentError:
        return False
    return isinstance(slopes, np.ndarray) and slopes.dtype.kind == "f" and not np.any(slopes)


@check
def relu(student, rng):
    """The ReLU keeps positive entries and sets the others to 0, for any shape and type."""
    for x in (*_inputs(rng), np.array([-2.0, 0.0, 1e-9, -1e9, 1e9])):
        expect_matches(student.components.relu, x=x)


@check
def relu_grad(student, rng):
    """The slope of the ReLU is 1 for positive x and 0 for negative; at 0 you may choose."""
    for x in (*_inputs(rng), np.array([-1e9, -1e-9, 1e-9, 1e9])):
        expect_matches(student.components.relu_grad, x=x)
    slopes = student.components.relu_grad(np.array([-1.5, 0.0, 0.0, 2.5]))
    choices = [np.array([0.0, at_zero, at_zero, 1.0]) for at_zero in (0.0, 0.5, 1.0)]
    any_of(*(partial(expect_close, slopes, choice) for choice in choices))


def _predictions(rng):
    """Draw labels with predictions: vectors, columns, one sample, numbers."""
    for shape in ((6,), (5, 1), (1, 1), (3, 4)):
        y = rng.integers(2, size=shape)
        y.flat[0], y.flat[-1] = 0, 1
        yield {"y": y, "y_hat": rng.uniform(0.01, 0.99, size=shape)}
        yield {"y": y.astype(float), "y_hat": rng.uniform(0.01, 0.99, size=shape)}
    for y in (0, 1.0):
        yield {"y": y, "y_hat": float(rng.uniform(0.1, 0.9))}


AT_THE_ENDS = {"y": np.array([0, 0, 1, 1]), "y_hat": np.array([1e-4, 1 - 1e-4, 1e-4, 1 - 1e-4])}


@check
def bce_loss(student, rng):
    """The cross-entropy of each prediction is right, for labels 0 and 1 and any shape."""
    for labels_and_predictions in _predictions(rng):
        expect_matches(student.components.bce_loss, **labels_and_predictions)
    expect_matches(student.components.bce_loss, **AT_THE_ENDS, robust=False)


@check
def bce_loss_grad(student, reference, rng):
    """The derivative of the loss by the prediction matches central differences of the loss."""
    y, y_hat = rng.integers(2, size=(4, 3)), rng.uniform(0.1, 0.9, size=(4, 3))
    true_loss = partial(reference.components.bce_loss, y)
    expect_gradient(student.components.bce_loss_grad(y, y_hat), of=true_loss, at=y_hat)
    for labels_and_predictions in _predictions(rng):
        expect_matches(student.components.bce_loss_grad, **labels_and_predictions)
    expect_matches(student.components.bce_loss_grad, **AT_THE_ENDS, robust=False)
