"""Hidden checks of mlp_svhn."""

from functools import partial

import numpy as np

from autograder.checks import (
    LARGE_SCORES_TOLERANCE,
    TOLERANCE,
    any_of,
    built_on,
    by_own_parts,
    call_each,
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    expect_form,
    expect_gradient,
    expect_property,
    is_usual,
    type_name,
    values_of,
    warn_of_underflow,
)

from .layer_checks import (
    dropout_backward,
    dropout_forward,
    fc_backward,
    fc_forward,
    leaky_relu_backward,
    leaky_relu_forward,
)
from .object_layers import entry, gradients_of, layers_of, set_parameters, weighted_layers
from .step_checks import (
    adam_step,
    momentum_step,
    rmsprop_step,
)

__all__ = [  # checks of the single layers; those of nets and training follow
    "adam_step",
    "dropout_backward",
    "dropout_forward",
    "fc_backward",
    "fc_forward",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "momentum_step",
    "rmsprop_step",
]


LAYERS = ("fc_forward", "fc_backward", "leaky_relu_forward", "leaky_relu_backward")


def leaky(x):
    return np.where(x >= 0, x, 0.01 * x)


@check(requires=LAYERS)
def fc_relu_net(student, reference, rng):
    """TestFCReLU is flatten, fully connected, leaky ReLU, with gradients."""
    net = student.mlp.fully_conn.TestFCReLU()
    (layer,) = weighted_layers(net, 1)
    w, b = set_parameters([layer], rng, [(15, 5)])
    x, dout = rng.standard_normal((4, 5, 3)), rng.standard_normal((4, 5))
    expect_close(net.forward(x), leaky(x.reshape(4, 15) @ w + b), name="TestFCReLU.forward")
    gradients = {"dx": net.backward(dout), **gradients_of([layer])}

    def loss(x, w, b):
        return np.sum(leaky(x.reshape(4, 15) @ w + b) * dout)

    expect_gradient(
        gradients,
        of=lambda v: loss(*v.values()),
        at=dict(zip(gradients, (x, w, b), strict=True)),
    )


@check
@cases(
    mean=case("the mean over the cases", size_average=True, shifted=False),
    total=case("the sum over the cases", size_average=False, shifted=False),
    shifted_scores=case(
        "all scores of a case around a thousand, above or below zero",
        size_average=True,
        shifted=True,
    ),
)
def softmax_loss(student, reference, rng, size_average, shifted):
    """Softmax, loss, gradient: absent classes, and rows with all scores in the thousands, too."""
    layer_utils, true = student.mlp.layer_utils, reference.mlp.layer_utils
    for N, C in ((8, 5), (1, 3)):  # of many the mistake can be told
        x, y = _scores(rng, N, C, shifted)
        loss, expected = layer_utils.cross_entropy(size_average), true.cross_entropy(size_average)
        results = layer_utils.softmax(x), loss.forward(x, y), loss.backward()
        wanted = true.softmax(x), expected.forward(x, y), expected.backward()
        names = "softmax", "cross_entropy.forward", "cross_entropy.backward"
        expect_close(
            results, wanted, names=names, partial=True, inputs={"x": x, "y": y},
            tolerance=LARGE_SCORES_TOLERANCE if shifted else TOLERANCE,
        )  # fmt: skip
        again = loss.backward()
        expect(
            np.array_equal(again, results[2]),
            "cross_entropy.backward: called again it gives another result. Does it change what "
            "forward has kept? Work on a copy.",
        )
    if shifted:
        x, y = 1000 * rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
        warn_of_underflow(
            lambda x, _: (layer_utils.cross_entropy().forward(x, y), None),
            lambda x, _: (true.cross_entropy().forward(x, y), None), x, name="cross_entropy",
        )  # fmt: skip


def _scores(rng, N, C, shifted):
    """Draw usual scores and labels, of many cases the last class absent; the rows maybe shifted."""
    x, y = draw_until(
        lambda: (rng.standard_normal((N, C)), draw_labels(rng, N, C - (N > 1))),
        lambda drawn: is_usual(*drawn),
    )
    signs = rng.permutation(np.resize([1.0, -1.0], (N, 1)))  # both: a maximum over all is no help
    return x + shifted * signs * rng.uniform(800, 1200, (N, 1)), y


