"""Classifiers: losses against SciPy, gradients against differences, training that learns."""

import numpy as np
import pytest
import scipy.special
from cs_lib.classifiers.convnet import init_two_layer_convnet, two_layer_convnet
from cs_lib.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from cs_lib.classifiers.linear_classifier import LinearClassifier, Softmax
from cs_lib.classifiers.neural_net import init_two_layer_model, two_layer_net
from cs_lib.classifiers.softmax import softmax_loss_vectorized
from cs_lib.gradient_check import eval_numerical_gradient


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def cross_entropy(scores, y):
    return -scipy.special.log_softmax(scores, axis=1)[np.arange(len(y)), y].mean()


def assert_gradients(loss, params, grads):
    assert grads.keys() == params.keys()
    for name, parameter in params.items():
        numeric = eval_numerical_gradient(lambda _: loss(), parameter, verbose=False)
        np.testing.assert_allclose(grads[name], numeric, rtol=1e-5, atol=1e-8, err_msg=name)


def random_model(rng, **shapes):
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_softmax_loss(rng, reg):
    W, X, y = rng.standard_normal((4, 6)), rng.standard_normal((6, 5)), np.array([0, 3, 3, 1, 0])
    loss, dW = softmax_loss_vectorized(W, X, y, reg)
    assert loss == pytest.approx(cross_entropy((W @ X).T, y) + 0.5 * reg * np.sum(W**2))
    assert_gradients(lambda: softmax_loss_vectorized(W, X, y, reg)[0], {"W": W}, {"W": dW})


def test_softmax_loss_of_large_scores_is_finite(rng):
    W, X = 1000 * rng.standard_normal((3, 4)), rng.standard_normal((4, 5))
    y = np.array([0, 1, 2, 0, 1])
    loss, dW = softmax_loss_vectorized(W, X, y, 0.0)
    assert loss == pytest.approx(cross_entropy((W @ X).T, y))
    assert np.isfinite(dW).all()


def two_blobs(rng, N=200):
    """Two classes, apart along the first of three features; the last is the bias row."""
    y = rng.integers(0, 2, N)
    X = np.stack([rng.standard_normal(N) + 6 * y, rng.standard_normal(N), np.ones(N)])
    return X, y


def test_softmax_classifier_learns(rng):
    np.random.seed(0)
    X, y = two_blobs(rng)
    classifier = Softmax()
    losses = classifier.train(X, y, learning_rate=0.1, reg=0.0, num_iters=300, batch_size=50)
    assert len(losses) == 300
    assert losses[0] == pytest.approx(np.log(2), abs=0.02)
    assert classifier.W.shape == (2, 3)
    assert (classifier.predict(X) == y).mean() > 0.95


def test_training_goes_on_from_the_weights_there_are(rng):
    np.random.seed(0)
    X, y = two_blobs(rng)
    classifier = Softmax()
    first = classifier.train(X, y, learning_rate=0.1, num_iters=100)
    second = classifier.train(X, y, learning_rate=0.1, num_iters=1)
    assert second[0] < 0.8 * first[0]


def test_linear_classifier_without_a_loss_says_what_is_missing(rng):
    with pytest.raises(NotImplementedError, match="define loss"):
        LinearClassifier().train(*two_blobs(rng))


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_two_layer_net(rng, reg, capsys):
    model = random_model(rng, W1=(4, 10), b1=10, W2=(10, 3), b2=3)
    X, y = rng.standard_normal((5, 4)), np.array([0, 1, 2, 2, 1])
    hidden = np.maximum(X @ model["W1"] + model["b1"], 0)
    scores = hidden @ model["W2"] + model["b2"]
    np.testing.assert_allclose(two_layer_net(X, model), scores)
    loss, grads = two_layer_net(X, model, y, reg)
    squares = np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)
    assert loss == pytest.approx(cross_entropy(scores, y) + 0.5 * reg * squares)
    assert_gradients(lambda: two_layer_net(X, model, y, reg)[0], model, grads)
    assert capsys.readouterr().out == ""
    two_layer_net(X, model, y, reg, verbose=1)
    assert "data loss" in capsys.readouterr().out


def test_two_layer_net_of_large_scores_is_finite(rng):
    model = random_model(rng, W1=(4, 10), b1=10, W2=(10, 3), b2=3)
    model["W2"] *= 1000
    loss, grads = two_layer_net(rng.standard_normal((5, 4)), model, np.array([0, 1, 2, 2, 1]))
    assert np.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in grads.values())


def test_initial_two_layer_model():
    np.random.seed(0)
    model = init_two_layer_model(300, 70, 10)
    assert {name: array.shape for name, array in model.items()} == {
        "W1": (300, 70), "b1": (70,), "W2": (70, 10), "b2": (10,),
    }  # fmt: skip
    assert model["W1"].std() == pytest.approx(1e-5, rel=0.05)
    assert model["W2"].std() == pytest.approx(1e-5, rel=0.2)
    assert not model["b1"].any()
    assert not model["b2"].any()


