"""The reference of ``gradient_descent_digits`` against the course's printed figures and SciPy."""

import itertools
import runpy
import sys
import tomllib
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import scipy.optimize
import scipy.special
from cs_lib.components import bce_loss, bce_loss_grad, relu, relu_grad, sigmoid, sigmoid_grad
from cs_lib.digits import load_digits as read_digits
from cs_lib.kit import budget
from cs_lib.network import Linear, Net, ReLU, Sigmoid, fit, plot_history
from sklearn.datasets import load_digits

from autograder.checks.registry import load_checks
from autograder.course.folder import Course

# What the course's document printed for x = default_rng(12345).uniform(-10, 10, size=5).
X = np.random.default_rng(12345).uniform(-10, 10, size=5)

PRINTED = Path(__file__).parents[1] / "cs_lib" / "published" / "printed.toml"

# What it trained: layer sizes and settings, by the name under which the list has what it printed.
TRAINING = {
    "rate 0.01, mini-batch 15, 20 epochs": ((64, 32, 1), 0.01, 15),
    "rate 0.01, mini-batch 15, first 20 of 400 epochs": ((64, 32, 1), 0.01, 15),
    "rate 0.03, mini-batch 15": ((64, 32, 1), 0.03, 15),
    "rate 0.05, mini-batch 15": ((64, 32, 1), 0.05, 15),
    "rate 0.03, mini-batch 40": ((64, 32, 1), 0.03, 40),
    "four layers": ((64, 64, 64, 32, 1), 0.001, 20),
}
BROADCAST = {
    "64-32 against one label": ((64, 32), 0.01),
    "64-32-32 against one label": ((64, 32, 32), 0.001),
}


def trace(name):
    """The train loss, train accuracy and test loss of each epoch, as printed."""
    tables = tomllib.loads(PRINTED.read_text())["printed"]
    (table,) = (table for table in tables if table["what"] == f"training, {name}")
    numbers = table["numbers"].split()
    return [" ".join(numbers[i : i + 3]) for i in range(0, len(numbers), 3)]


@pytest.fixture(scope="module")
def digits():
    """x and y, each with "train" and "test", as the notebook prepares them."""
    pixels, target = load_digits(return_X_y=True)
    pixels = (pixels - np.mean(pixels)) / np.std(pixels)
    labels = (target < 5).astype(float)
    order = np.random.default_rng(12345).permutation(len(pixels))
    split = {"train": order[:898], "test": order[898:]}
    return (
        {phase: pixels[rows] for phase, rows in split.items()},
        {phase: labels[rows] for phase, rows in split.items()},
    )


def relu_network(*sizes):
    rng = np.random.default_rng(12345)
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers += [Linear(n_in, n_out, rng), ReLU()]
    return Net([*layers[:-1], Sigmoid()])


def printed(history, epoch):
    loss, accuracy = history
    values = loss["train"][epoch], accuracy["train"][epoch], loss["test"][epoch]
    return " ".join(f"{value:.4f}" for value in values)


def test_digits_are_those_of_the_course(digits):
    x, y = digits
    pixels = np.concatenate([x["train"], x["test"]])
    assert pixels.shape == (1797, 64)
    assert pixels.min() == pytest.approx(-0.8117561971974786, abs=1e-15)
    assert pixels.max() == pytest.approx(1.847470154168513, abs=1e-15)
    assert y["train"].shape == (898,)
    assert y["test"].shape == (899,)


@pytest.mark.parametrize("run", TRAINING)
@pytest.mark.filterwarnings("ignore:(divide by zero|invalid value):RuntimeWarning")
def test_training_prints_what_the_course_printed(run, digits):
    sizes, learning_rate, mb_size = TRAINING[run]
    net = relu_network(*sizes)
    history = fit(net, *digits, 20, learning_rate, mb_size, verbose=False)
    assert [printed(history, epoch) for epoch in range(20)] == trace(run)


def test_one_layer_with_one_output(digits):
    net = relu_network(64, 1)
    loss, _ = fit(net, *digits, epochs=20, learning_rate=0.01, mb_size=20, verbose=False)
    first_and_last = [f"{loss[phase][e]:.4f}" for e in (0, 19) for phase in ("train", "test")]
    assert first_and_last == ["0.4918", "0.3604", "0.2648", "0.2880"]


