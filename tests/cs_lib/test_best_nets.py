"""The reference's best nets reach what the hand-outs ask for, on pictures they have not seen."""

import numpy as np
from cs_lib import best_nets
from cs_lib.classifiers.convnet import two_layer_convnet
from cs_lib.classifiers.neural_net import two_layer_net
from cs_lib.practice import practice_pictures


def trained(train, layout, num_epochs, sizes=(1000, 200, 1000)):
    np.random.seed(0)
    data = practice_pictures(layout, seed=5, sizes=sizes)
    names = ("X_train", "y_train", "X_val", "y_val")
    return data, train(*(data[name] for name in names), num_epochs)


def accuracy(scores, y):
    return np.mean(np.argmax(scores, axis=1) == y)


def test_two_layer_net():
    data, model = trained(best_nets.train_two_layer_net, "rows", 10)
    assert model["W1"].shape == (768, 100)
    assert accuracy(two_layer_net(data["X_test"], model), data["y_test"]) > 0.28


def test_convnet():
    data, model = trained(best_nets.train_convnet, "NCHW", 5, sizes=(600, 100, 1000))
    assert len(model["W1"]) == 8
    assert accuracy(two_layer_convnet(data["X_test"], model), data["y_test"]) > 0.25


def test_fully_connected_net():
    data, net = trained(best_nets.train_fully_connected_net, "rows", 10)
    assert accuracy(net.loss(data["X_test"]), data["y_test"]) > 0.28


def test_practice_pictures_are_another_set_for_another_seed():
    first, second = practice_pictures(seed=1), practice_pictures(seed=2)
    assert first["X_train"].shape == (1000, 768)
    assert practice_pictures("NCHW", seed=1)["X_val"].shape == (200, 3, 16, 16)
    assert (first["X_train"] != second["X_train"]).any()
    assert np.abs(first["X_train"].mean(axis=0)).max() < 1e-9
