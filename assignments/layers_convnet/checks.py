"""Hidden checks of ``layers_convnet``: one for each cell that carries points.

Gradients are held against central differences of the reference, on shapes whose dimensions
all differ. Regularisation may be 0.5·reg or reg times the squares, the same for a loss and
its gradient.
"""

from functools import lru_cache, partial

import numpy as np

from autograder.checks import (
    CONVOLUTIONS,
    FINITE,
    POOLINGS,
    case,
    cases,
    check,
    draw_labels,
    draw_pooled,
    draw_until,
    expect,
    expect_close,
    expect_gradients,
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_matches,
    flat_biases,
    is_usual,
    warn,
)

from .affine_relu import affine_backward, affine_forward, relu_backward, relu_forward

__all__ = ["affine_backward", "affine_forward", "relu_backward", "relu_forward"]

# layers.ipynb


def _convolution(rng, x_shape, w_shape, stride, pad):
    return {
        "x": rng.standard_normal(x_shape),
        "w": rng.standard_normal(w_shape),
        "b": rng.standard_normal(w_shape[0]),
        "conv_param": {"stride": stride, "pad": pad},
    }


CONVOLUTION_CASES = {
    **CONVOLUTIONS,
    "odd_size": case(
        "odd height and width, and a filter of even width",
        x_shape=(2, 2, 5, 3),
        w_shape=(3, 2, 3, 2),
        stride=1,
        pad=1,
    ),
}


@check(without="fast_layers")
@cases(**CONVOLUTION_CASES)
def conv_forward_naive(student, reference, rng, x_shape, w_shape, stride, pad):
    """The convolution is right for any stride, padding and shape."""
    expect_matches(
        student.layers.conv_forward_naive, cache=True,
        true_function=reference.fast_layers.conv_forward_fast,
        **_convolution(rng, x_shape, w_shape, stride, pad),
    )  # fmt: skip


@check(
    requires="conv_forward_naive",
    carry_forward="layers.conv_forward_naive",
    without="fast_layers",
)
@cases(**CONVOLUTION_CASES)
def conv_backward_naive(student, reference, rng, x_shape, w_shape, stride, pad):
    """The gradients dx, dw and db match differences for any stride, padding and shape."""
    inputs = _convolution(rng, x_shape, w_shape, stride, pad)
    out, _ = reference.fast_layers.conv_forward_fast(*inputs.values())
    expect_gradients(
        student.layers.conv_forward_naive, student.layers.conv_backward_naive,
        true_forward=reference.fast_layers.conv_forward_fast,  # differenced again and again
        dout=rng.standard_normal(out.shape), **inputs,
    )  # fmt: skip


@check
def image_filters_by_hand(student, reference, rng):
    """One filter makes pictures grey, the other finds horizontal edges in blue."""
    filters = student.image_filters.image_filters()
    expect_close(
        filters, reference.image_filters.image_filters(), names=("w", "b"), tolerance=FINITE
    )
    pictures = rng.uniform(0, 255, (2, 3, 5, 6))
    convolve, param = reference.fast_layers.conv_forward_fast, {"stride": 1, "pad": 1}
    out, _ = convolve(pictures, *filters, param)
    expected, _ = convolve(pictures, *reference.image_filters.image_filters(), param)
    for number, name in enumerate(("grey picture", "edges")):
        expect_close(out[:, number], expected[:, number], name=name)


def _pooling(rng, x_shape, window, stride):
    param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    return {"x": draw_pooled(rng, x_shape, window, stride), "pool_param": param}


@check(without="fast_layers")
@cases(**POOLINGS)
def max_pool_forward_naive(student, rng, x_shape, window, stride):
    """Pooling is right for any window and stride, overlapping or not."""
    expect_matches(
        student.layers.max_pool_forward_naive, cache=True, **_pooling(rng, x_shape, window, stride)
    )


