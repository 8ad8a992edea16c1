"""Hidden checks of ``gradient_descent_digits``: one for each cell that carries points.

Every dimension has a size of its own, so that a mix-up of axes shows.
"""

import re
from functools import cache, partial

import numpy as np

from autograder.checks import (
    FINITE,
    RandomGenerator,
    any_of,
    attribute,
    case,
    cases,
    check,
    expect,
    expect_close,
    expect_gradient,
    expect_property,
    type_name,
)

from . import own_parts
from .function_checks import (
    bce_loss,
    bce_loss_grad,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
)

__all__ = [  # checks of single functions; those of layers and nets are below
    "bce_loss",
    "bce_loss_grad",
    "relu",
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
]


# 1.1 Gradient descent


def _expect_path(notebook, reference, rng, steps, *decay):
    """Expect the path of the reference from a random start."""
    x, y = rng.uniform(-3, 3, size=2).tolist()
    step_size = rng.uniform(0.02, 0.12)
    expect_close(
        notebook.optimize_f(x, y, step_size, steps, *decay),
        reference.notebook.optimize_f(x, y, step_size, steps, *decay),
        names=("x", "y", "f(x, y)", "x_hist", "y_hist"),
    )


@check
def optimize_f(notebook, reference, rng):
    """Gradient descent takes the right steps from any start, and records every point."""
    for steps in (1, 6, 0):
        _expect_path(notebook, reference, rng, steps)


@check
def optimize_f_decay(notebook, reference, rng):
    """Step t = 0, 1, … has the size step_size * decay**t; without decay, all are equal."""
    for decay in (rng.uniform(0.5, 0.9), rng.uniform(0.2, 0.5), 1.0):
        _expect_path(notebook, reference, rng, 5, decay)
    _expect_path(notebook, reference, rng, 5)


@check
def optimize_f_tuned(notebook, reference):
    """Your step_size, steps and decay lead from (3, 2) to a value of f below -2."""
    step_size, steps, decay = settings = notebook.step_size, notebook.steps, notebook.decay
    expect_close(settings, (1, 1, 1), names=("step_size", "steps", "decay"), tolerance=np.inf)
    expect(0 < step_size < 1000, "step_size: expected a positive number.")
    expect(steps in range(1, 1001), "steps: expected a whole number from 1 to 1000.")
    expect(0 < decay < 1, "decay: expected a number between 0 and 1.")
    with np.errstate(all="ignore"):
        start = np.array([3.0, 2.0])
        value = reference.notebook.optimize_f(*start, step_size, int(steps), decay)[2]
    expect(bool(value < -2), "f stays above -2. Take longer steps at first, and let them decay.")


# 1.2 The parts of a network


@check
def central_difference(notebook, rng):
    """The central difference goes to both sides, for any function, shape and h."""
    for name, shape in (("sin", (5,)), ("exp", (2, 3)), ("tanh", ())):
        true = getattr(np, name)
        x = np.resize([1, -1], shape) * rng.uniform(0.2, 1, size=shape)
        x = x if shape else float(x)
        for h in (0.1, 1e-3):
            slopes = notebook.central_difference(getattr(notebook.np, name), x, h)
            # Other texts take h for the whole distance, h/2 to either side: as good.
            choices = [(true(x + d) - true(x - d)) / (2 * d) for d in (h, h / 2)]
            any_of(*(partial(expect_close, slopes, choice) for choice in choices))


# 1.3 A model of one layer


def _model_results(notebook, reference, rng):
    """Call fn with other weights and lengths; yield its results, the sample, the model."""
    for size, y, side in ((5, 0, -1), (5, 1, 1), (8, 1, -1), (1, 0, 1)):  # of either side of 0.5
        x, w = rng.uniform(-1, 1, size=size), rng.normal(size=size)
        w, b = side * np.sign(x @ w) * w, side * abs(float(rng.normal()))
        notebook.w, notebook.b = w, b
        results = notebook.fn(x, y)
        two = isinstance(results, (tuple, list)) and len(results) == 2
        expect(two, "fn: expected two results, loss and grad_x.")
        yield results, x, {"w": w, "b": b, "y": y}


