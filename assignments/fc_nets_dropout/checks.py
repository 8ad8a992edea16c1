"""Hidden checks of ``fc_nets_dropout``: one for each cell that carries points.

Gradients are held against central differences of the reference, on shapes whose dimensions
all differ. Random masks are the student's own: dropout is judged by its statistics, and
against the mask that shows in its results.
"""

from functools import lru_cache, partial
from itertools import pairwise
from math import erf, sqrt

import numpy as np

from autograder.checks import (
    FINITE,
    bends,
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    expect_form,
    expect_gradient,
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_property,
    expect_runs,
    flat_biases,
    is_usual,
)

from .affine_relu import affine_backward, affine_forward, relu_backward, relu_forward
from .rule_checks import (
    adam_rule,
    momentum_rule,
    rmsprop_rule,
)

__all__ = [
    "adam_rule",
    "affine_backward",
    "affine_forward",
    "momentum_rule",
    "relu_backward",
    "relu_forward",
    "rmsprop_rule",
]

FLOAT64 = np.dtype("float64")

# FullyConnectedNets.ipynb: nets


def _expect_parameters(make, sizes, scale, name, dtype=FLOAT64):
    shapes, scales = {}, {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        shapes |= {f"W{layer}": (n_in, n_out), f"b{layer}": (n_out,)}
        scales |= {f"W{layer}": scale, f"b{layer}": 0}
    expect_initial(lambda: make().params, shapes, scales, name=name, dtype=dtype)


@check
def two_layer_parameters(student):
    """Weights have the scale and the shapes asked for, biases are zero."""
    for D, H, C, scale in ((90, 70, 50, 1e-3), (40, 120, 30, 0.2)):
        make = partial(student.classifiers.fc_net.TwoLayerNet, D, H, C, scale)
        _expect_parameters(make, (D, H, C), scale, "TwoLayerNet")


NET_CASES = {
    "plain": case("the data loss alone", problem={"x_shape": (6, 5), "H": [7], "C": 4}, reg=0.0),
    "regularised": case(
        "regularisation, and pictures that are to be flattened",
        problem={"x_shape": (5, 2, 3), "H": [8], "C": 4}, reg=0.7,
    ),
    "one_picture": case(
        "a minibatch of one", problem={"x_shape": (1, 2, 2, 3), "H": [5], "C": 3}, reg=0.3
    ),
    "class_absent": case(
        "more classes than pictures", problem={"x_shape": (4, 3), "H": [5], "C": 9}, reg=0.0
    ),
}  # fmt: skip
DEEP_CASES = {
    "two_layers": NET_CASES["regularised"],
    "three_layers": case(
        "two hidden layers, without regularisation",
        problem={"x_shape": (5, 4), "H": [7, 6], "C": 3}, reg=0.0,
    ),
    "five_layers": case(
        "more layers than the notebook has, regularised",
        problem={"x_shape": (3, 2, 4), "H": [9, 7, 6, 5], "C": 4}, reg=0.2,
    ),
}  # fmt: skip


def _make(library, sizes, params, reg, deep):
    """Make a net with the given parameters."""
    D, *H, C = sizes
    module = library.classifiers.fc_net
    if deep:
        net = module.FullyConnectedNet(H, input_dim=D, num_classes=C, reg=reg, dtype=FLOAT64)
    else:
        net = module.TwoLayerNet(D, H[0], C, reg=reg)
    net.params = dict(params)
    return net


def _net_problem(libraries, rng, x_shape, H, C, deep):
    """Return the losses of nets as functions of parameters, reg and labels, and parameters."""
    sizes, N = [int(np.prod(x_shape[1:])), *H, C], x_shape[0]
    X, y = rng.standard_normal(x_shape), draw_labels(rng, N, C)
    calls = [
        lambda params, reg, y=y, library=library: _make(library, sizes, params, reg, deep).loss(
            X, y
        )
        for library in libraries
    ]

    def shows(params):
        scores = calls[-1](params, 0.0, None)
        both_signs = (scores < 0).any(axis=1) & (scores > 0).any(axis=1)
        before = _before_relus(X.reshape(N, -1), params)
        return bool(both_signs.all()) and is_usual(scores, y) and all(map(bends, before))

    return *calls, draw_until(lambda: _draw_parameters(rng, sizes), shows)


def _draw_parameters(rng, sizes):
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        # So that scores are of the size of 1: a softmax of large ones is 0 or 1.
        params |= {f"W{layer}": rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)}
        params |= {f"b{layer}": rng.standard_normal(n_out)}
    return params


