"""Hidden checks of mlp_trigrams."""

from functools import partial

import numpy as np

from autograder.checks import (
    Handle,
    any_of,
    built_on,
    by_own_parts,
    case,
    cases,
    check,
    draw_until,
    expect,
    expect_close,
    expect_form,
    expect_gradient,
    form_of,
    values_of,
)

from .networks import draw_seed, layers_of, random_layer, random_net, twins
from .trigram_checks import (
    candidate_words,
    one_hot_rows,
    tells,
    trigram_backward,
    trigram_fit,
    trigram_forward,
    trigram_loss,
    trigram_step,
    trigram_top_k,
)

__all__ = [  # checks of the trigram network; those of the multilayer perceptron follow
    "candidate_words",
    "one_hot_rows",
    "trigram_backward",
    "trigram_fit",
    "trigram_forward",
    "trigram_loss",
    "trigram_step",
    "trigram_top_k",
]

SIZES = {
    "one_layer": case("no hidden layer", sizes=(3, 1), n=5),
    "two_layers": case("one hidden layer, a batch of one case", sizes=(7, 4, 1), n=1),
    "three_layers": case("two hidden layers", sizes=(5, 6, 3, 1), n=8),
}
LAYERS = {
    "one_case": case("a batch of one case", n=1, n_in=4, n_out=3),
    "one_unit": case("an axis of length 1 that must stay", n=6, n_in=5, n_out=1),
    "many_cases": case("more cases than features", n=9, n_in=2, n_out=7),
}


def random_cases(rng, n, d):
    return rng.standard_normal((n, d)), rng.choice([-1, 1], size=(n, 1))


@check
def mean_squared_error(student, reference, rng):
    """The mean squared error is the mean over all cases."""
    for n in (1, 6, 31):
        y, y_hat = rng.choice([-1, 1], size=(n, 1)), rng.uniform(-1, 1, (n, 1))
        expect_close(student.mlp_tanh.mse(y, y_hat), reference.mlp_tanh.mse(y, y_hat))


@check
def accuracy(student, reference, rng):
    """The accuracy is the percentage of right labels."""
    for n in (1, 7, 40):
        y, y_pred = rng.choice([-1, 1], size=(2, n, 1))
        expect_close(student.mlp_tanh.mce(y, y_pred), reference.mlp_tanh.mce(y, y_pred))


@check
@cases(**LAYERS)
def layer_forward(student, reference, rng, n, n_in, n_out):
    """A layer's output is tanh(x W + b)."""
    layer, W, b = random_layer(student.mlp_tanh, rng, n_in, n_out)
    x = rng.standard_normal((n, n_in))
    expect_close(layer.forward(x), np.tanh(x @ W + b), name="HiddenLayer.forward")


@check(requires="layer_forward")
@cases(**LAYERS)
def layer_backward(student, reference, rng, n, n_in, n_out):
    """A layer's gradients of its input, weights and biases match differences."""
    layer, W, b = random_layer(student.mlp_tanh, rng, n_in, n_out)
    x = draw_until(
        lambda: rng.standard_normal((n, n_in)), lambda drawn: _curved(np.tanh(drawn @ W + b))
    )
    da = rng.standard_normal((n, n_out))
    layer.forward(rng.standard_normal((n + 1, n_in)))  # a cache of another input must not stay
    out = layer.forward(x)
    if not _is(out, np.tanh(x @ W + b)):  # which layer_forward charges
        layer.x, layer.a = x, np.tanh(x @ W + b)
    dx = layer.backward(da)
    dW, db = values_of(layer, "dW", "db")
    expect_gradient(
        {"dx": dx, "dW": dW, "db": db},
        of=lambda v: np.sum(np.tanh(v["dx"] @ v["dW"] + v["db"]) * da),
        at={"dx": x, "dW": W, "db": b},
    )


@check(requires="layer_forward")
@cases(**SIZES)
def network_forward(student, reference, rng, sizes, n):
    """The network sends its input through all of its layers."""
    net, expected = twins(student, reference, rng, sizes)
    x, _ = random_cases(rng, n, sizes[0])
    out = net.forward(x)

    def own_forward():
        """Send the input through the student's own layers, also when each has other weights."""
        send, layers = reference.mlp_tanh.MLP.forward, layers_of(net, len(sizes) - 1)
        outs = [send(net, x)]
        for layer, true in zip(layers, expected.layers, strict=True):
            layer.W = true.W / 2
            outs.append(send(net, x))
            layer.W = true.W
        return outs

    def useful(outs):
        return all(tells(outs[0], other) for other in outs[1:])

    any_of(
        lambda: expect_close(out, expected.forward(x), name="MLP.forward"),
        lambda: expect_close(out, by_own_parts(own_forward, useful)[0], name="MLP.forward"),
    )


def _is(actual, expected):
    """Whether a result is an array as expected."""
    alike = type(actual) is np.ndarray and actual.shape == expected.shape
    return alike and np.allclose(actual, expected)