def _model_loss(components, x, *, w, b, y):
    return float(components.bce_loss(y, components.sigmoid(x @ w + b)))


@check
def fn_loss(student, notebook, reference, rng):
    """The first result of fn is the loss, for either label, other weights and another length."""
    for (loss, _), x, model in _model_results(notebook, reference, rng):
        (true,) = own_parts.losses(reference.components, x, **model)
        own = partial(own_parts.losses, student.components, x, **model)
        _expect_one(own_parts.choices(loss, true, own), loss, "loss")


@check
def fn_grad_x(student, notebook, reference, rng):
    """The second result of fn is the gradient of the loss by x, by central differences."""
    for (_, grad_x), x, model in _model_results(notebook, reference, rng):
        true_loss = partial(_model_loss, reference.components, **model)
        own = partial(own_parts.gradients, student.components, x, **model)
        (true,) = own_parts.gradients(reference.components, x, **model)[-1:]
        choices = own_parts.choices(grad_x, true, own)
        any_of(
            partial(expect_gradient, grad_x, of=true_loss, at=x, name="grad_x"),
            partial(_expect_one, choices, grad_x, "grad_x"),
        )


def _expect_one(choices, actual, name):
    any_of(*(partial(expect_close, actual, choice, name=name) for choice in choices))


# 1.4 Layers

SHAPES = ((3, 5, 7), (1, 4, 6), (6, 2, 1), (4, 1, 3))  # samples, features in, features out


def _draw_layer(student, reference, rng, n_in, n_out):
    """Return a layer of the student's and one of the reference with the same random weights."""
    mine = student.network.Linear(n_in, n_out, RandomGenerator(int(rng.integers(2**31))))
    true = reference.network.Linear(n_in, n_out, np.random.default_rng(0))
    true.W, true.b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
    mine.W, mine.b = true.W.copy(), true.b.copy()
    return mine, true


@check
def linear_init(student, rng):
    """W is uniform on [-a, a) with a = sqrt(6 / (n_in * n_out)), from the generator; b is 0."""
    n_in, n_out = 40, 60
    one, two = (RandomGenerator(seed) for seed in rng.choice(2**31, 2, replace=False).tolist())
    layers = [student.network.Linear(n_in, n_out, generator) for generator in (one, one, two)]
    W, same, other = (layer.W for layer in layers)
    expect_close(layers[0].b, np.zeros(n_out), name="b")
    expect_close(W, np.zeros((n_in, n_out)), name="W", tolerance=np.inf)  # for its shape
    a, glorot = np.sqrt(6 / (n_in * n_out)), np.sqrt(6 / (n_in + n_out))
    instead = {"Is the product n_in * n_out under the root, not the sum?": glorot}
    expect_property("W: largest", np.max(np.abs(W)), a, within=0.02 * a, instead=instead)
    expect_property("W: mean", np.mean(W), 0, within=0.07 * a)
    expect_property("W: standard deviation", np.std(W), a / np.sqrt(3), within=0.05 * a)
    drawn = np.array_equal(W, same) and not np.array_equal(W, other)
    expect(drawn, "W: expected numbers drawn from the generator rng, and from nothing else.")


@check
def linear_forward(student, reference, rng):
    """Linear.forward computes x W + b, for one sample or many and any number of features."""
    for n, n_in, n_out in SHAPES:
        mine, true = _draw_layer(student, reference, rng, n_in, n_out)
        for x in (rng.normal(size=(n, n_in)), rng.integers(-5, 5, size=(n, n_in))):
            expect_close(mine.forward(x), true.forward(x), name="y")