def _before_relus(hidden, params):
    """Yield what each ReLU of a net is given."""
    for layer in range(1, len(params) // 2):
        before = hidden @ params[f"W{layer}"] + params[f"b{layer}"]
        yield before
        hidden = np.maximum(before, 0)


def _expect_scores_and_loss(libraries, rng, reg, **problem):
    net, truth, params = _net_problem(libraries, rng, **problem)
    expect_close(net(params, reg, None), truth(params, reg, None), name="scores")
    expect_loss(net, truth, params, reg=reg)


@check(requires=("affine_forward", "relu_forward"))
@cases(**NET_CASES)
def two_layer_loss(student, reference, rng, problem, reg):
    """Scores without labels; with them the softmax loss plus the regularisation."""
    _expect_scores_and_loss((student, reference), rng, reg, deep=False, **problem)


@check(requires=("affine_forward", "affine_backward", "relu_forward", "relu_backward"))
@cases(**NET_CASES)
def two_layer_gradients(student, reference, rng, problem, reg):
    """The gradients of all four parameters are those of the loss."""
    nets = _net_problem((student, reference), rng, deep=False, **problem)
    expect_loss_gradient(*nets, reg=reg)


@check
@cases(
    two_hidden=case("two hidden layers", sizes=(60, 80, 50, 40), dtype="float64"),
    one_hidden=case("one hidden layer, in another dtype", sizes=(70, 90, 30), dtype="float32"),
    four_hidden=case("many layers", sizes=(50, 40, 60, 30, 45, 25), dtype="float64"),
)
def fc_net_parameters(student, sizes, dtype):
    """Any number of layers has weights of the scale, shapes and dtype asked for."""
    D, *H, C = sizes
    make = partial(
        student.classifiers.fc_net.FullyConnectedNet, H, input_dim=D, num_classes=C,
        weight_scale=0.03, dtype=np.dtype(dtype),
    )  # fmt: skip
    _expect_parameters(make, sizes, 0.03, "FullyConnectedNet", np.dtype(dtype))


@check(requires=("affine_forward", "relu_forward"))
@cases(**DEEP_CASES)
def fc_net_loss(student, reference, rng, problem, reg):
    """Scores without labels, the loss with them, for any number of layers."""
    _expect_scores_and_loss((student, reference), rng, reg, deep=True, **problem)


@check(requires=("affine_forward", "affine_backward", "relu_forward", "relu_backward"))
@cases(**DEEP_CASES)
def fc_net_gradients(student, reference, rng, problem, reg):
    """The gradients of all parameters are those of the loss, for any number of layers."""
    nets = _net_problem((student, reference), rng, deep=True, **problem)
    expect_loss_gradient(*nets, reg=reg)


BAR = 0.22


@lru_cache(maxsize=1)  # the same for all students
def _pictures(practice_pictures, seed):
    """Draw the pictures that nets are judged on."""
    return practice_pictures("rows", seed=seed)


@check
def best_fully_connected_net(student, reference, course_rng):
    """A net of at most 200 hidden units beats 22 % on practice pictures it has not seen."""
    where, seed = "train_fully_connected_net", int(course_rng.integers(2**63))
    pictures = _pictures(reference.practice.practice_pictures, seed)
    names = ("X_train", "y_train", "X_val", "y_val")
    net = student.best_nets.train_fully_connected_net(*(pictures[k] for k in names), 10)
    params = getattr(net, "params", None)
    params = flat_biases(params) if isinstance(params, dict) else {}
    widths = [np.shape(params.get(f"b{layer}"))[-1:] for layer in range(1, len(params) // 2 + 1)]
    expect(bool(widths) and all(widths), f"{where}: expected a net with params W1, b1, W2, …")
    sizes = [768, *(width for (width,) in widths[:-1]), 10]
    expect(sum(sizes[1:-1]) <= 200, f"{where}: expected at most 200 hidden units in all.")
    form = {f"W{k}": np.zeros(pair) for k, pair in enumerate(pairwise(sizes), start=1)}
    form |= {f"b{k}": np.zeros(width) for k, width in enumerate(sizes[1:], start=1)}
    expect_close(params, form, name="params", tolerance=FINITE)
    true_net = _make(reference, sizes, params, 0.0, deep=True)
    accuracy = np.mean(np.argmax(true_net.loss(pictures["X_test"]), axis=1) == pictures["y_test"])
    expect(accuracy > BAR, f"{where}: accuracy {accuracy:.3f}, expected more than {BAR}.")


# Dropout.ipynb

SWAPPED = "Are the probabilities of keeping and of dropping exchanged?"
NORMAL = (
    "Are the numbers that are compared with p drawn by np.random.randn? Draw them evenly between "
    "0 and 1, by np.random.rand."
)
HALF = "Is it a half, whatever p is? Take the p of dropout_param."


def _below(p):
    """Return the share of normally distributed numbers that is below p."""
    return 0.5 + 0.5 * erf(p / sqrt(2))


def _dropped(student, x, dropout_param):
    """Return what dropout_forward returns, after its form has been found right."""
    result = student.layers.dropout_forward(x, dropout_param)
    expect(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "dropout_forward: expected out and a cache, got something else. Return the two.",
    )
    expect_close(result[0], x, name="out", tolerance=FINITE)
    return result


@check
def dropout_layer_forward(student, rng):
    """In training each entry is kept with probability p and divided by p; at test time nothing."""
    x = rng.uniform(1, 2, (300, 200))
    for p in (0.25, rng.uniform(0.6, 0.8)):
        out, _ = _dropped(student, x, {"mode": "train", "p": p})
        zeros = out == 0
        same = np.allclose(out, x) or np.allclose(out, x / p)
        expect(
            np.any(zeros),
            "dropout_forward: nothing is dropped in training. "
            + ("Is a mask drawn, and used?" if same else "Is the mask the numbers drawn, and not "
            "where they are below p?"),
        )  # fmt: skip
        alike = (zeros == zeros[:1]).all() or (zeros == zeros[:, :1]).all()
        expect(
            zeros.all() or not alike,
            "dropout_forward: whole rows or columns are dropped. Draw a number for each entry: "
            "np.random.rand(*x.shape).",
        )
        expect_property(
            "dropout_forward: fraction of zeros, with p the probability of keeping an entry",
            zeros.mean(), 1 - p, within=5.5 * np.sqrt(p * (1 - p) / x.size),
            instead={SWAPPED: p, NORMAL: 1 - _below(p), HALF: 0.5},
        )  # fmt: skip
        expect_close(out, np.where(zeros, 0, x / p), name="out")
        for axis in (0, 1):
            spread = zeros.mean(axis=axis).std() / np.sqrt(p * (1 - p) / x.shape[axis])
            expect_property("dropout_forward: spread of zeros over rows", spread, 1, within=0.35)
        again, _ = _dropped(student, x, {"mode": "train", "p": p})
        expect(
            not np.array_equal(out, again),
            "dropout_forward: the same mask at each call. Seed only where a seed is given.",
        )
        expect_close(_dropped(student, x, {"mode": "test", "p": p})[0], x, name="out at test time")
        seeded = {"mode": "train", "p": p, "seed": int(rng.integers(1000))}
        first, again = (_dropped(student, x, seeded)[0] for _ in range(2))
        expect(np.array_equal(first, again), "dropout_forward: a seed must repeat the mask.")


@check
@cases(
    matrix=case("a minibatch of rows", shape=(6, 9), p=0.4, mode="train"),
    pictures=case("four axes", shape=(2, 3, 4, 5), p=0.8, mode="train"),
    one=case("a minibatch of one", shape=(1, 30), p=0.5, mode="train"),
    test_time=case("test time, where nothing is dropped", shape=(5, 8), p=0.3, mode="test"),
)
def dropout_layer_backward(student, rng, shape, p, mode):
    """The gradient passes through the mask of the forward pass; all of it at test time."""
    x, dout = rng.uniform(1, 2, shape), rng.standard_normal(shape)
    dropped_at_90 = _dropped(student, x, {"mode": "train", "p": 0.9})[0] == 0
    out, memory = _dropped(student, x, {"mode": "train", "p": p})
    mask = out / x  # its own, whatever its scale
    some = 0 < np.count_nonzero(mask) < mask.size
    expect(some, "dropout_forward: in training, drops nothing, or all.")
    other = not np.array_equal(mask == 0, dropped_at_90)
    expect(other, "dropout_forward: in training, drops the same entries whatever p.")
    dx, wanted = student.layers.dropout_backward(dout, memory), dout * mask
    if mode == "test":  # for which it is no merit to pass everything always
        expect_form(dx, dout, name="dx in mode train")
        masks = not np.array_equal(dx, dout)
        expect(masks, "dropout_backward: all of dout passes in training, too. Is a mask used?")
        _, memory = _dropped(student, x, {"mode": "test", "p": p})
        when = "at test time, where there is no mask and dx is all of dout"
        dx, wanted = expect_runs(student.layers.dropout_backward, dout, memory, when=when), dout
    given = {"dropout_param": {"mode": mode, "p": p}}
    expect_close(dx, wanted, name=f"dx in mode {mode}", inputs=given)


def _masked_loss(params, X, y, masks):
    """Loss of a net of one input, three layers, with known dropout masks."""
    hidden = X
    for layer, mask in enumerate(masks, start=1):
        hidden = np.maximum(hidden @ params[f"W{layer}"] + params[f"b{layer}"], 0) * mask
    scores = (hidden @ params["W3"] + params["b3"])[0]
    return scores.max() + np.log(np.exp(scores - scores.max()).sum()) - scores[y[0]]


def _kept(grads, params):
    """Return which units of the hidden layers were kept, as a gradient of the right form shows."""
    if not _formed(grads, params, "W2"):
        if all(_formed(grads, params, name) for name in ("b1", "b2")):
            return [grads[name] != 0 for name in ("b1", "b2")]
        expect_close(grads, params, name="grads", tolerance=FINITE)
    return [np.any(grads["W2"] != 0, axis=axis) for axis in (1, 0)]


def _formed(grads, params, name):
    gradient = grads.get(name) if isinstance(grads, dict) else None
    alike = type(gradient) is np.ndarray and gradient.shape == params[name].shape
    return alike and gradient.dtype.kind == "f" and np.isfinite(gradient).all()


@check(requires=("dropout_layer_forward", "dropout_layer_backward"))
def fc_net_dropout(student, reference, rng):
    """Dropout follows every ReLU in training, and only there; the gradients know of it."""
    D, H1, H2, C, p = 6, 60, 40, 4, 0.35
    make = partial(
        student.classifiers.fc_net.FullyConnectedNet, [H1, H2], input_dim=D, num_classes=C,
        dropout=p, dtype=FLOAT64,
    )  # fmt: skip
    net, dropped = make(), []
    for _ in range(4):
        # Everything is positive: a gradient of zero tells of a dropped unit, not of a ReLU. Some
        # units of each hidden layer stay below 1, where a ReLU that cuts there shows.
        first, second = rng.uniform(0.1, 1, H1), rng.uniform(0.1, 1, H2)
        params = {
            "W1": first * rng.uniform(0.1, 1, (D, H1)), "b1": first * rng.uniform(0.1, 1, H1),
            "W2": second * rng.uniform(0.1, 1, (H1, H2)) / H1,
            "b2": second * rng.uniform(0.1, 1, H2),
            "W3": rng.standard_normal((H2, C)) / H2, "b3": rng.standard_normal(C),
        }  # fmt: skip
        X, y = rng.uniform(0.1, 1, (1, D)), rng.integers(0, C, 1)
        net.params = params
        result = net.loss(X, y)
        expect(
            isinstance(result, (tuple, list)) and len(result) == 2,
            "FullyConnectedNet.loss: expected a loss and its gradients. Return the two.",
        )
        loss, grads = result
        kept = _kept(grads, params)
        expect(
            not all(mask.all() for mask in kept),
            "FullyConnectedNet: nothing is dropped. Is dropout_forward called after each ReLU, "
            "and its result used?",
        )
        dropped += [~mask for mask in kept]
        truth = partial(_masked_loss, X=X, y=y, masks=[mask / p for mask in kept])
        expect_close(loss, truth(params), name="loss with the masks that show in the gradients")
        expect_gradient(grads, of=truth, at=params)
        plain = _make(reference, [D, H1, H2, C], params, 0.0, deep=True)
        expect_close(net.loss(X), plain.loss(X), name="scores at test time")
    zeros = np.concatenate(dropped)
    expect_property(
        "FullyConnectedNet: fraction of dropped units", zeros.mean(), 1 - p,
        within=5.5 * np.sqrt(p * (1 - p) / zeros.size), instead={SWAPPED: p},
    )  # fmt: skip
    seeded = make(seed=int(rng.integers(1000)))
    expect_close(seeded.loss(X, y), seeded.loss(X, y), names=("loss with a seed", "gradients"))