def _curved(outputs):
    """Whether an output is neither saturated nor so small that tanh is the identity there."""
    return np.any((np.abs(outputs) > 0.3) & (np.abs(outputs) < 0.6))


@check(requires=("network_forward", "layer_backward"))
@cases(**SIZES)
def network_backward(student, reference, rng, sizes, n):
    """Every layer gets the gradient of half the mean squared error (or of the whole)."""
    seed, x, y = draw_until(
        lambda: (draw_seed(rng), *random_cases(rng, n, sizes[0])),
        # Errors of either sign: a remainder of a positive one is what it was.
        lambda drawn: (
            _curved(random_net(reference, drawn[0], sizes).forward(drawn[1]))
            and np.any(drawn[2] > 0)
        ),
    )
    net, true = (random_net(side, seed, sizes) for side in (student, reference))
    y_hat = net.forward(x)
    gradients = _gradients_of(net, sizes, net.backward(y, y_hat))
    at = {"dx": x} | {
        f"d{name} of layer {i}": getattr(layer, name)
        for i, layer in enumerate(true.layers)
        for name in ("W", "b")
    }

    def loss(values, factor):
        for i, layer in enumerate(true.layers):
            layer.W, layer.b = values[f"dW of layer {i}"], values[f"db of layer {i}"]
        return factor * np.mean((y - true.forward(values["dx"])) ** 2)

    def own_backward(factor):
        """Go back through the student's own layers, whose mistake is charged already."""
        back, found = reference.mlp_tanh.MLP.backward, []
        for length in (0.5, 2 * factor):
            dx = back(net, y_hat - length * (y_hat - y), y_hat)
            found.append(_gradients_of(net, sizes, dx))
        return found

    def useful(found):
        return all(tells(found[0][name], found[1][name]) for name in at)

    def agree(factor):
        own = by_own_parts(lambda: own_backward(factor), useful)[1]
        expect_close(gradients, own, name="MLP.backward", partial=True)

    any_of(
        lambda: expect_gradient(gradients, of=lambda v: loss(v, 0.5), at=at),
        lambda: expect_gradient(gradients, of=lambda v: loss(v, 1.0), at=at),
        lambda: agree(0.5),
        lambda: agree(1.0),
    )


def _gradients_of(net, sizes, dx):
    """Return the gradients of input, weights and biases that the layers have after a backward."""
    layers, names = layers_of(net, len(sizes) - 1), ("dW", "db")
    return {"dx": dx} | {
        f"{name} of layer {i}": value
        for i, layer in enumerate(layers)
        for name, value in zip(names, values_of(layer, *names), strict=True)
    }


@check
@cases(plain=case("no momentum", momentum=0.0), momentum=case("momentum", momentum=0.35))
def network_update(student, reference, rng, momentum):
    """Three steps with given gradients move all parameters as momentum says."""
    net, true_net = twins(student, reference, rng, (4, 3, 1), momentum)
    pairs = list(zip(layers_of(net, 2), true_net.layers, strict=True))
    for rate in (0.3, 0.1, 0.2):
        for layer, true in pairs:
            layer.dW = true.dW = rng.standard_normal(true.W.shape)
            layer.db = true.db = rng.standard_normal(true.b.shape)
        net.update(rate)
        true_net.update(rate)
    for i, (layer, true) in enumerate(pairs):
        W, b = values_of(layer, "W", "b")
        expect_close(W, true.W, name=f"W of layer {i}")
        expect_close(b, true.b, name=f"b of layer {i}")


@check(requires="network_forward")
def network_predict(student, reference, rng):
    """Predictions are +1 where the output is not negative, else -1."""
    seed, x = draw_until(
        lambda: (draw_seed(rng), random_cases(rng, 60, 6)[0]),
        lambda drawn: _told_apart(random_net(reference, drawn[0], (6, 5, 1)), drawn[1]),
    )
    net, true = (random_net(side, seed, (6, 5, 1)) for side in (student, reference))
    labels, own = net.predict(x), reference.mlp_tanh.MLP.predict
    close = partial(expect_close, labels, name="MLP.predict")
    any_of(
        lambda: close(true.predict(x)),
        # By the student's own outputs, whose mistake is charged already.
        lambda: close(by_own_parts(lambda: own(net, x), lambda found: abs(found.mean()) < 0.9)),
    )
    for layer in layers_of(net, 2):
        layer.b = np.zeros(np.shape(layer.b))
    at_zero = net.predict(np.zeros((2, 6)))
    expect_close(at_zero, np.ones((2, 1)), name="MLP.predict where the output is 0")


def _told_apart(net, x):
    """Whether there is enough of either label, and other hidden units than tanh's give others."""
    labels, (hidden, last) = net.predict(x), net.layers
    before = x @ hidden.W + hidden.b
    others = (before, 2 * np.tanh(before))
    signs = [np.where(units @ last.W + last.b < 0, -1, 1) for units in others]
    return abs(labels.mean()) < 0.5 and all(np.any(labels != other) for other in signs)


