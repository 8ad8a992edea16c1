"""``cs_lib.mlp.layer_utils``: the course's published arrays, SciPy, differences."""

import numpy as np
import pytest
import scipy.special
from cs_lib.mlp.layer_utils import (
    cross_entropy,
    dropout,
    fc,
    flatten,
    leaky_relu,
    sequential,
    softmax,
)


def check_gradient(forward, variable, dout, analytic):
    """Compare a gradient with central differences along random directions."""
    rng = np.random.default_rng(11)
    assert analytic.shape == variable.shape
    for _ in range(4):
        direction = rng.standard_normal(variable.shape)
        kept = variable.copy()
        variable[...] = kept + 1e-5 * direction
        up = np.sum(forward() * dout)
        variable[...] = kept - 1e-5 * direction
        down = np.sum(forward() * dout)
        variable[...] = kept
        expected = (up - down) / 2e-5
        assert np.sum(analytic * direction) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_fc_forward_gives_the_published_array():
    x = np.linspace(-0.1, 0.4, 3 * 168).reshape(3, 7, 6, 4)
    layer = fc(168, 4, init_scale=0.02, name="fc_test")
    layer.params[layer.w_name] = np.linspace(-0.2, 0.2, 168 * 4).reshape(168, 4)
    layer.params[layer.b_name] = np.linspace(-0.3, 0.3, 4)
    expected = [
        [0.63910291, 0.83740057, 1.03569824, 1.23399591],
        [0.61401587, 0.82903823, 1.04406058, 1.25908294],
        [0.58892884, 0.82067589, 1.05242293, 1.28416997],
    ]
    out = layer.forward(flatten().forward(x))
    np.testing.assert_allclose(out, expected, rtol=0, atol=6e-9)


def test_fc_starts_with_the_given_spread_from_the_global_generator():
    np.random.seed(7)
    layer = fc(40, 30, init_scale=0.3, name="one")
    np.random.seed(7)
    np.testing.assert_array_equal(layer.params["one_w"], 0.3 * np.random.randn(40, 30))
    assert not layer.params["one_b"].any()


@pytest.mark.parametrize("n", [1, 6])
def test_fc_gradients_match_differences(n):
    rng = np.random.default_rng(n)
    layer = fc(12, 5, init_scale=0.5)
    x, dout = rng.standard_normal((n, 12)), rng.standard_normal((n, 5))
    layer.forward(x)
    dx = layer.backward(dout)
    check_gradient(lambda: layer.forward(x), x, dout, dx)
    for name in (layer.w_name, layer.b_name):
        check_gradient(lambda: layer.forward(x), layer.params[name], dout, layer.grads[name])


def test_flatten_there_and_back():
    x = np.arange(24.0).reshape(2, 3, 4)
    layer = flatten()
    assert layer.forward(x).shape == (2, 12)
    assert layer.forward(x)[1, 0] == 12
    np.testing.assert_array_equal(layer.backward(layer.forward(x)), x)


def test_leaky_relu_forward_gives_the_published_array():
    x = np.linspace(-1.5, 1.5, 12).reshape(3, 4)
    expected = [
        [-0.015, -0.0122727273, -0.0095454545, -0.0068181818],
        [-0.0040909091, -0.0013636364, 0.1363636364, 0.4090909091],
        [0.6818181818, 0.9545454545, 1.2272727273, 1.5],
    ]
    np.testing.assert_allclose(leaky_relu(0.01).forward(x), expected, rtol=0, atol=6e-11)


@pytest.mark.parametrize("slope", [0, 0.01, 0.4])
def test_leaky_relu_gradient_matches_differences(slope):
    rng = np.random.default_rng(1)
    x, dout = rng.standard_normal((2, 6, 5))
    x += 0.01 * np.sign(x)  # away from the kink
    layer = leaky_relu(slope)
    layer.forward(x)
    check_gradient(lambda: layer.forward(x), x, dout, layer.backward(dout))


@pytest.mark.parametrize("keep_prob", [0.25, 0.5, 0.75])
def test_dropout_keeps_its_share_and_the_mean(keep_prob):
    x = np.random.default_rng(2).standard_normal((400, 400)) + 5
    layer = dropout(keep_prob, seed=3)
    out = layer.forward(x, True)
    assert np.mean(out == 0) == pytest.approx(1 - keep_prob, abs=0.005)
    assert out.mean() == pytest.approx(x.mean(), rel=0.01)
    kept = out != 0
    np.testing.assert_allclose(out[kept], x[kept] / keep_prob)


