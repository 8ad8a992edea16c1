"""Checks of the single layers: flatten, fully connected, leaky ReLU, dropout."""

from functools import partial

import numpy as np

from autograder.checks import (
    call_each,
    case,
    cases,
    check,
    expect,
    expect_close,
    expect_form,
    expect_gradient,
    expect_property,
    expect_runs,
)

from .object_layers import found

SHAPES = {
    "one_case": case("a minibatch of one", shape=(1, 5), M=3),
    "images": case("images that are to be flattened", shape=(6, 2, 4, 3), M=7),
    "one_output": case("an axis of length 1 that must stay", shape=(9, 4), M=1),
}
SLOPES = {
    "small": case("the default", slope=0.01),
    "large": case("a slope near 1", slope=0.6),
    "zero": case("the plain ReLU", slope=0.0),
}


def random_fc(module, rng, D, M):
    """Make a fully connected layer with weights and biases of the size of one."""
    layer, w, b = (
        module.fc(D, M, name="tested"),
        rng.standard_normal((D, M)),
        rng.standard_normal(M),
    )
    layer.params = {"tested_w": w, "tested_b": b}
    return layer, w, b


@check
@cases(**SHAPES)
def fc_forward(student, reference, rng, shape, M):
    """Flatten makes rows, and the fully connected layer gives x w + b."""
    x = rng.standard_normal(shape)
    rows = student.mlp.layer_utils.flatten().forward(x)
    expect_close(rows, x.reshape(len(x), -1), name="flatten.forward")
    D = int(np.prod(shape[1:]))
    layer, w, b = random_fc(student.mlp.layer_utils, rng, D, M)
    expect_close(layer.forward(x.reshape(-1, D)), x.reshape(-1, D) @ w + b, name="fc.forward")


@check(requires="fc_forward")
@cases(**SHAPES)
def fc_backward(student, reference, rng, shape, M):
    """The gradients of input, weights and biases match differences."""
    D, N = int(np.prod(shape[1:])), shape[0]
    flatten = student.mlp.layer_utils.flatten()
    rows = flatten.forward(rng.standard_normal(shape))
    expect_close(flatten.backward(rows), rows.reshape(shape), name="flatten.backward")
    layer, w, b = random_fc(student.mlp.layer_utils, rng, D, M)
    x, dout = rng.standard_normal((N, D)), rng.standard_normal((N, M))
    layer.forward(rng.standard_normal((N + 2, D)))  # a cache of another input must not stay
    layer.forward(x)
    layer.backward(rng.standard_normal((N, M)))  # nor gradients of the step before
    layer.forward(x)
    gradients, grads = {"dx": layer.backward(dout)}, layer.grads
    for key in ("tested_w", "tested_b"):
        gradients[f"grads[{key!r}]"] = found(grads, key)

    def loss(x, w, b):
        return np.sum((x @ w + b) * dout)

    expect_gradient(
        gradients,
        of=lambda v: loss(*v.values()),
        at=dict(zip(gradients, (x, w, b), strict=True)),
    )


@check
@cases(**SLOPES)
def leaky_relu_forward(student, reference, rng, slope):
    """The leaky ReLU has its slope for negative entries only, in arrays of any shape."""
    for shape in ((4, 5), (2, 3, 4), (1, 1)):
        x = 3 * rng.standard_normal(shape)
        expect_close(
            student.mlp.layer_utils.leaky_relu(slope).forward(x),
            np.where(x >= 0, x, slope * x),
            name="leaky_relu.forward",
        )


@check(requires="leaky_relu_forward")
@cases(**SLOPES)
def leaky_relu_backward(student, reference, rng, slope):
    """The gradient of the leaky ReLU matches differences."""
    layer = student.mlp.layer_utils.leaky_relu(slope)
    x, dout = rng.standard_normal((2, 7, 6))
    x += 0.01 * np.sign(x)  # away from the kink
    layer.forward(-x)
    layer.forward(x)
    expect_gradient(
        layer.backward(dout),
        of=lambda x: np.sum(np.where(x >= 0, x, slope * x) * dout),
        at=x,
        name="dx",
    )