@check(requires=LAYERS)
def small_net(student, reference, rng):
    """SmallFullyConnectedNetwork has the right start, scores of both signs, and gradients."""
    net = student.mlp.fully_conn.SmallFullyConnectedNetwork()
    layers = weighted_layers(net, 2)
    for layer in layers:
        params, w_name, b_name = values_of(layer, "params", "w_name", "b_name")
        std = np.std(entry(params, w_name, "params"))
        expect_property(
            "SmallFullyConnectedNetwork: spread of the weights at the start",
            std,
            0.002,
            within=8e-4,
        )
        biases = entry(params, b_name, "params")
        expect(not np.any(biases), "SmallFullyConnectedNetwork: biases start at zero.")
    w1, b1, w2, b2 = set_parameters(layers, rng, [(4, 30), (30, 7)])
    x, dout = 2 * rng.standard_normal((6, 4)), rng.standard_normal((6, 7))

    def scores(x, w1, b1, w2, b2):
        return leaky(x @ w1 + b1) @ w2 + b2

    at = x, w1, b1, w2, b2
    expect_close(net.forward(x), scores(*at), name="SmallFullyConnectedNetwork.forward")
    gradients = {"dx": net.backward(dout), **gradients_of(layers)}
    expect_gradient(
        gradients,
        of=lambda v: np.sum(scores(*v.values()) * dout),
        at=dict(zip(gradients, at, strict=True)),
    )


@check(requires=(*LAYERS, "dropout_forward", "dropout_backward"))
@cases(
    none=case("a keep_prob of 0: no dropout", keep_prob=0),
    half=case("a mask of the net's own", keep_prob=0.5),
)
def dropout_net(student, reference, rng, keep_prob):
    """The gradients of DropoutNet match differences with the mask of its own dropout."""
    net = student.mlp.fully_conn.DropoutNet(keep_prob, seed=3)
    layers = weighted_layers(net, 3)
    values = set_parameters(layers, rng, [(15, 20), (20, 30), (30, 10)])
    x, dout = rng.standard_normal((5, 15)), rng.standard_normal((5, 10))
    out = net.forward(x, True, seed=11)
    drops = [layer for layer in layers_of(net) if type_name(layer) == "dropout"]
    mask = drops[0].forward(np.ones((5, 30)), True, seed=11)
    expect_form(mask, np.ones((5, 30)), name="dropout.forward")

    def scores(w1, b1, w2, b2, w3, b3):
        hidden = leaky(leaky(x @ w1 + b1) @ w2 + b2)
        return (hidden * mask) @ w3 + b3

    expect_close(out, scores(*values), name="DropoutNet.forward")
    net.forward(x, True, seed=11)
    net.backward(dout)
    gradients = gradients_of(layers)
    expect_gradient(
        gradients,
        of=lambda v: np.sum(scores(*v.values()) * dout),
        at=dict(zip(gradients, values, strict=True)),
    )


@check
def accuracy(student, reference, rng):
    """The accuracy counts every case, whatever the size of the batches."""
    net = student.mlp.layer_utils.sequential()  # without layers: what goes in are the scores
    for n, batch_size, ends in ((23, 5, [1, 0]), (7, 100, [0, 1]), (12, 4, [1, 0])):
        scores, y = rng.standard_normal((n, 3)), rng.integers(0, 3, n)
        # Of the first and the last case one is wrong and one right: each must count.
        y[[0, -1]] = (scores[[0, -1]].argmax(axis=1) + np.array(ends)) % 3
        expected = float(np.mean(scores.argmax(axis=1) == y))
        actual = student.mlp.train.compute_acc(net, scores, y, batch_size)
        expect_close(actual, expected, name="compute_acc")


def small_problem(rng):
    """Make a problem that a net of fifteen features and ten classes can learn."""
    centres = 1.2 * rng.standard_normal((10, 15))
    y = rng.integers(0, 10, 150)
    x = centres[y] + rng.standard_normal((150, 15))
    return {"data_train": (x[:107], y[:107]), "data_val": (x[107:130], y[107:130])}


