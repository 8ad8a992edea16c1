"""Hidden checks of the models: their scores against NumPy, their gradients against differences."""

import numpy as np

from autograder.checks import (
    Tensor,
    called,
    cases,
    check,
    draw_until,
    expect,
    expect_close,
)

from .nets import CLASSES, CONVNETS, NETS, SOFTMAX, TWO_LAYERS, bends


def asked(student, function, model, sizes, **values):
    """Ask a function of `cs_lib.torch_check` for something of a new model of the student's.

    Returns
    -------
    tuple
        What it returns, after the name of the model's type.
    """
    kind = getattr(getattr(student.models, model), CLASSES[model])
    ask = called(getattr(student.torch_check, function), CLASSES[model])
    name, *found = ask(kind, sizes, **values)
    expect(name == CLASSES[model], f"{CLASSES[model]}: expected a class.")
    return found


def _expect_shapes(model, found, shapes):
    """Expect parameters of these shapes; their names are the student's own."""
    expect(
        found == sorted(shapes),
        f"{CLASSES[model]}: .parameters(): expected parameters of the shapes "
        f"{', '.join(map(str, shapes))}, got {', '.join(map(str, found)) or 'none'}. Has every "
        "layer its bias, and is it an attribute of the module, or in an nn.ModuleList or "
        "nn.Sequential? Others are not found.",
    )


def _drawn(rng, model, sizes, N, shapes):
    """Draw pictures and weights for which the ReLU of a model matters."""
    return draw_until(
        lambda: (
            np.float64(np.float32(rng.standard_normal((N, *sizes[0])))),
            [draw_weights(rng, shape) for shape in shapes],
        ),
        lambda drawn: bends(model, *drawn),
    )


def draw_weights(rng, shape):
    """Draw numbers that make scores of the size of 1, exact in float32."""
    scale = np.sqrt(np.prod(shape[1:])) if len(shape) > 1 else 1
    return np.float32(rng.standard_normal(shape) / scale).astype(np.float64)


def _expect_scores(student, rng, model, sizes, N, shapes):
    images, weights = _drawn(rng, model, sizes, N, shapes)
    pictures = Tensor(np.float32(images))
    found, scores = asked(student, "scored", model, sizes, weights=weights, images=pictures)
    _expect_shapes(model, found, shapes)
    expected = NETS[model](images, *weights)
    expect_close(scores, Tensor(expected), name="scores", tolerance=1e-5)
    dtype = scores.array.dtype
    expect(dtype == np.float32, f"scores: expected float32 as the pictures, got {dtype}.")


def _expect_gradients(student, rng, model, sizes, N, shapes):
    images, weights = _drawn(rng, model, sizes, N, shapes)
    dout = rng.standard_normal((N, sizes[-1]))
    values = {"weights": weights, "images": images, "dout": dout}
    shapes_found, found = asked(student, "differentiated", model, sizes, **values)
    _expect_shapes(model, shapes_found, shapes)
    missing = [name for name, gradient in found.items() if gradient is None]
    expect(
        not missing,
        f"{CLASSES[model]}: no gradient arrives at {', '.join(missing)}. Is something detached, "
        "turned into numbers (.item(), .data, .numpy()) or computed below torch.no_grad()?",
    )
    arrays = [*weights, images]
    for index, name in enumerate([*map(str, shapes), "images"]):
        direction, slope = _slope(rng, NETS[model], arrays, index, dout)
        expect_close(
            float(np.sum(found[name] * direction)),
            slope,
            name=f"gradient of {'the pictures' if name == 'images' else f'the parameter {name}'}",
            tolerance=1e-5,
        )


def _slope(rng, net, arrays, index, dout):
    """Draw a direction of one of weights and images; return it and the slope along it."""

    def slope(direction, h):
        totals = []
        for step in (h, -h):
            moved = arrays.copy()
            moved[index] = moved[index] + step * direction
            *weights, images = moved
            totals.append(np.sum(net(images, *weights) * dout))
        return float(totals[0] - totals[1]) / (2 * h)

    def along():
        direction = rng.standard_normal(arrays[index].shape)
        return direction, slope(direction, 1e-6), slope(direction, 1e-7)

    # where both agree no kink of a ReLU or of a maximum is near
    direction, found, _ = draw_until(along, lambda drawn: abs(drawn[1] - drawn[2]) < 1e-6)
    return direction, found


@check
@cases(**SOFTMAX)
def softmax_scores(student, rng, model, sizes, N, shapes):
    """Softmax has a weight and a bias, and gives scores that are linear in the pixels."""
    _expect_scores(student, rng, model, sizes, N, shapes)


@check(requires="softmax_scores")
@cases(**SOFTMAX)
def softmax_gradients(student, rng, model, sizes, N, shapes):
    """Gradients of the scores of Softmax arrive at its parameters and at the pictures."""
    _expect_gradients(student, rng, model, sizes, N, shapes)


@check
@cases(**TWO_LAYERS)
def two_layer_scores(student, rng, model, sizes, N, shapes):
    """TwoLayerNN has two fully connected layers with a ReLU between them."""
    _expect_scores(student, rng, model, sizes, N, shapes)


@check(requires="two_layer_scores")
@cases(**TWO_LAYERS)
def two_layer_gradients(student, rng, model, sizes, N, shapes):
    """Gradients of the scores of TwoLayerNN arrive at its parameters and at the pictures."""
    _expect_gradients(student, rng, model, sizes, N, shapes)


@check
@cases(**CONVNETS)
def convnet_scores(student, rng, model, sizes, N, shapes):
    """CNN convolves, takes the ReLU, pools and classifies, for odd and even filters."""
    _expect_scores(student, rng, model, sizes, N, shapes)


@check(requires="convnet_scores")
@cases(**CONVNETS)
def convnet_gradients(student, rng, model, sizes, N, shapes):
    """Gradients of the scores of CNN arrive at its parameters and at the pictures."""
    _expect_gradients(student, rng, model, sizes, N, shapes)