@check
@cases(a_third=case("most is dropped", keep_prob=0.3), most=case("most is kept", keep_prob=0.8))
def dropout_forward(student, reference, rng, keep_prob):
    """Dropout keeps the right share, scales it, and does nothing outside of training."""
    seed = int(rng.integers(1000))
    layer, twin = call_each(*2 * [partial(student.mlp.layer_utils.dropout, keep_prob, seed=seed)])
    x = rng.uniform(1, 2, (200, 200))
    out = layer.forward(x, True)
    expect_close(twin.forward(x, True), out, name="dropout of the same seed")
    expect_form(out, x, name="dropout.forward")
    kept = out != 0
    expect(
        not kept.all(),
        "dropout.forward: nothing is dropped in training. Is a mask drawn, true where the numbers "
        "drawn are below keep_prob, and used?",
    )
    expect_property(
        "dropout.forward: fraction of zeros",
        np.mean(~kept),
        1 - keep_prob,
        within=0.02,
        instead={"keep_prob is the probability to keep, not to drop.": keep_prob},
    )
    expect_close(
        np.where(kept, out, 0),
        np.where(kept, x / keep_prob, 0),
        name="dropout.forward: what is kept",
    )
    again = layer.forward(x, True)
    expect_form(again, x, name="dropout.forward")
    expect(np.any((again != 0) != kept), "dropout.forward: expected a new mask at each call.")
    expect_close(layer.forward(x, False), x, name="dropout.forward outside of training")
    expect_close(
        layer.forward(x, True, seed=5), layer.forward(x, True, seed=5), name="dropout with a seed"
    )
    for none in (0, 0.0, 1):
        same = student.mlp.layer_utils.dropout(none).forward(x, True)
        expect_close(same, x, name=f"dropout.forward with keep_prob {none}")


@check
@cases(
    a_third=case("most is dropped", passes=((0.3, True),)),
    most=case("most is kept", passes=((0.8, True),)),
    nothing=case(
        "nothing is dropped: outside of training, or with a keep_prob of 0 or 1",
        passes=((0.6, False), (0, True), (0.0, True), (1, True)),
    ),
)
def dropout_backward(student, rng, passes):
    """The gradient passes where the last forward pass kept, scaled as it was."""
    x, dout = rng.uniform(1, 2, (30, 20)), rng.standard_normal((30, 20))
    _expect_a_mask(student, x, dout)
    for keep_prob, training in passes:
        layer = student.mlp.layer_utils.dropout(keep_prob, seed=4)
        layer.forward(x, True)
        out = layer.forward(x, training)
        expect_form(out, x, name="dropout.forward")
        mode = f"with keep_prob {keep_prob}{'' if training else ', outside of training'}"
        nothing = not training or keep_prob in (0, 1)
        when = f"{mode}{', where nothing is dropped and all of dout passes' if nothing else ''}"
        dx = expect_runs(layer.backward, dout, when=when)
        expect_close(dx, dout * (out / x), name=f"dropout.backward {mode}")


def _expect_a_mask(student, x, dout):
    """Expect dropout that drops some, more or less by keep_prob, and not all of dout back."""
    layers = [student.mlp.layer_utils.dropout(keep_prob, seed=4) for keep_prob in (0.6, 0.9)]
    out, often = (layer.forward(x, True) for layer in layers)
    for dropped in (out, often):
        expect_form(dropped, x, name="dropout.forward")
    expect(0 < np.count_nonzero(out) < x.size, "dropout.forward: drops nothing, or all.")
    other = not np.array_equal(often == 0, out == 0)
    expect(other, "dropout.forward: drops the same entries whatever keep_prob.")
    dx = layers[0].backward(dout)
    expect_form(dx, dout, name="dropout.backward")
    masks = not np.array_equal(dx, dout)
    expect(masks, "dropout.backward: all of dout passes in training, too. Is the mask used?")