@check(requires=("network_backward", "network_update", "mean_squared_error", "accuracy"))
@cases(plain=case("no momentum", momentum=0.0), momentum=case("momentum", momentum=0.4))
def network_fit(student, reference, rng, momentum):
    """Training on the same seed gives the course of both errors, whatever the batches."""
    data, net_seed, _, expected, settings = draw_until(
        lambda: _fitted(reference, rng, momentum), _errs_on_both_sides
    )
    new_net = partial(random_net, seed=net_seed, sizes=FITTED, momentum=momentum)
    actual = new_net(student).fit(*data, 0.2, **settings)
    expect(isinstance(actual, dict), "MLP.fit: expected a dictionary of four lists.")
    mlp = student.mlp_tanh
    own_fit = built_on(reference.mlp_tanh.MLP.fit, mse=mlp.mse, mce=mlp.mce)

    def fit_own():
        """Train by the student's own steps and errors; two steps tell whether labels count."""
        x, y, *test = data
        two_steps = {**settings, "n_batches": 2, "n_epochs": 1}
        start, moves = [layer.W for layer in new_net(reference).layers], []
        for labels in (y, -y):
            twin = new_net(student)
            own_fit(twin, x, labels, *test, 0.2, **two_steps)
            moves.append([now.W - W for now, W in zip(layers_of(twin, 2), start, strict=True)])
        return own_fit(new_net(student), *data, 0.2, **settings), moves

    def measures(history):
        numbers = all(np.isfinite(values).all() for values in history.values())
        return numbers and len(set(history["train_mse"])) == settings["n_epochs"]

    def useful(found):
        history, moves = found
        return measures(history) and all(tells(*pair) for pair in zip(*moves, strict=True))

    close = partial(expect_close, actual, name="MLP.fit")
    # Where only the errors are wrong, the steps need not be the student's, which take longer.
    measured = partial(own_fit, new_net(reference), *data, 0.2, **settings)
    any_of(
        lambda: close(expected),
        # The gradient of the whole squared error: each step is twice as long.
        lambda: close(new_net(reference).fit(*data, 0.4, **settings)),
        lambda: close(by_own_parts(measured, measures)),
        lambda: close(by_own_parts(fit_own, useful)[0]),
    )


FITTED = (3, 5, 1)


def _fitted(reference, rng, momentum):
    """Draw data and a network, and fit the reference's: it, and its errors."""
    data = *random_cases(rng, 47, 3), *random_cases(rng, 11, 3)
    seed = draw_seed(rng)
    net = random_net(reference, seed, FITTED, momentum)
    settings = {"n_batches": 7, "n_epochs": 5, "seed": int(rng.integers(1000))}
    return data, seed, net, net.fit(*data, 0.2, **settings), settings


def _errs_on_both_sides(drawn):
    """Whether cases of either label are still taken for the other: each counts as an error."""
    (x, y, *_), _, net, *_ = drawn
    wrong = net.predict(x) - y
    return wrong.min() < 0 < wrong.max()


@check(requires="network_fit")
def grid_search(notebook, student, reference, rng):
    """The grid search trains a new network for each pair and gives its test error."""
    x, y = random_cases(rng, 40, 6)
    x_test, y_test = random_cases(rng, 15, 6)
    rates, sizes = [0.2, 0.5, 1.1], [4, 9]
    actual = notebook.grid_search(x, y, x_test, y_test, rates, sizes, 4, 6)
    search = reference.notebook.grid_search
    twice = [2 * rate for rate in rates]
    mlp = student.mlp_tanh

    def search_own():
        """Search by networks of the student's own, whose mistake is charged already."""
        own = built_on(search, MLP=mlp.MLP, HiddenLayer=mlp.HiddenLayer)
        return own(x, y, x_test, y_test, rates, sizes, 4, 6)

    def useful(table):
        return np.isfinite(table).all() and len(np.unique(table)) == table.size

    close = partial(expect_close, actual, name="grid_search")
    any_of(
        lambda: close(search(x, y, x_test, y_test, rates, sizes, 4, 6)),
        lambda: close(search(x, y, x_test, y_test, twice, sizes, 4, 6)),
        lambda: close(by_own_parts(search_own, useful)),
    )


@check
@cases(
    deep=case("the network without momentum", name="deep", momentum=0.0),
    momentum=case("the network with momentum", name="deep_momentum", momentum=0.2),
)
def deep_networks(notebook, name, momentum):
    """Both deep networks have two hidden layers of the right sizes, and their momentum."""
    net = getattr(notebook, name)
    expect(isinstance(net, Handle), f"{name}: expected a network, as `network` makes it.")
    for i, (layer, shape) in enumerate(
        zip(layers_of(net, 3), [(1024, 512), (512, 64), (64, 1)], strict=True)
    ):
        expect_form(form_of(layer, "W"), np.zeros(shape), name=f"{name}: W of layer {i}")
    expect_close(net.momentum, momentum, name=f"{name}: momentum")