def test_initial_convnet():
    np.random.seed(0)
    model = init_two_layer_convnet()
    assert {name: array.shape for name, array in model.items()} == {
        "W1": (32, 3, 5, 5), "b1": (32,), "W2": (32 * 16 * 16, 10), "b2": (10,),
    }  # fmt: skip
    assert model["W1"].std() == pytest.approx(1e-3, rel=0.1)
    assert not model["b1"].any()
    odd = init_two_layer_convnet(input_shape=(1, 5, 7), num_filters=2, filter_size=3, bias_scale=1)
    assert odd["W2"].shape == (2 * 2 * 3, 10)
    assert odd["b1"].all()


def test_even_filters_are_refused():
    with pytest.raises(ValueError, match="odd filter_size, got 4"):
        init_two_layer_convnet(filter_size=4)


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_two_layer_convnet_gradients(rng, reg):
    model = random_model(rng, W1=(3, 2, 3, 3), b1=3, W2=(3 * 2 * 3, 4), b2=4)
    X, y = rng.standard_normal((2, 2, 4, 6)), np.array([3, 0])
    loss, grads = two_layer_convnet(X, model, y, reg)
    squares = np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)
    scores = two_layer_convnet(X, model)
    assert loss == pytest.approx(cross_entropy(scores, y) + 0.5 * reg * squares)
    assert_gradients(lambda: two_layer_convnet(X, model, y, reg)[0], model, grads)


def test_two_layer_convnet_is_that_of_pytorch(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    model = random_model(rng, W1=(3, 2, 5, 5), b1=3, W2=(3 * 3 * 4, 4), b2=4)
    X = rng.standard_normal((2, 2, 6, 8))
    W1, b1, W2, b2 = (torch.from_numpy(model[name]) for name in ("W1", "b1", "W2", "b2"))
    convolved = torch.nn.functional.conv2d(torch.from_numpy(X), W1, b1, padding=2)
    pooled = torch.nn.functional.max_pool2d(torch.relu(convolved), 2)
    theirs = pooled.flatten(1) @ W2 + b2
    np.testing.assert_allclose(two_layer_convnet(X, model), theirs.numpy(), atol=1e-12)


def test_two_layer_net_class(rng):
    np.random.seed(0)
    model = TwoLayerNet(input_dim=12, hidden_dim=6, num_classes=4, weight_scale=0.5, reg=0.3)
    X, y = rng.standard_normal((5, 3, 4)), np.array([0, 3, 3, 1, 0])
    loss, grads = model.loss(X, y)
    squares = np.sum(model.params["W1"] ** 2) + np.sum(model.params["W2"] ** 2)
    assert loss == pytest.approx(cross_entropy(model.loss(X), y) + 0.15 * squares)
    assert_gradients(lambda: model.loss(X, y)[0], model.params, grads)


@pytest.mark.parametrize("hidden_dims", [[], [7], [7, 6, 5]])
@pytest.mark.parametrize("dropout", [1, 0.6])
def test_fully_connected_net(rng, hidden_dims, dropout):
    np.random.seed(0)
    model = FullyConnectedNet(
        hidden_dims, input_dim=12, num_classes=4, dropout=dropout, reg=0.3, weight_scale=0.5,
        dtype=np.float64, seed=11,
    )  # fmt: skip
    for name, parameter in model.params.items():
        if name[0] == "b":  # a unit whose inputs are all dropped sits on the kink at b = 0
            parameter += rng.standard_normal(parameter.shape)
    X, y = rng.standard_normal((5, 3, 4)), np.array([0, 3, 3, 1, 0])
    assert len(model.params) == 2 * (len(hidden_dims) + 1)
    assert_gradients(lambda: model.loss(X, y)[0], model.params, model.loss(X, y)[1])
    if dropout == 1:
        squares = sum(np.sum(model.params[name] ** 2) for name in model.params if name[0] == "W")
        expected = cross_entropy(model.loss(X), y) + 0.15 * squares
        assert model.loss(X, y)[0] == pytest.approx(expected)


def test_fully_connected_scores_have_no_dropout(rng):
    np.random.seed(0)
    shape = {"input_dim": 12, "num_classes": 4, "dtype": np.float64, "weight_scale": 0.5}
    with_dropout = FullyConnectedNet([7, 6], dropout=0.5, **shape)
    without = FullyConnectedNet([7, 6], **shape)
    without.params = with_dropout.params
    X, y = rng.standard_normal((5, 12)), np.zeros(5, dtype=int)
    np.testing.assert_array_equal(with_dropout.loss(X), without.loss(X))
    assert with_dropout.loss(X, y)[0] != without.loss(X, y)[0]
    assert with_dropout.loss(X, y)[0] != with_dropout.loss(X, y)[0]  # no seed, a new mask


def test_fully_connected_net_computes_in_its_dtype(rng):
    model = FullyConnectedNet([7, 6], input_dim=12, dropout=0.5)
    X, y = rng.standard_normal((5, 12)), np.zeros(5, dtype=int)
    assert model.loss(X).dtype == np.float32
    assert {gradient.dtype for gradient in model.loss(X, y)[1].values()} == {np.dtype("float32")}


def test_normalization_is_refused():
    with pytest.raises(ValueError, match="normalization=None, got 'batchnorm'"):
        FullyConnectedNet([5], normalization="batchnorm")