def fit_broadcast(net, x, y, epochs, learning_rate, mb_size):
    """Train as the document did: each label is broadcast over all outputs of its row.

    `fit` refuses this; the figures come from a net of 32 outputs, which are 32 nets of one.
    """
    x = {phase: rows[: len(rows) // mb_size * mb_size] for phase, rows in x.items()}
    y = {phase: labels[: len(x[phase]), None] for phase, labels in y.items()}
    loss = {"train": [], "test": []}
    accuracy = {"train": [], "test": []}
    for _ in range(epochs):
        seen = []
        for start in range(0, len(x["train"]), mb_size):
            rows = slice(start, start + mb_size)
            y_hat, trace = net.forward(x["train"][rows])
            net.backward(trace, bce_loss_grad(y["train"][rows], y_hat))
            net.step(learning_rate)
            seen.append(y_hat)
        y_hats = {"train": np.concatenate(seen), "test": net.forward(x["test"])[0]}
        for phase, y_hat in y_hats.items():
            loss[phase].append(np.mean(bce_loss(y[phase], y_hat)))
            accuracy[phase].append(np.mean((y[phase] > 0.5) == (y_hat > 0.5)))
    return loss, accuracy


@pytest.mark.parametrize("run", BROADCAST)
def test_nets_of_32_outputs_and_one_label(run, digits):
    sizes, learning_rate = BROADCAST[run]
    rng = np.random.default_rng(12345)
    layers = [Linear(n_in, n_out, rng) for n_in, n_out in itertools.pairwise(sizes)]
    net = Net([*layers, Sigmoid()])
    history = fit_broadcast(net, *digits, epochs=20, learning_rate=learning_rate, mb_size=20)
    assert [printed(history, epoch) for epoch in range(20)] == trace(run)


def test_fit_prints_a_line_an_epoch(digits, capsys):
    fit(relu_network(64, 32, 1), *digits, epochs=1, learning_rate=0.01, mb_size=15)
    assert capsys.readouterr().out == (
        "Epoch   0: loss[train]= 0.4412 accuracy[train]= 0.7944 "
        "loss[test]= 0.3620 accuracy[test]= 0.8429\n"
    )


def test_fit_refuses_a_mini_batch_larger_than_a_set(digits):
    with pytest.raises(ValueError, match=r"at most 898 samples.*mb_size=900"):
        fit(relu_network(64, 1), *digits, epochs=1, mb_size=900)


def test_fit_refuses_more_than_one_output(digits):
    net = Net([Linear(64, 32, np.random.default_rng(0)), Sigmoid()])
    with pytest.raises(ValueError, match=r"shape \(10, 1\).*got \(10, 32\)"):
        fit(net, *digits, epochs=1, mb_size=10)


def test_fit_leaves_its_data_unchanged(digits):
    before = [part.copy() for table in digits for part in table.values()]
    fit(relu_network(64, 1), *digits, epochs=1, verbose=False)
    after = [part for table in digits for part in table.values()]
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def test_plot_history_draws_both_curves():
    matplotlib.use("agg")
    from matplotlib import pyplot

    pyplot.close("all")
    history = {"train": [0.5, 0.25], "test": [0.75, 0.5]}
    plot_history(history, history)
    (number,) = pyplot.get_fignums()
    figure = pyplot.figure(number)
    assert [list(line.get_ydata()) for line in figure.axes[0].lines] == list(history.values())
    assert [axes.get_title() for axes in figure.axes] == ["Loss", "Accuracy"]
    units = [axes.get_ylabel() for axes in figure.axes]
    assert units == ["binary cross-entropy (nats)", "share right"]
    pyplot.close(figure)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (sigmoid, [0.004264, 0.024969, 0.997394, 0.971393, 0.101761]),
        (sigmoid_grad, [0.004246, 0.024346, 0.002599, 0.027788, 0.091406]),
        (relu, [0, 0, 5.947309, 3.525093, 0]),
        (relu_grad, [0, 0, 1, 1, 0]),
    ],
)
def test_activations_print_what_the_course_printed(function, expected):
    np.testing.assert_allclose(function(X), expected, atol=5e-7, rtol=0)


