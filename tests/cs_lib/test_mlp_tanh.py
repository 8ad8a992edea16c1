"""``cs_lib.mlp_tanh``: differences, SciPy's optimum of one unit, the real cats and cars."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import real_data
import train_cats_and_cars as recipe
from cs_lib.mlp_tanh import MLP, HiddenLayer, mce, mse

needs_images = real_data.needs("assign2_data1.h5")


def network(*sizes, momentum=0.0, std=0.5):
    net = MLP(momentum)
    for seed, (n_in, n_out) in enumerate(pairwise(sizes)):
        net.add_layer(HiddenLayer(n_in, n_out, std, seed))
    return net


def random_cases(rng, n, d):
    return rng.standard_normal((n, d)), rng.choice([-1, 1], size=(n, 1))


def test_errors_of_a_worked_example():
    y, y_hat = np.array([[1], [-1], [1], [1]]), np.array([[0.5], [-1], [-0.5], [1]])
    assert mse(y, y_hat) == pytest.approx((0.25 + 0 + 2.25 + 0) / 4)
    assert mce(y, np.array([[1], [-1], [-1], [1]])) == 75


def test_start_of_a_layer_is_that_of_the_course_document():
    layer = HiddenLayer(1024, 20, 0.02, 15)
    np.random.seed(15)
    expected = np.random.normal(loc=0, scale=0.02, size=(1024, 20))
    np.testing.assert_array_equal(layer.W, expected)
    np.testing.assert_array_equal(layer.b, np.random.normal(loc=0, scale=0.02, size=(1, 20)))


@pytest.mark.parametrize("sizes", [(3, 1), (5, 4, 1), (6, 5, 3, 1)])
@pytest.mark.parametrize("n", [1, 7])
def test_gradient_matches_differences_of_half_the_mse(sizes, n):
    rng = np.random.default_rng(n)
    net = network(*sizes)
    x, y = random_cases(rng, n, sizes[0])
    dx = net.backward(y, net.forward(x))
    analytic = [dx] + [layer_part for layer in net.layers for layer_part in (layer.dW, layer.db)]
    variables = [x] + [part for layer in net.layers for part in (layer.W, layer.b)]
    for gradient, variable in zip(analytic, variables, strict=True):
        assert gradient.shape == variable.shape
        for index in rng.integers(0, variable.size, 5):
            kept, losses = variable.flat[index], []
            for h in (1e-5, -1e-5):
                variable.flat[index] = kept + h
                losses.append(mse(y, net.forward(x)) / 2)
            variable.flat[index] = kept
            expected = (losses[0] - losses[1]) / 2e-5
            assert gradient.flat[index] == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_momentum_sums_up_past_gradients():
    net = network(2, 1, momentum=0.2)
    layer = net.layers[0]
    start = layer.W.copy()
    for factor in (1.0, 10.0):
        layer.dW, layer.db = factor * np.ones((2, 1)), factor * np.ones((1, 1))
        net.update(0.5)
    np.testing.assert_allclose(layer.velocity_W, 10.2)
    np.testing.assert_allclose(start - layer.W, 0.5 * (1 + 10.2))
    np.testing.assert_allclose(layer.velocity_b, 10.2)


def test_prediction_is_the_sign_with_zero_counted_as_plus():
    net = network(1, 1)
    net.layers[0].W, net.layers[0].b = np.array([[1.0]]), np.zeros((1, 1))
    assert net.predict(np.array([[-0.1], [0], [3]])).tolist() == [[-1], [1], [1]]


def test_fit_learns_what_is_separable_and_leaves_its_arguments_alone():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((200, 2))
    y = np.where(x[:, :1] * x[:, 1:] > 0, 1, -1)  # exclusive or: no single layer can
    x_before, y_before = x.copy(), y.copy()
    net = network(2, 8, 1)
    history = net.fit(x, y, x[:50], y[:50], 0.3, n_batches=7, n_epochs=150)
    assert [len(values) for values in history.values()] == [150] * 4
    assert history["train_mce"][-1] > 95
    assert history["train_mse"][-1] < history["train_mse"][0] / 4
    assert (x == x_before).all()
    assert (y == y_before).all()


def test_every_case_is_used_once_an_epoch():
    seen = []

    class Recorder(MLP):
        def forward(self, x):
            if len(x) < 10:
                seen.extend(x[:, 0])
            return super().forward(x)

    net = Recorder()
    net.add_layer(HiddenLayer(1, 1))
    x = np.arange(10.0)[:, None]
    net.fit(x, np.ones((10, 1)), x, np.ones((10, 1)), 0.1, n_batches=4, n_epochs=2)
    first, second = seen[:10], seen[10:]
    order = np.random.RandomState(7).permutation(10)
    assert first == order.tolist()
    assert sorted(second) == sorted(first)
    assert second != first


@pytest.fixture(scope="module")
def cats_and_cars():
    return recipe.read(real_data.FOLDER / "assign2_data1.h5")


@needs_images
def test_the_published_accuracies_come_out_to_the_last_bit():
    config = np.show_config(mode="dicts")
    blas = config["Build Dependencies"]["blas"]["name"]
    if "openblas" not in blas or "X86_V4" not in config["SIMD Extensions"]["found"]:
        pytest.skip("needs the published run's rounding: NumPy with OpenBLAS and AVX-512")
    script = Path(__file__).with_name("train_cats_and_cars.py")
    run = subprocess.run(
        [sys.executable, script, real_data.FOLDER / "assign2_data1.h5"],
        env=os.environ | {"PYTHONPATH": str(real_data.ROOT / "assignments")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.splitlines() == [
        "test accuracy after 300 epochs: 80.4 %",
        "best: 83.7 % after 40 epochs",
    ]


@needs_images
def test_the_network_takes_the_steps_of_that_run(cats_and_cars):
    x, y, x_test, y_test = cats_and_cars
    nets = []
    for network_class, layer_class in ((MLP, HiddenLayer), (recipe.Network, recipe.Layer)):
        nets.append(network_class())
        nets[-1].add_layer(layer_class(1024, 20, 0.02, 15))
        nets[-1].add_layer(layer_class(20, 1, 0.02, 15))
        nets[-1].fit(x[::5], y[::5], x_test, y_test, 0.35, n_batches=10, n_epochs=1)
    for ours, published in zip(nets[0].layers, nets[1].layers, strict=True):
        np.testing.assert_allclose(ours.W, published.W, atol=1e-12)
        np.testing.assert_allclose(ours.b, published.b, atol=1e-12)


@pytest.mark.slow
@needs_images
def test_real_cats_and_cars_end_near_where_the_course_did(cats_and_cars):
    net = MLP()
    net.add_layer(HiddenLayer(1024, 20, 0.02, 15))
    net.add_layer(HiddenLayer(20, 1, 0.02, 15))
    history = net.fit(*cats_and_cars, 0.35)
    # Written in other words the formulas end elsewhere (docs/figures.md).
    assert history["test_mce"][-1] == pytest.approx(80.4, abs=4)
    assert history["test_mse"][-1] == pytest.approx(0.6, abs=0.12)
    assert history["train_mce"][-1] > 97