@check(
    requires="max_pool_forward_naive",
    carry_forward="layers.max_pool_forward_naive",
    without="fast_layers",
)
@cases(**POOLINGS)
def max_pool_backward_naive(student, reference, rng, x_shape, window, stride):
    """The gradient goes to the largest entry of each window, and adds up where they overlap."""
    inputs = _pooling(rng, x_shape, window, stride)
    out, _ = reference.fast_layers.max_pool_forward_fast(*inputs.values())
    expect_gradients(
        student.layers.max_pool_forward_naive, student.layers.max_pool_backward_naive,
        true_forward=reference.fast_layers.max_pool_forward_fast,
        dout=rng.standard_normal(out.shape), **inputs,
    )  # fmt: skip


# convnet.ipynb

INITIAL = {
    "default_shapes": case("the defaults of the function", settings={}),
    "grey_rectangles": case(
        "one channel, an odd height, and biases of a scale",
        settings={
            "input_shape": (1, 5, 4), "num_classes": 400, "num_filters": 300, "filter_size": 7,
            "weight_scale": 0.05, "bias_scale": 0.3,
        },
    ),
    "small_filters": case(
        "another size, scale and number of everything",
        settings={
            "input_shape": (4, 8, 6), "num_classes": 50, "num_filters": 70, "filter_size": 3,
            "weight_scale": 2e-2,
        },
    ),
}  # fmt: skip


@check
@cases(**INITIAL)
def initial_convnet(student, reference, settings):
    """Weights and biases have the scales and shapes asked for, odd heights and widths included."""
    true_model = reference.classifiers.convnet.init_two_layer_convnet(**settings)
    weights, biases = settings.get("weight_scale", 1e-3), settings.get("bias_scale", 0)
    expect_initial(
        partial(student.classifiers.convnet.init_two_layer_convnet, **settings),
        {name: array.shape for name, array in true_model.items()},
        {"W1": weights, "b1": biases, "W2": weights, "b2": biases},
        name="init_two_layer_convnet",
    )


NETS = {
    "plain": case(
        "the data loss alone",
        sizes={"x_shape": (3, 2, 4, 6), "F": 3, "size": 3, "C": 5}, reg=0.0,
    ),
    "regularised": case(
        "regularisation, and filters of another size",
        sizes={"x_shape": (4, 1, 6, 4), "F": 2, "size": 5, "C": 3}, reg=0.7,
    ),
    "one_picture": case(
        "a minibatch of one", sizes={"x_shape": (1, 3, 4, 4), "F": 2, "size": 3, "C": 4}, reg=0.3
    ),
    "odd_size": case(
        "pooling that leaves a row and a column over",
        sizes={"x_shape": (2, 2, 5, 7), "F": 3, "size": 3, "C": 4}, reg=0.0,
    ),
    "single_pixels": case(
        "filters of one pixel, which need no padding",
        sizes={"x_shape": (3, 3, 4, 2), "F": 4, "size": 1, "C": 2}, reg=0.4,
    ),
}  # fmt: skip