@check
def linear_backward(student, reference, rng):
    """Linear.backward: dx, dW, db match central differences; a second call replaces the first."""
    for n, n_in, n_out in SHAPES:
        mine, true = _draw_layer(student, reference, rng, n_in, n_out)
        mine.backward(rng.normal(size=(n + 1, n_in)), rng.normal(size=(n + 1, n_out)))
        x, dy = rng.normal(size=(n, n_in)), rng.normal(size=(n, n_out))
        gradients = {"dx": mine.backward(x, dy)}
        gradients |= {name: attribute(mine, name) for name in ("dW", "db")}
        at = {"dx": x, "dW": true.W, "db": true.b}
        expect_gradient(gradients, of=partial(_linear_loss, dy), at=at)
        expect_close((mine.W, mine.b), (true.W, true.b), names=("W afterwards", "b afterwards"))


def _linear_loss(dy, at):
    return np.sum(dy * (at["dx"] @ at["dW"] + at["db"]))


@check
def linear_step(student, reference, rng):
    """Linear.step moves W and b against dW and db, by the step size, each time it is called."""
    mine, true = _draw_layer(student, reference, rng, 4, 3)
    for step_size in rng.uniform(0.1, 0.9, size=2).tolist():
        true.dW, true.db = rng.normal(size=(4, 3)), rng.normal(size=3)
        mine.dW, mine.db = true.dW.copy(), true.db.copy()
        mine.step(step_size)
        true.step(step_size)
        expect_close((mine.W, mine.b), (true.W, true.b), names=("W", "b"), partial=True)


BOTH_WAYS = {
    "forward": case("the value", way="forward"),
    "backward": case("the slope, times dy", way="backward"),
}


def _expect_activation(student, reference, rng, way, *, of):
    """Expect a layer to be right, or as right as the function or the slope that it is made of."""
    mine, true = (getattr(code.network, of)() for code in (student, reference))
    name = of.lower() if way == "forward" else f"{of.lower()}_grad"
    for shape in ((3, 5), (1, 4), (6, 1)):
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        if way == "forward":
            result, actual, expected, times = "y", mine.forward(x), true.forward(x), 1.0
        else:
            result, actual, expected, times = "dx", mine.backward(x, dy), true.backward(x, dy), dy
        own = partial(own_parts.values, student.components, name, x, times=times)
        _expect_one(own_parts.choices(actual, expected, own), actual, result)


@check
@cases(**BOTH_WAYS)
def sigmoid_layer(student, reference, rng, way):
    """Sigmoid.forward is the sigmoid of x; Sigmoid.backward its derivative there, times dy."""
    _expect_activation(student, reference, rng, way, of="Sigmoid")


@check
@cases(**BOTH_WAYS)
def relu_layer(student, reference, rng, way):
    """ReLU.forward keeps what is positive; ReLU.backward passes dy on where x is positive."""
    _expect_activation(student, reference, rng, way, of="ReLU")


# 1.6 Training

# By epoch: train loss, train accuracy, test loss, as the course's document prints them.
PUBLISHED = {0: (0.4412, 0.7944, 0.3620), 19: (0.0135, 1.0000, 0.0740)}


@check(requires=("linear_init", "linear_forward", "linear_backward", "linear_step"))
def training_trace(student, notebook, reference, rng):
    """Training with your layers gives the printed figures, and on other data the right ones."""
    loss, accuracy = notebook.loss_hist, notebook.accuracy_hist
    twenty = dict.fromkeys(("train", "test"), [0.0] * 20)
    names = ("loss_hist", "accuracy_hist")
    expect_close((loss, accuracy), (twenty, twenty), names=names, tolerance=np.inf)  # the form
    for epoch, figures in PUBLISHED.items():
        actual = loss["train"][epoch], accuracy["train"][epoch], loss["test"][epoch]
        of_epoch = [f"epoch {epoch}: {name}" for name in ("train loss", "accuracy", "test loss")]
        expect_close(actual, figures, names=of_epoch, tolerance=6e-5)
    shapes = (5, 7), (7, 1)
    weights = [tuple(0.5 * rng.normal(size=size) for size in (s, s[1])) for s in shapes]
    x = {phase: rng.normal(size=(n, 5)) for phase, n in (("train", 37), ("test", 22))}
    y = {phase: (rows[:, 0] * rows[:, 1] > 0).astype(float) for phase, rows in x.items()}
    net = _network(student.network, RandomGenerator(0), weights)
    true_net = _network(reference.network, np.random.default_rng(0), weights)
    expect_close(
        student.network.fit(net, x, y, 3, 0.02, 9, False),
        reference.network.fit(true_net, x, y, 3, 0.02, 9, False),
        names=names,
    )