def trained(side, problem, rng_seed, keep_prob=1, batch_size=20, epochs=7, train_net=None):
    """Train a DropoutNet of one side; return it, its optimizer and what train_net returned."""
    train_net = train_net or side.mlp.train.train_net
    net = side.mlp.fully_conn.DropoutNet(keep_prob, seed=1)
    start, chain = np.random.default_rng(rng_seed), net.net
    shapes = {"fc1_w": (15, 20), "fc2_w": (20, 30), "fc3_w": (30, 10)}
    weights = {name: start.standard_normal(s) / np.sqrt(s[0]) for name, s in shapes.items()}
    call_each(*(partial(chain.assign, *each) for each in weights.items()))
    optimizer = side.mlp.optim.SGD(chain, 0.6)
    result = train_net(
        problem, net, side.mlp.layer_utils.cross_entropy(), optimizer, batch_size, epochs,
        lr_decay=0.7, lr_decay_every=3,
    )  # fmt: skip
    return net, optimizer, result


HISTORIES = ("opt_params", "loss_hist", "train_acc_hist", "val_acc_hist")


@check(requires=("dropout_net", "softmax_loss", "accuracy"))
def training_loop(student, reference, rng):
    """Training gives the losses and accuracies of the reference, and the best parameters."""
    state, seed = np.random.get_state(), int(rng.integers(2**31))
    for draw in range(60):
        problem = small_problem(rng)
        np.random.set_state(state)
        _, true_optimizer, expected = trained(reference, problem, seed)
        best = np.flatnonzero(expected[3] == np.max(expected[3]))
        # A worse epoch follows the first best one, or parameters kept by alias, or of any epoch
        # that differs, would not show; at first look for two that are equally good.
        falls = np.min(expected[3][best[0] :]) < expected[3][best[0]]
        if falls and (len(best) > 1 or draw >= 20):
            break
    _, optimizer, actual = trained(student, problem, seed)
    runs = [("train_net", actual, expected, state, problem, {})]

    # Labels that are all wrong after the only epoch: it is the best all the same.
    state = np.random.get_state()
    true_net, _, _ = trained(reference, problem, seed, epochs=1)
    x, _ = problem["data_val"]
    wrong = (true_net.forward(x).argmax(axis=1) + 1) % 10
    never_right = {**problem, "data_val": (x, wrong)}
    np.random.set_state(state)
    expected = trained(reference, never_right, seed, epochs=1)[2]
    actual = trained(student, never_right, seed, epochs=1)[2]
    runs.append(("train_net: one epoch", actual, expected, state, never_right, {"epochs": 1}))

    for name, actual, expected, *run in runs:
        close = partial(expect_close, actual, names=HISTORIES, name=name)
        measured, own = (
            partial(train, student, reference, seed, *run)
            for train in (_measured_by_own_accuracy, _trained_by_own_parts)
        )
        any_of(
            lambda close=close, expected=expected: close(expected),
            lambda close=close, measured=measured: close(by_own_parts(measured, _learns)),
            lambda close=close, own=own: close(by_own_parts(own, _learns)),
        )
    expect_close(optimizer.lr, true_optimizer.lr, name="train_net: learning rate afterwards")
    _expect_modes(student, reference, problem, seed)


def _expect_modes(student, reference, problem, seed):
    """Expect dropout in training, and none where accuracies are taken."""
    # One batch of all cases: its loss does not depend on their order, only on dropout.
    settings = {"batch_size": 107, "epochs": 2}
    net, _, dropped = trained(student, problem, seed, keep_prob=0.5, **settings)
    _, _, plain = trained(reference, problem, seed, **settings)
    expect_form(dropped, plain, name="train_net")
    expect(
        abs(dropped[1][0] - plain[1][0]) > 1e-3,
        "train_net: dropout has no effect on the losses. Is training mode on in the forward pass?",
    )
    x, y = problem["data_val"]
    scores = net.forward(x)
    expect_form(scores, np.zeros((len(y), 10)), name="DropoutNet.forward")
    if not np.array_equal(net.forward(x), scores):
        return  # the student's dropout drops outside of training: charged where it is checked
    close = partial(expect_close, dropped[3][-1], name="train_net: last accuracy")
    own_accuracy = partial(student.mlp.train.compute_acc, net, x, y)
    any_of(
        lambda: close(float(np.mean(scores.argmax(axis=1) == y))),
        lambda: close(by_own_parts(own_accuracy, lambda found: bool(np.isfinite(found)))),
    )


