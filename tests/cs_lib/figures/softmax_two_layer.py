"""Figures of the theory part and of the two-layer net."""

from functools import cache

import numpy as np
from cs_lib import autodiff
from cs_lib.classifier_trainer import ClassifierTrainer
from cs_lib.classifiers.neural_net import two_layer_net
from cs_lib.gradient_check import eval_numerical_gradient, rel_error

from figures.registry import entries, one, several, spread

W = np.array([1.0, 2.0])
TRUE_JACOBIAN = [[2.12082367e25, 8.51957643e26], [2.19661193, 1.0]]
TOY_SCORES = [
    [-0.5328368, 0.20031504, 0.93346689],
    [-0.59412164, 0.15498488, 0.9040914],
    [-0.67658362, 0.08978957, 0.85616275],
    [-0.77092643, 0.01339997, 0.79772637],
    [-0.89110401, -0.08754544, 0.71601312],
]


def toy_net():
    model = {
        "W1": spread(-0.2, 0.6, 4, 10),
        "b1": np.linspace(-0.3, 0.7, 10),
        "W2": spread(-0.4, 0.1, 10, 3),
        "b2": np.linspace(-0.5, 0.9, 3),
    }
    return spread(-0.2, 0.5, 5, 4), np.array([0, 1, 2, 2, 1]), model


def scores_difference():
    X, _, model = toy_net()
    return np.abs(two_layer_net(X, model) - TOY_SCORES).sum()


def loss():
    X, y, model = toy_net()
    return two_layer_net(X, model, y, 0.1)[0]


@cache
def gradient_errors():
    X, y, model = toy_net()
    _, grads = two_layer_net(X, model, y, 0.1)

    def error(name):
        numeric = eval_numerical_gradient(
            lambda _: two_layer_net(X, model, y, 0.1)[0], model[name], verbose=False
        )
        return rel_error(numeric, grads[name])

    return {f"toy net, {name} max relative error": error(name) for name in model}


def final_loss(update, momentum=0.0):
    X, y, model = toy_net()
    _, losses, _, _ = ClassifierTrainer().train(
        X, y, X, y, model, two_layer_net,
        reg=0.001, learning_rate=1e-1, momentum=momentum, learning_rate_decay=1,
        update=update, sample_batches=False, num_epochs=100,
    )  # fmt: skip
    return losses[-1]


FIGURES = [
    *entries("f(1, 2)", lambda: autodiff.forward(W), [7.80207426e24, 2.73105858], 9),
    *entries("Jacobian, forward mode", lambda: autodiff.jacobian_forward_mode(W), TRUE_JACOBIAN, 9),
    *entries("Jacobian, reverse mode", lambda: autodiff.jacobian_reverse_mode(W), TRUE_JACOBIAN, 9),
    *entries(
        "Jacobian, differences with h = 0.01",
        lambda: autodiff.jacobian_central(W, 0.01),
        [[2.12140853e25, 1.04307571e27], [2.19661134, 1.0]],
        9,
    ),
    *entries(
        "Jacobian, differences with h = 0.1",
        lambda: autodiff.jacobian_central(W, 0.1),
        [[2.18016202e25, 6.93442399e30], [2.19655301, 1.0]],
        9,
    ),
    *one("toy net, scores, sum of differences", 3e-8, scores_difference),
    *one("toy net, loss at reg 0.1", 1.38191946092, loss, 12),
    *several(
        gradient_errors,
        {
            "toy net, W1 max relative error": 4.426512e-09,
            "toy net, b1 max relative error": 5.435432e-08,
            "toy net, W2 max relative error": 8.023739e-10,
            "toy net, b2 max relative error": 8.190173e-11,
        },
    ),
    *one("toy net, final loss, SGD", 0.940686, lambda: final_loss("sgd"), 6),
    *one("toy net, final loss, momentum", 0.494394, lambda: final_loss("momentum", 0.9), 6),
    *one("toy net, final loss, RMSProp", 0.439368, lambda: final_loss("rmsprop"), 6),
]