def _network(network, generator, weights):
    """Build Linear-ReLU-…-Linear-Sigmoid from the classes of a module, with given weights."""
    layers = []
    for W, b in weights:
        linear = network.Linear(*W.shape, generator)
        linear.W, linear.b = W.copy(), b.copy()
        layers += [linear, network.ReLU()]
    return network.Net([*layers[:-1], network.Sigmoid()])


@check
def one_layer_network(notebook, reference):
    """The net one_layer_net is a linear layer and a sigmoid, right for 85 % of the test digits."""
    _expect_net(notebook.one_layer_net, "Linear Sigmoid", 0.85, reference)


@check
def two_linear_network(notebook, reference):
    """The net two_linear_net is two linear layers and a sigmoid, right for 85 % of the digits."""
    _expect_net(notebook.two_linear_net, "Linear Linear Sigmoid", 0.85, reference)


@check
def deep_network(notebook, reference):
    """The net deep_net has at least four linear layers, and is right for 90 % of the digits."""
    layers = "(Linear( ReLU| Sigmoid)+ ){3,}Linear Sigmoid"
    _expect_net(notebook.deep_net, layers, 0.9, reference)


def _expect_net(net, layers, accuracy, reference):
    """Expect a trained network with these layers (a regular expression) and this accuracy.

    Its weights are judged in a network of the reference: what its own methods do is not asked.
    """
    expect(type_name(net).endswith("Net"), "Expected a network: Net([...]).")
    expect(isinstance(net.layers, (list, tuple)), "Net: expected a list of layers.")
    kinds = [type_name(layer).split(".")[-1] for layer in net.layers]
    fits = re.fullmatch(layers, " ".join(kinds))
    expect(bool(fits), f"Net: got {' '.join(kinds)}. Which layers are asked for?")
    x_test, y_test = test_set(reference.digits.load_digits)
    twin = _twin(net.layers, kinds, x_test.shape[1], reference.network)
    y_hat = twin.forward(x_test)[0]
    right = np.mean((y_hat[:, 0] > 0.5) == (y_test > 0.5))
    wanted = f"expected {accuracy:.0%} of the test digits right, got fewer"
    advice = "Train longer, or at another rate, once the checks of its layers and losses pass."
    expect(bool(right >= accuracy), f"{wanted}. {advice}")


def _twin(layers, kinds, width, network):
    """Return the reference's network with the weights of a student's, from `width` to one."""
    twins = []
    for layer, kind in zip(layers, kinds, strict=True):
        twin = network.Sigmoid() if kind == "Sigmoid" else network.ReLU()
        if kind == "Linear":
            W, b, twin = layer.W, layer.b, network.Linear(1, 1, np.random.default_rng(0))
            n_out = np.shape(W)[-1] if np.ndim(W) else 1
            form = np.zeros((width, n_out)), np.zeros(n_out)
            expect_close((W, b), form, names=("Linear: W", "Linear: b"), tolerance=FINITE)
            twin.W, twin.b, width = W, b, n_out
        twins.append(twin)
    one = "Net: expected one output for each sample, as there is one label for each."
    expect(width == 1, one)
    return network.Net(twins)


@cache
def test_set(load_digits):
    """Return the digits that `load_data` of the notebook keeps for tests, and their labels."""
    pixels, target = load_digits()
    pixels = (pixels - np.mean(pixels)) / np.std(pixels)
    chosen = np.random.default_rng(12345).permutation(len(pixels))[898:]
    return pixels[chosen], (target[chosen] < 5).astype(float)


test_set.__test__ = False  # no test of pytest's