def _net(libraries, rng, x_shape, F, size, C):
    """Return the two libraries' nets as functions of parameters and reg, and parameters."""
    N, channels, H, W = x_shape
    X, y = rng.standard_normal(x_shape), draw_labels(rng, N, C)
    features = F * (H // 2) * (W // 2)
    functions = [library.classifiers.convnet.two_layer_convnet for library in libraries]
    calls = [lambda model, reg, f=f: f(X, model, y, reg) for f in functions]
    convolve, param = libraries[-1].fast_layers.conv_forward_fast, {"stride": 1, "pad": size // 2}

    def draw_filters():
        W1 = rng.standard_normal((F, channels, size, size)) / size
        return {"W1": W1, "b1": rng.standard_normal(F)}

    def draw():  # scores of the size of 1: a softmax of large ones is 0 or 1
        W2 = rng.standard_normal((features, C)) / np.sqrt(features)
        return {**filters, "W2": W2, "b2": rng.standard_normal(C)}

    filters = draw_until(
        draw_filters, lambda drawn: _bends_pooled(convolve(X, *drawn.values(), param)[0])
    )
    return *calls, draw_until(draw, lambda model: is_usual(functions[-1](X, model), y))


def _bends_pooled(out):
    """Whether another ReLU, or a smaller window, shows in what is pooled of a convolution's output.

    Some largest pixel of a window is above zero and some below it, neither by 1: there the first
    pixel takes the gradient that none should have. And some is the last pixel of its window.
    """
    H, W = (length // 2 * 2 for length in out.shape[2:])
    pixels = [out[:, :, i:H:2, j:W:2] for i in (0, 1) for j in (0, 1)]
    first, largest = pixels[0], np.max(pixels, axis=0)
    above, below = np.abs(largest - 0.5) < 0.4, (largest < -0.1) & (first > -0.9)
    last = (np.argmax(pixels, axis=0) == 3) & (largest > 0)
    return bool(np.any(above) and np.any(below) and np.any(last))


@check(requires=("affine_forward", "relu_forward"))
@cases(**NETS)
def convnet_loss(student, reference, rng, sizes, reg):
    """Scores without labels; with them the softmax loss plus the regularisation."""
    net, truth, model = _net((student, reference), rng, **sizes)
    function = student.classifiers.convnet.two_layer_convnet
    expect_matches(function, X=rng.standard_normal(sizes["x_shape"]), model=model)
    expect_loss(net, truth, model, reg=reg)


@check(requires=("affine_forward", "affine_backward", "relu_forward", "relu_backward"))
@cases(**NETS)
def convnet_gradients(student, reference, rng, sizes, reg):
    """The gradients of all four parameters are those of the loss."""
    expect_loss_gradient(*_net((student, reference), rng, **sizes), reg=reg)


BAR = 0.18
LUCK = 0.04
"""Pictures differ from key to key: with one of 200 the reference came to 0.155."""


@lru_cache(maxsize=1)  # the same for all students
def _pictures(practice_pictures, seed):
    """Draw the pictures that nets are judged on."""
    return practice_pictures("NCHW", seed=seed, sizes=(600, 100, 1000))


@check
def best_convnet(student, reference, course_rng):
    """A ConvNet of at most 8 filters beats 18 % on practice pictures it has not seen."""
    where, seed = "train_convnet", int(course_rng.integers(2**63))
    pictures = _pictures(reference.practice.practice_pictures, seed)
    names = ("X_train", "y_train", "X_val", "y_val")
    model = student.best_nets.train_convnet(*(pictures[name] for name in names), 5)
    expect(
        isinstance(model, dict) and {"W1", "b1", "W2", "b2"} <= set(model),
        f"{where}: expected a dict with the parameters W1, b1, W2 and b2.",
    )
    model = flat_biases(model)
    shape = np.shape(model["W1"])
    expect(
        len(shape) == 4 and 0 < shape[0] <= 8 and shape[2] % 2 == 1,
        f"{where}: W1: expected at most 8 filters, of odd size.",
    )
    F, size = shape[0], shape[2]
    shapes = {"W1": (F, 3, size, size), "b1": (F,), "W2": (F * 64, 10), "b2": (10,)}
    expect_close(
        {name: model[name] for name in shapes},
        {name: np.zeros(shape) for name, shape in shapes.items()},
        tolerance=FINITE,
    )
    scores = reference.classifiers.convnet.two_layer_convnet(pictures["X_test"], model)
    accuracy = float(np.mean(np.argmax(scores, axis=1) == pictures["y_test"]))
    expect(accuracy > BAR - LUCK, f"{where}: accuracy {accuracy:.3f}, expected more than {BAR}.")
    extra = max(0.0, min(2.5, 0.5 * ((accuracy - BAR) // 0.02)))
    warn(f"{where}: accuracy {accuracy:.3f} on unseen pictures: extra credit of {extra} points.")
