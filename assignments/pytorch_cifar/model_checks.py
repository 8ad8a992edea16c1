"""Hidden checks of the models: their scores against NumPy, their gradients against differences."""

import numpy as np

from autograder.checks import Tensor, cases, check, draw_until, expect, expect_close, type_name

from .nets import CLASSES, CONVNETS, NETS, SOFTMAX, TWO_LAYERS, bends


def made(student, model, sizes):
    """Make a model of the student's."""
    made = getattr(getattr(student.models, model), CLASSES[model])(*sizes)
    expect(type_name(made) == CLASSES[model], f"{CLASSES[model]}: expected a class.")
    return made


def _filled(student, net, shapes, weights):
    """Set the parameters of a model.

    The names are the student's own: a parameter is known by its shape.
    """
    found = student.torch_check.shapes(net)
    expect(
        found == sorted(shapes),
        f"{type_name(net)}: .parameters(): expected parameters of the shapes "
        f"{', '.join(map(str, shapes))}, got {', '.join(map(str, found)) or 'none'}. Has every "
        "layer its bias, and is it an attribute of the module, or in an nn.ModuleList or "
        "nn.Sequential? Others are not found.",
    )
    student.torch_check.set_by_shape(net, weights)


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
    net = made(student, model, sizes)
    images, weights = _drawn(rng, model, sizes, N, shapes)
    _filled(student, net, shapes, weights)
    expected = NETS[model](images, *weights)
    scores = net(Tensor(np.float32(images)))
    expect_close(scores, Tensor(expected), name="scores", tolerance=1e-5)
    dtype = scores.array.dtype
    expect(dtype == np.float32, f"scores: expected float32 as the pictures, got {dtype}.")


def _expect_gradients(student, rng, model, sizes, N, shapes):
    net = made(student, model, sizes)
    images, weights = _drawn(rng, model, sizes, N, shapes)
    _filled(student, net, shapes, weights)
    dout = rng.standard_normal((N, sizes[-1]))
    found = student.torch_check.gradients_by_shape(net, images, dout)
    missing = [name for name, gradient in found.items() if gradient is None]
    expect(
        not missing,
        f"{CLASSES[model]}: no gradient arrives at {', '.join(missing)}. Is something detached, "
        "turned into numbers (.item(), .data, .numpy()) or computed below torch.no_grad()?",
    )
    named = dict(zip([*map(str, shapes), "images"], [*weights, images], strict=True))
    net_of = NETS[model]
    for index, (name, at) in enumerate(named.items()):

        def slope_along(direction, h=1e-6, index=index):
            totals = []
            for step in (h, -h):
                moved = [*weights, images]
                moved[index] = moved[index] + step * direction
                totals.append(np.sum(net_of(moved[-1], *moved[:-1]) * dout))
            return (totals[0] - totals[1]) / (2 * h)

        def is_smooth(direction, slope_along=slope_along):  # no kink of a ReLU or maximum is near
            return abs(slope_along(direction) - slope_along(direction, 1e-7)) < 1e-6

        direction = draw_until(lambda at=at: rng.standard_normal(at.shape), is_smooth)
        expect_close(
            float(np.sum(found[name] * direction)),
            float(slope_along(direction)),
            name=f"gradient of {'the pictures' if name == 'images' else f'the parameter {name}'}",
            tolerance=1e-5,
        )


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