def _measured_by_own_accuracy(student, reference, seed, state, problem, settings):
    """Train the reference's net, and let the student's compute_acc measure one like it.

    Where nothing else is wrong, to take every step with the student's parts would take longer.
    """
    net = student.mlp.fully_conn.DropoutNet(1, seed=1)
    chain = net.net

    def own_accuracy(model, x, y):
        for name, value in model.net.params.items():
            chain.assign(name, value)
        return student.mlp.train.compute_acc(net, x, y)

    np.random.set_state(state)
    train_net = built_on(reference.mlp.train.train_net, compute_acc=own_accuracy)
    return trained(reference, problem, seed, train_net=train_net, **settings)[2]


def _trained_by_own_parts(student, reference, seed, state, problem, settings):
    """Train in the reference's loop what is the student's own: its mistakes are charged already."""
    loop = built_on(reference.mlp.train.train_net, compute_acc=student.mlp.train.compute_acc)

    def train_net(*args, **keywords):  # when the net is made: as many numbers are drawn for it
        np.random.set_state(state)
        reference.mlp.fully_conn.DropoutNet(1, seed=1)
        return loop(*args, **keywords)

    return trained(student, problem, seed, train_net=train_net, **settings)[2]


def _learns(result):
    """Whether losses depend on the steps, and the parameters that come of them are numbers."""
    params, losses, *_ = result
    finite = all(np.isfinite(values).all() for values in (*params.values(), losses))
    return finite and len(params) == 6 and len(set(losses)) > len(losses) / 2


def easy_images(rng, n):
    """Draw images whose class is a pattern under noise."""
    patterns = rng.standard_normal((10, 32, 32, 3))
    y = np.arange(n) % 10
    return 0.3 * patterns[y] + 0.3 * rng.standard_normal((n, 32, 32, 3)), y


@check(requires="training_loop")
def tiny_net(student, reference, rng):
    """TinyNet has the four layers, starts near ln 10, and learns an easy set of images."""
    net = student.mlp.fully_conn.TinyNet()
    layers = layers_of(net)
    kinds = [type_name(layer) for layer in layers]
    expect(
        kinds == ["flatten", "fc", "leaky_relu", "fc"],
        f"TinyNet: expected flatten, fc, leaky_relu, fc, got {', '.join(kinds)}.",
    )
    x, y = easy_images(rng, 100)
    shown, unseen = slice(30, 50), slice(50, None)
    loss = student.mlp.layer_utils.cross_entropy()
    scores = net.forward(x[:20])
    expect_form(scores, np.zeros((20, 10)), name="TinyNet.forward")
    start = reference.mlp.layer_utils.cross_entropy().forward(scores, y[:20])
    expect(start < 5, "TinyNet: the loss is too large at the start. Use smaller weights.")
    optimizer = student.mlp.optim.SGD(net.net, 0.05)
    problem = {"data_train": (x[:30], y[:30]), "data_val": (x[shown], y[shown])}
    result = student.mlp.train.train_net(problem, net, loss, optimizer, 10, 4)
    expect(
        isinstance(result, (tuple, list)) and len(result) == 4, "train_net: expected four results."
    )
    # What it has learnt is in its weights: no other picture of the set was handed over.
    weights = {}
    for name, layer in (("1", layers[1]), ("2", layers[3])):
        params, w_name, b_name = values_of(layer, "params", "w_name", "b_name")
        weights[f"w{name}"] = entry(params, w_name, "params")
        weights[f"b{name}"] = entry(params, b_name, "params")
    H = weights["w1"].shape[-1]
    shapes = {"w1": (3072, H), "b1": (H,), "w2": (H, 10), "b2": (10,)}
    form = {name: np.zeros(shape) for name, shape in shapes.items()}
    expect_form(weights, form, name="TinyNet: params")
    slope = layers[2].negative_slope
    expect(type(slope) in (int, float) and 0 <= slope < 1, "TinyNet: expected a slope below 1.")
    hidden = x[unseen].reshape(50, -1) @ weights["w1"] + weights["b1"]
    hidden = np.where(hidden >= 0, hidden, slope * hidden)
    scores = hidden @ weights["w2"] + weights["b2"]
    expect_close(net.forward(x[unseen]), scores, name="TinyNet.forward", tolerance=1e-6)
    right = np.mean(scores.argmax(axis=1) == y[unseen])
    expect(right >= 0.75, "TinyNet: learns less than 75 % of a set of images that is easy.")
