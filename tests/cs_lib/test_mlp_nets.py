"""``cs_lib.mlp.fully_conn``: the published scores and loss of the small net, and shapes."""

import numpy as np
import pytest
from cs_lib.mlp.fully_conn import DropoutNet, SmallFullyConnectedNetwork, TestFCReLU, TinyNet
from cs_lib.mlp.layer_utils import cross_entropy
from test_mlp_layers import check_gradient


@pytest.fixture
def small_net():
    net = SmallFullyConnectedNetwork()
    net.net.assign("fc1_w", np.linspace(-0.7, 0.3, 120).reshape(4, 30))
    net.net.assign("fc1_b", np.linspace(-0.6, 0.2, 30))
    net.net.assign("fc2_w", np.linspace(-0.2, 0.2, 210).reshape(30, 7))
    net.net.assign("fc2_b", np.linspace(-0.9, 0.1, 7))
    return net


FEATURES = np.linspace(-5.5, 4.5, 16).reshape(4, 4).T
SCORES = np.array(
    [
        [-2.33876804, -1.92168925, -1.50461046, -1.08753166, -0.67045287, -0.25337408, 0.16370472],
        [-1.57216705, -1.18571026, -0.79925348, -0.4127967, -0.02633991, 0.36011687, 0.74657365],
        [-0.80556605, -0.44973128, -0.09389651, 0.26193827, 0.61777304, 0.97360782, 1.32944259],
        [-0.03896506, 0.2862477, 0.61146047, 0.93667323, 1.261886, 1.58709876, 1.91231153],
    ]
)


def test_small_net_gives_the_published_scores_and_loss(small_net):
    scores = small_net.forward(FEATURES)
    np.testing.assert_allclose(scores, SCORES, rtol=0, atol=6e-9)
    loss = cross_entropy().forward(scores, np.array([0, 5, 1, 4]))
    assert loss == pytest.approx(2.4250083210516835, rel=1e-14)


def test_small_net_starts_as_in_the_published_run():
    np.random.seed(1234)
    net = SmallFullyConnectedNetwork().net
    assert abs(net.get_params("fc1_w").std() - 0.002) == pytest.approx(4.732445743017475e-05)
    assert abs(net.get_params("fc2_w").std() - 0.002) == pytest.approx(5.648012981167489e-05)
    assert not net.get_params("fc1_b").any()
    assert not net.get_params("fc2_b").any()


def test_small_net_gradients_match_differences(small_net):
    loss, y = cross_entropy(), np.array([0, 5, 1, 4])
    features = FEATURES.copy()

    def forward():
        return loss.forward(small_net.forward(features), y)

    forward()
    dx = small_net.backward(loss.backward())
    check_gradient(forward, features, 1.0, dx)
    for name, gradient in small_net.net.grads.items():
        check_gradient(forward, small_net.net.params[name], 1.0, gradient)


def test_fc_relu_net_is_its_three_layers():
    rng = np.random.default_rng(1)
    net = TestFCReLU()
    x, w, b = rng.standard_normal((3, 5, 3)), rng.standard_normal((15, 5)), rng.standard_normal(5)
    net.net.assign("fc1_w", w)
    net.net.assign("fc1_b", b)
    z = np.array([[sum(case.ravel() * w[:, j]) + b[j] for j in range(5)] for case in x])
    np.testing.assert_allclose(net.forward(x), np.maximum(z, 0.01 * z), rtol=1e-12)
    dout = rng.standard_normal((3, 5))
    check_gradient(lambda: net.forward(x), x, dout, net.backward(dout))


@pytest.mark.parametrize("keep_prob", [0, 0.25, 0.5])
def test_dropout_net_gradients_match_differences_of_one_mask(keep_prob):
    rng = np.random.default_rng(2)
    np.random.seed(3)
    net, loss = DropoutNet(keep_prob, seed=9), cross_entropy()
    x, y = rng.standard_normal((3, 15)), rng.integers(0, 10, 3)

    def forward():
        return loss.forward(net.forward(x, True, seed=1234), y)

    forward()
    net.backward(loss.backward())
    assert set(net.net.grads) == {f"fc{i}_{part}" for i in (1, 2, 3) for part in "wb"}
    for name, gradient in net.net.grads.items():
        check_gradient(forward, net.net.params[name], 1.0, gradient)


def test_dropout_net_drops_only_in_training():
    net = DropoutNet(0.5)
    x = np.random.default_rng(4).standard_normal((3, 15))
    np.testing.assert_array_equal(net.forward(x), net.forward(x))
    assert (net.forward(x, True) != net.forward(x, True)).any()


def test_tiny_net_takes_images():
    net = TinyNet()
    assert net.forward(np.zeros((2, 32, 32, 3))).shape == (2, 10)
    first, *_, last = (layer for layer in net.net.layers if layer.params)
    assert first.params[first.w_name].shape[0] == 3072
    assert net.net.layers[-1] is last
