"""Figures of the FullyConnectedNets and Dropout notebooks."""

from functools import cache

import numpy as np
from cs_lib import layers
from cs_lib.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from cs_lib.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    rel_error,
)
from cs_lib.layer_utils import affine_relu_backward, affine_relu_forward

from figures.layers_convnet import affine, relu
from figures.optimizers import update_errors
from figures.registry import one, several, spread

TWO_LAYER_SCORES = [
    [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096],
    [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135, 16.18839143],
    [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506, 16.2846319],
]


def backward_errors(name, forward, backward, inputs, dout):
    """Relative error of each result of a backward function, by its name."""
    _, cache = forward(*inputs)
    analytic = backward(dout, cache)
    analytic = analytic if isinstance(analytic, tuple) else (analytic,)
    errors = {}
    for k, (x, gradient) in enumerate(zip(inputs, analytic, strict=True)):

        def output(value, k=k):
            return forward(*inputs[:k], value, *inputs[k + 1 :])[0]

        numeric = eval_numerical_gradient_array(output, x, dout)
        errors[f"{name}, {('dx', 'dw', 'db')[k]} error"] = rel_error(numeric, gradient)
    return errors


def parameter_errors(model, X, y):
    """Loss of a model, and the relative error of each gradient, by its name."""
    loss, grads = model.loss(X, y)
    errors = {}
    for name, parameter in model.params.items():
        numeric = eval_numerical_gradient(lambda _: model.loss(X, y)[0], parameter, verbose=False)
        errors[name] = rel_error(numeric, grads[name])
    return loss, errors


@cache
def layer_errors():
    randn = np.random.randn
    np.random.seed(231)
    inputs = randn(10, 2, 3), randn(6, 5), randn(5)
    errors = backward_errors(
        "affine_backward", layers.affine_forward, layers.affine_backward, inputs, randn(10, 5)
    )
    np.random.seed(231)
    errors |= backward_errors(
        "relu_backward", layers.relu_forward, layers.relu_backward, (randn(10, 10),), randn(10, 10)
    )
    np.random.seed(231)
    inputs = randn(2, 3, 4), randn(12, 10), randn(10)
    errors |= backward_errors(
        "affine_relu_backward", affine_relu_forward, affine_relu_backward, inputs, randn(2, 10)
    )
    np.random.seed(231)
    dropout_param = {"mode": "train", "p": 0.2, "seed": 123}
    return errors | backward_errors(
        "dropout_backward",
        lambda x: layers.dropout_forward(x, dropout_param),
        layers.dropout_backward,
        (randn(10, 10) + 10,),
        randn(10, 10),
    )


@cache
def loss_layers():
    np.random.seed(231)
    x, y = 0.001 * np.random.randn(50, 10), np.random.randint(10, size=50)
    values = {}
    for name, layer in (("svm_loss", layers.svm_loss), ("softmax_loss", layers.softmax_loss)):
        values[name], dx = layer(x, y)
        numeric = eval_numerical_gradient(lambda v, layer=layer: layer(v, y)[0], x, verbose=False)
        values[f"{name}, dx error"] = rel_error(numeric, dx)
    return values


@cache
def two_layer_net():
    N, D, H, C = 3, 5, 50, 7
    model = TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C, weight_scale=1e-3)
    model.params["W1"] = spread(-0.7, 0.3, D, H)
    model.params["b1"] = np.linspace(-0.1, 0.9, H)
    model.params["W2"] = spread(-0.3, 0.4, H, C)
    model.params["b2"] = np.linspace(-0.9, 0.1, C)
    X, y = spread(-5.5, 4.5, D, N).T, np.array([0, 5, 1])
    difference = np.abs(model.loss(X) - TWO_LAYER_SCORES).sum()
    values = {"TwoLayerNet, scores, sum of differences": difference}
    for model.reg in (0.0, 0.7, 1.0):
        values[f"TwoLayerNet, loss at reg {model.reg}"], errors = parameter_errors(model, X, y)
        for name, error in errors.items():
            values[f"TwoLayerNet, {name} relative error at reg {model.reg}"] = error
    return values


@cache
def fully_connected_net():
    N, D, H1, H2, C = 2, 15, 20, 30, 10
    with_reg = [("reg 0", {"reg": 0}), ("reg 3.14", {"reg": 3.14})]
    with_dropout = [(f"dropout {p}", {"dropout": p, "seed": 123}) for p in (1, 0.75, 0.5)]
    values = {}
    for settings in with_reg, with_dropout:
        # The models of a run are drawn one after the other, without seeding again.
        np.random.seed(231)
        X, y = np.random.randn(N, D), np.random.randint(C, size=(N,))
        for what, setting in settings:
            model = FullyConnectedNet(
                [H1, H2], input_dim=D, num_classes=C, weight_scale=5e-2, dtype=np.float64, **setting
            )
            loss, errors = parameter_errors(model, X, y)
            values[f"FullyConnectedNet, initial loss, {what}"] = loss
            for name, error in errors.items():
                values[f"FullyConnectedNet, {name} relative error, {what}"] = error
    return values


