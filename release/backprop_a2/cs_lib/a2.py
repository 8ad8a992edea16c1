"""Backpropagation by hand for a network with one hidden layer (``backprop_a2``).

The names, the start and the numbers follow assignment 2 of G. Hinton's csc321. Only
`d_loss_by_d_model` is yours to write; everything else here uses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count, islice

import numpy as np

from cs_lib.a2_data import from_data_file
from cs_lib.a2_model import (
    classification_performance,
    figures,
    forward_pass,
    initial_model,
    log_sum_exp_over_rows,
    logistic,
    loss,
    losses_around,
    model_to_theta,
    theta_to_model,
)

# Eighth-order central difference: the error is of order h**8, so a step as large as 1e-2
# leaves no visible rounding noise.
STENCIL_STEP = 1e-2
STENCIL_DISTANCES = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
STENCIL_WEIGHTS = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
GRADIENT_THRESHOLD = 1e-5
BIG_PRIME = 1299721  # its multiples scatter over the parameters, the same ones every time


def d_loss_by_d_model(model, data, wd_coefficient):
    """Gradient of `loss` with respect to both weight matrices.

    Parameters
    ----------
    model : dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H).
    data : dict
        ``inputs`` (256, N) and ``target`` (10, N); a column is a case.
    wd_coefficient : float
        Factor of the weight decay.

    Returns
    -------
    dict
        The same keys and shapes as model: ``input_to_hid`` (H, 256) and ``hid_to_class``
        (10, H), the derivatives of ``loss(model, data, wd_coefficient)``.
    """
    # The loss is a mean over the N cases, and weight decay is part of it.
    # `forward_pass` has everything that the two products need.
    # YOUR CODE HERE
    raise NotImplementedError("backprop_a2: implement d_loss_by_d_model")


def test_gradient(model, data, wd_coefficient):
    """Compare 100 elements of the gradient with eight-point central differences.

    Parameters
    ----------
    model, data : dict
        As for `loss`.
    wd_coefficient : float

    Raises
    ------
    AssertionError
        If an element differs by more than 1e-5 absolutely and 1e-5 relatively, or the
        gradient is not finite.
    """
    analytic = model_to_theta(d_loss_by_d_model(model, data, wd_coefficient))
    if not np.all(np.isfinite(analytic)):
        raise AssertionError(
            "test_gradient: expected finite derivatives, got NaN or infinity. "
            "Look for a logarithm of zero or a division by zero in d_loss_by_d_model."
        )
    gradient = theta_to_model(analytic)
    for name, n_elements in (("hid_to_class", 20), ("input_to_hid", 80)):  # the easier one first
        places = BIG_PRIME * np.arange(n_elements) % model[name].size
        elements = list(zip(*np.unravel_index(places, model[name].shape, order="F"), strict=True))
        moves = STENCIL_STEP * STENCIL_DISTANCES
        losses = losses_around(model, data, wd_coefficient, name, elements, moves)
        for element, numeric in zip(elements, losses @ STENCIL_WEIGHTS / STENCIL_STEP, strict=True):
            _compare(name, element, gradient[name][element], numeric)
        print(f"Gradient test passed for {name}.")


# pytest collects every function that is called test_*, wherever it is imported.
test_gradient.__test__ = False


def _compare(name, element, analytic, numeric):
    """Raise if both the absolute and the relative difference are above the threshold."""
    difference = abs(analytic - numeric)
    size = abs(analytic) + abs(numeric)
    if difference > GRADIENT_THRESHOLD and difference / size > GRADIENT_THRESHOLD:
        row, column = element
        raise AssertionError(
            f"test_gradient: {name}: expected the central difference {numeric:.8g} in row {row}, "
            f"column {column}, got {analytic:.8g}. Work through the chain rule of {name} again."
        )


@dataclass
class A2Result:
    """What one run of `a2` found; figures are computed when they are looked at.

    Attributes
    ----------
    model : dict
        ``input_to_hid`` (H, 256) and ``hid_to_class`` (10, H) after the last step, or those
        of the lowest validation loss with early stopping.
    training_losses, validation_losses : list of float
        Loss after each step, weight decay included.
    losses, classification_losses, error_rates : dict
        Final figures for ``training``, ``validation`` and ``test``: with weight decay, without
        it, and the fraction of wrong classes.
    best_iteration : int or None
        Step after which `model` was taken: the last one, or with early stopping that of the
        lowest validation loss; None if there was no step.
    """

    model: dict
    best_iteration: int | None
    losses: Mapping
    classification_losses: Mapping
    error_rates: Mapping
    history: Callable = field(repr=False)

    @cached_property
    def training_losses(self):
        return self.history("train")

    @cached_property
    def validation_losses(self):
        return self.history("val")


class Figures(Mapping):
    """One figure of the three sets, computed at first sight: most are never looked at.

    Parameters
    ----------
    figure : callable
        Gives the figure of a set by its name, ``figure("train")``.
    """

    KEYS = {"training": "train", "validation": "val", "test": "test"}

    def __init__(self, figure):
        self._figure = figure

    def __getitem__(self, name):
        return self._figure(self.KEYS[name])

    def __iter__(self):
        return iter(self.KEYS)

    def __len__(self):
        return len(self.KEYS)

    def __repr__(self):
        return repr(dict(self))


def a2(
    wd_coefficient,
    n_hid,
    n_iters,
    learning_rate,
    momentum_multiplier,
    do_early_stopping,
    mini_batch_size,
    datas=None,
    check_gradient=True,
    verbose=True,
):
    """Train a network from the fixed start and report how good it is.

    Parameters
    ----------
    wd_coefficient : float
    n_hid : int
    n_iters : int
        Number of steps; 0 only reports on the untrained network.
    learning_rate, momentum_multiplier : float
    do_early_stopping : bool
        Go back to the model with the lowest validation loss.
    mini_batch_size : int
        Mini-batches are taken in the order of the file, round and round.
    datas : dict, optional
        What `from_data_file` returns; by default the digits that `cs_lib.datasets` finds.
    check_gradient : bool
        Run `test_gradient` before the first and after the last step.
    verbose : bool
        Print the progress and the final figures.

    Returns
    -------
    A2Result

    Raises
    ------
    AssertionError
        If `test_gradient` finds a wrong derivative.
    """
    if datas is None:
        from cs_lib.datasets import load_usps_digits  # the gradient must import without SciPy

        datas = load_usps_digits()
    model, best_iteration, best_loss = initial_model(n_hid), None, np.inf
    if n_iters and check_gradient:
        print("Testing the gradient on the whole training set ...")
        test_gradient(model, datas["train"], wd_coefficient)

    def steps():
        settings = wd_coefficient, learning_rate, momentum_multiplier, mini_batch_size
        return islice(_steps(datas["train"], initial_model(n_hid), *settings), n_iters)

    for iteration, (step_model, mini_batch) in enumerate(steps(), start=1):
        report = verbose and iteration % max(1, round(n_iters / 10)) == 0
        if report or do_early_stopping:
            validation_loss = loss(step_model, datas["val"], wd_coefficient)
        if not do_early_stopping or validation_loss < best_loss:
            best_loss = validation_loss if do_early_stopping else np.inf
            model, best_iteration = step_model, iteration
        if report:
            training_loss = loss(step_model, datas["train"], wd_coefficient)
            print(
                f"After {iteration} iterations, training loss {training_loss}, "
                f"validation loss {validation_loss}"
            )
        if iteration == n_iters and check_gradient:  # typical parameters, another N
            print("Testing the gradient on a mini-batch ...")
            test_gradient(step_model, mini_batch, wd_coefficient)
    if verbose and do_early_stopping and n_iters:
        print(f"Early stopping: validation loss was lowest at iteration {best_iteration}.")

    @cache
    def final(part):
        return figures(model, datas[part], wd_coefficient)

    result = A2Result(
        model,
        best_iteration,
        Figures(lambda part: final(part)[0]),
        Figures(lambda part: final(part)[1]),
        Figures(lambda part: final(part)[2]),
        # The steps are taken once more: cheaper than to measure after each, or to keep them all.
        lambda part: [loss(each, datas[part], wd_coefficient) for each, _ in steps()],
    )
    if verbose:
        _print_figures(result)
    return result


def _steps(train, model, wd_coefficient, learning_rate, momentum_multiplier, mini_batch_size):
    """Endless gradient descent with momentum: yields the model and the mini-batch of a step."""
    theta = model_to_theta(model)
    speed = np.zeros_like(theta)
    for start in count(0, mini_batch_size):
        columns = slice(start := start % train["inputs"].shape[1], start + mini_batch_size)
        mini_batch = {name: train[name][:, columns] for name in ("inputs", "target")}
        gradient = d_loss_by_d_model(theta_to_model(theta), mini_batch, wd_coefficient)
        speed = speed * momentum_multiplier - model_to_theta(gradient)
        theta = theta + speed * learning_rate
        yield theta_to_model(theta), mini_batch


def _print_figures(result):
    for name in result.losses:
        print(
            f"{name}: total loss {result.losses[name]}, "
            f"without weight decay {result.classification_losses[name]}, "
            f"error rate {result.error_rates[name]}"
        )