@pytest.mark.parametrize(("keep_prob", "training"), [(0, True), (1, True), (0.5, False)])
def test_dropout_passes_everything(keep_prob, training):
    x = np.random.default_rng(2).standard_normal((4, 5))
    layer = dropout(keep_prob)
    np.testing.assert_array_equal(layer.forward(x, training), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_dropout_backward_uses_the_last_mask():
    rng = np.random.default_rng(4)
    x, dout = rng.standard_normal((2, 8, 9))
    layer = dropout(0.6, seed=100)
    layer.forward(x, True)
    layer.forward(x, True, seed=1)
    check_gradient(lambda: layer.forward(x, True, seed=1), x, dout, layer.backward(dout))
    layer.forward(x, False)
    np.testing.assert_array_equal(layer.backward(dout), dout)


def test_dropout_draws_new_masks_but_the_same_for_a_seed():
    x = np.ones((20, 20))
    layer = dropout(0.5, seed=5)
    first = layer.forward(x, True)
    assert (layer.forward(x, True) != first).any()
    np.testing.assert_array_equal(dropout(0.5, seed=5).forward(x, True), first)
    np.testing.assert_array_equal(layer.forward(x, True, seed=5), first)


@pytest.mark.parametrize("keep_prob", [-0.1, 1.5, float("nan")])
def test_dropout_refuses_what_is_no_probability(keep_prob):
    with pytest.raises(ValueError, match="dropout: expected 0 <= keep_prob <= 1, got"):
        dropout(keep_prob)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1, 1000])
def test_softmax_and_loss_agree_with_scipy(scale):
    rng = np.random.default_rng(6)
    scores, y = scale * rng.standard_normal((7, 5)), rng.integers(0, 5, 7)
    np.testing.assert_allclose(softmax(scores), scipy.special.softmax(scores, axis=1), rtol=1e-12)
    losses = -scipy.special.log_softmax(scores, axis=1)[np.arange(7), y]
    assert cross_entropy().forward(scores, y) == pytest.approx(losses.mean(), rel=1e-12)
    assert cross_entropy(False).forward(scores, y) == pytest.approx(losses.sum(), rel=1e-12)


def test_loss_of_tiny_scores_is_the_logarithm_of_the_classes():
    rng = np.random.default_rng(7)
    x, y = 0.001 * rng.standard_normal((100, 6)), rng.integers(0, 6, 100)
    assert cross_entropy().forward(x, y) == pytest.approx(1.792, abs=1e-3)


@pytest.mark.parametrize("size_average", [True, False])
def test_loss_gradient_matches_differences(size_average):
    rng = np.random.default_rng(8)
    x, y = rng.standard_normal((6, 4)), np.array([0, 1, 1, 3, 0, 1])  # class 2 is absent
    loss = cross_entropy(size_average)
    loss.forward(x, y)
    check_gradient(lambda: loss.forward(x, y), x, 1.0, loss.backward())


def test_sequential_gathers_what_its_layers_hold():
    net = sequential(flatten(name="flat"), fc(6, 2, name="one"), fc(2, 2, name="two"))
    assert set(net.params) == {"one_w", "one_b", "two_w", "two_b"}
    assert net.grads == {}
    net.layers[1].params = {"one_w": np.ones((6, 2)), "one_b": np.zeros(2)}
    assert net.get_params("one_w").sum() == 12
    net.assign("two_b", np.array([1.0, 2.0]))
    out = net.forward(np.ones((3, 2, 3)))
    np.testing.assert_allclose(out, 6 * net.params["two_w"].sum(axis=0) + [[1, 2]] * 3)
    assert net.backward(np.ones((3, 2))).shape == (3, 2, 3)
    assert net.get_grads("two_b").tolist() == [3, 3]


def test_sequential_loads_copies(capsys):
    net = sequential(fc(2, 2, name="one"))
    weights = np.ones((2, 2))
    net.load({"one_w": weights, "other": weights})
    assert capsys.readouterr().out == "Loading Params: one_w Shape: (2, 2)\n"
    weights[:] = 0
    assert net.params["one_w"].sum() == 4


def test_sequential_refuses_names_that_are_not_there_or_twice():
    with pytest.raises(ValueError, match="expected different layer names, got 'fc' 2 times"):
        sequential(fc(1, 1), fc(1, 1))
    with pytest.raises(KeyError, match="expected one of one_w, one_b, got 'one'"):
        sequential(fc(1, 1, name="one")).assign("one", np.ones((1, 1)))