@cache
def dropout():
    np.random.seed(231)
    x = np.random.randn(500, 500) + 10
    values = {"dropout, mean of input": x.mean()}
    for p in (0.25, 0.4, 0.7):
        out, _ = layers.dropout_forward(x, {"mode": "train", "p": p})
        values[f"dropout, mean of train-time output, p = {p}"] = out.mean()
        values[f"dropout, fraction set to zero, p = {p}"] = (out == 0).mean()
    return values


FULLY_CONNECTED_ERRORS = {
    "reg 0": (1.48e-07, 2.21e-05, 3.53e-07, 5.38e-09, 2.09e-09, 5.80e-11),
    "reg 3.14": (7.36e-09, 6.87e-08, 3.48e-08, 1.48e-08, 1.72e-09, 1.80e-10),
    "dropout 1": (1.48e-07, 2.21e-05, 3.53e-07, 5.38e-09, 2.09e-09, 5.80e-11),
    "dropout 0.75": (1.90e-07, 4.76e-06, 2.60e-08, 4.73e-09, 1.82e-09, 1.70e-10),
    "dropout 0.5": (3.11e-07, 1.84e-08, 5.35e-08, 5.37e-09, 2.99e-09, 1.13e-10),
}
FIGURES = [
    *one("affine_forward, difference", 9.769849468192957e-10, affine, 6),
    *one("relu_forward, difference", 4.999999798022158e-08, relu, 10),
    *several(
        layer_errors,
        {
            "affine_backward, dx error": 5.399100368651805e-11,
            "affine_backward, dw error": 9.904211865398145e-11,
            "affine_backward, db error": 2.4122867568119087e-11,
            "relu_backward, dx error": 3.2756349136310288e-12,
            "affine_relu_backward, dx error": 2.299579177309368e-11,
            "affine_relu_backward, dw error": 8.162011105764925e-11,
            "affine_relu_backward, db error": 7.826724021458994e-12,
        },
    ),
    *several(loss_layers, {"svm_loss": 8.999602749096233, "softmax_loss": 2.302545844500738}, 13),
    *several(
        loss_layers,
        {
            "svm_loss, dx error": 1.4021566006651672e-09,
            "softmax_loss, dx error": 9.384673161989355e-09,
        },
    ),
    *several(two_layer_net, {"TwoLayerNet, scores, sum of differences": 1e-6}),
    *several(
        two_layer_net,
        {
            "TwoLayerNet, loss at reg 0.0": 3.4702243556,
            "TwoLayerNet, loss at reg 1.0": 26.5948426952,
        },
        11,
    ),
    *several(
        two_layer_net,
        {
            "TwoLayerNet, W1 relative error at reg 0.0": 1.83e-08,
            "TwoLayerNet, W2 relative error at reg 0.0": 3.12e-10,
            "TwoLayerNet, b1 relative error at reg 0.0": 9.83e-09,
            "TwoLayerNet, b2 relative error at reg 0.0": 4.33e-10,
            "TwoLayerNet, W1 relative error at reg 0.7": 2.53e-07,
            "TwoLayerNet, W2 relative error at reg 0.7": 2.85e-08,
            "TwoLayerNet, b1 relative error at reg 0.7": 1.56e-08,
            "TwoLayerNet, b2 relative error at reg 0.7": 7.76e-10,
        },
    ),
    *several(
        fully_connected_net,
        {
            "FullyConnectedNet, initial loss, reg 0": 2.3004790897684924,
            "FullyConnectedNet, initial loss, reg 3.14": 7.052114776533016,
            "FullyConnectedNet, initial loss, dropout 1": 2.3004790897684924,
            "FullyConnectedNet, initial loss, dropout 0.75": 2.302371489704412,
            "FullyConnectedNet, initial loss, dropout 0.5": 2.3042759220785896,
        },
        13,
    ),
    *several(
        fully_connected_net,
        {
            f"FullyConnectedNet, {name} relative error, {what}": error
            for what, errors in FULLY_CONNECTED_ERRORS.items()
            for name, error in zip(("W1", "W2", "W3", "b1", "b2", "b3"), errors, strict=True)
        },
    ),
    *several(
        update_errors,
        {
            "sgd_momentum, next_w error": 8.882347033505819e-09,
            "sgd_momentum, velocity error": 4.269287743278663e-09,
            "rmsprop, next_w error": 9.524687511038133e-08,
            "rmsprop, cache error": 2.6477955807156126e-09,
            "adam, next_w error": 1.1395691798535431e-07,
            "adam, v error": 4.208314038113071e-09,
            "adam, m error": 4.214963193114416e-09,
        },
        6,
    ),
    *several(
        dropout,
        {
            "dropout, mean of input": 10.000207878477502,
            "dropout, mean of train-time output, p = 0.25": 10.014059116977283,
            "dropout, mean of train-time output, p = 0.4": 9.977917658761159,
            "dropout, mean of train-time output, p = 0.7": 9.987811912159426,
        },
        14,
    ),
    *several(
        dropout,
        {
            "dropout, fraction set to zero, p = 0.25": 0.749784,
            "dropout, fraction set to zero, p = 0.4": 0.600796,
            "dropout, fraction set to zero, p = 0.7": 0.30074,
        },
        6,
    ),
    *several(layer_errors, {"dropout_backward, dx error": 5.44560814873387e-11}),
]