def test_losses_print_what_the_course_printed():
    rng = np.random.default_rng(12345)
    y, y_hat = rng.integers(2, size=5), rng.uniform(0, 1, size=5)
    np.testing.assert_allclose(
        bce_loss(y, y_hat), [0.391186, 0.496117, 1.100172, 0.912072, 0.206697], atol=5e-7
    )
    np.testing.assert_allclose(
        bce_loss_grad(y, y_hat), [-1.478733, 1.642332, -3.004682, 2.489474, 1.22961], atol=5e-7
    )


def test_sigmoid_agrees_with_scipy_far_out():
    x = np.array([-1000.0, -745, -40, -1e-9, 0, 3, 40, 1000])
    np.testing.assert_allclose(sigmoid(x), scipy.special.expit(x), rtol=1e-15, atol=1e-300)
    np.testing.assert_array_equal(sigmoid_grad(np.array([-1000.0, 1000.0])), 0)


def test_bce_agrees_with_scipy_inside_and_is_not_clipped_at_the_ends():
    y = np.array([0.0, 1.0, 1.0])
    y_hat = np.array([1e-9, 0.3, 1 - 1e-9])
    expected = -(scipy.special.xlogy(y, y_hat) + scipy.special.xlog1py(1 - y, -y_hat))
    np.testing.assert_allclose(bce_loss(y, y_hat), expected, rtol=1e-7)
    with np.errstate(divide="ignore"):
        assert bce_loss(1.0, 0.0) == np.inf


def test_linear_prints_what_the_course_printed():
    rng = np.random.default_rng(12345)
    x = rng.uniform(size=(3, 5))
    layer = Linear(5, 7, rng)
    y = layer.forward(x)
    np.testing.assert_allclose(
        y[1], [0.382911, 0.146397, -0.275544, -0.026378, -0.333927, -0.537221, -0.223564], atol=5e-7
    )
    dx = layer.backward(x, np.ones_like(y))
    np.testing.assert_allclose(
        dx, [[-0.326296, -0.992105, 1.657474, 0.165888, -0.622481]] * 3, atol=5e-7
    )


@pytest.mark.parametrize("name", ["x", "W", "b"])
def test_linear_gradients_agree_with_scipy(name):
    rng = np.random.default_rng(0)
    layer = Linear(5, 7, rng)
    point = {"x": rng.normal(size=(3, 5)), "W": layer.W, "b": rng.normal(size=7)}
    dy = rng.normal(size=(3, 7))

    def place(flat):
        values = point | {name: flat.reshape(point[name].shape)}
        layer.W, layer.b = values["W"], values["b"]
        return values["x"]

    def loss(flat):
        return np.sum(dy * layer.forward(place(flat)))

    def gradient(flat):
        x = place(flat)
        dx = layer.backward(x, dy)
        return {"x": dx, "W": layer.dW, "b": layer.db}[name].ravel()

    assert scipy.optimize.check_grad(loss, gradient, point[name].ravel()) < 1e-5


def test_budget_limits_only_in_a_hurry(monkeypatch):
    monkeypatch.setenv("CS_LIB_BUDGET", "quick")
    in_a_hurry = runpy.run_path(budget.__file__)
    assert in_a_hurry["quick"]
    assert (in_a_hurry["epochs"](400), in_a_hurry["epochs"](5)) == (20, 5)
    assert in_a_hurry["limited"](60000, 1000) == 1000
    monkeypatch.delenv("CS_LIB_BUDGET")
    at_leisure = runpy.run_path(budget.__file__)
    assert not at_leisure["quick"]
    assert (at_leisure["epochs"](400), at_leisure["limited"](60000, 1000)) == (400, 60000)


def test_the_digits_are_those_of_scikit_learn():
    for ours, theirs in zip(read_digits(), load_digits(return_X_y=True), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_the_checks_test_on_the_digits_that_the_notebook_keeps_for_it(digits):
    assignment = Course(Path(__file__).parents[2]).assignment("gradient_descent_digits")
    load_checks(assignment)
    pixels, labels = sys.modules["checks_of_gradient_descent_digits"].test_set(read_digits)
    np.testing.assert_array_equal(pixels, digits[0]["test"])
    np.testing.assert_array_equal(labels, digits[1]["test"])
