"""``cs_lib.layers`` against SciPy, PyTorch and central differences."""

import numpy as np
import pytest
import scipy.signal
import scipy.special
from cs_lib import layers
from cs_lib.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array

# (height, width), filter, stride, pad: a remainder, no padding, wide padding, overlap.
CONVOLUTIONS = [
    ((7, 5), (3, 3), 2, 1),
    ((6, 9), (3, 2), 3, 0),
    ((5, 5), (5, 5), 1, 2),
    ((4, 6), (1, 1), 2, 0),
    ((8, 7), (2, 4), 1, 2),
]
POOLS = [
    ((6, 8), (2, 2), 2),
    ((7, 5), (3, 3), 2),
    ((5, 6), (2, 3), 1),
    ((7, 8), (2, 2), 3),
    ((4, 4), (1, 1), 1),
    ((5, 7), (1, 3), 2),
]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def assert_gradients(forward, backward, inputs, rng):
    """Every gradient matches central differences under a random upstream gradient."""
    out, cache = forward(*inputs)
    dout = rng.standard_normal(out.shape)
    gradients = backward(dout, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for k, gradient in enumerate(gradients):
        numeric = eval_numerical_gradient_array(
            lambda v, k=k: forward(*inputs[:k], v, *inputs[k + 1 :])[0], inputs[k], dout
        )
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-8)


def convolution(rng, size, window, N=2, C=3, F=4):
    return (
        rng.standard_normal((N, C, *size)),
        rng.standard_normal((F, C, *window)),
        rng.standard_normal(F),
    )


def pool_param(window, stride):
    return {"pool_height": window[0], "pool_width": window[1], "stride": stride}


def test_affine_forward_flattens_each_input(rng):
    x, w, b = rng.standard_normal((3, 2, 5)), rng.standard_normal((10, 4)), rng.standard_normal(4)
    out, cache = layers.affine_forward(x, w, b)
    np.testing.assert_allclose(out, np.einsum("nij,ijm->nm", x, w.reshape(2, 5, 4)) + b)
    assert cache[0].shape == (3, 2, 5)


@pytest.mark.parametrize("N", [1, 4])
def test_affine_backward_matches_differences(rng, N):
    inputs = rng.standard_normal((N, 2, 3)), rng.standard_normal((6, 5)), rng.standard_normal(5)
    assert_gradients(layers.affine_forward, layers.affine_backward, inputs, rng)


def test_relu_is_max_of_zero_and_x(rng):
    x = rng.standard_normal((4, 5))
    out, cache = layers.relu_forward(x)
    np.testing.assert_array_equal(out, np.where(x > 0, x, 0))
    dout = rng.standard_normal(x.shape)
    np.testing.assert_array_equal(layers.relu_backward(dout, cache), np.where(x > 0, dout, 0))


@pytest.mark.parametrize("p", [0.25, 0.5, 0.9])
def test_dropout_keeps_p_of_the_entries_and_their_mean(rng, p):
    np.random.seed(0)
    x = rng.uniform(1, 2, (400, 500))
    out, _ = layers.dropout_forward(x, {"mode": "train", "p": p})
    kept = out != 0
    assert abs(kept.mean() - p) < 5 * np.sqrt(p * (1 - p) / x.size)
    np.testing.assert_allclose(out[kept], x[kept] / p)


def test_dropout_at_test_time_is_the_identity(rng):
    x, dout = rng.standard_normal((2, 3, 4))[:2]
    out, cache = layers.dropout_forward(x, {"mode": "test", "p": 0.3})
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(layers.dropout_backward(dout, cache), dout)
    assert out is not x


def test_dropout_with_a_seed_draws_the_same_mask(rng):
    x = rng.standard_normal((20, 20))
    first, _ = layers.dropout_forward(x, {"mode": "train", "p": 0.5, "seed": 3})
    second, _ = layers.dropout_forward(x, {"mode": "train", "p": 0.5, "seed": 3})
    other, _ = layers.dropout_forward(x, {"mode": "train", "p": 0.5, "seed": 4})
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def test_dropout_backward_matches_differences(rng):
    parameters = {"mode": "train", "p": 0.6, "seed": 5}
    assert_gradients(
        lambda x: layers.dropout_forward(x, parameters),
        layers.dropout_backward,
        (rng.standard_normal((6, 7)),),
        rng,
    )


@pytest.mark.parametrize(("size", "window", "stride", "pad"), CONVOLUTIONS)
def test_conv_forward_is_scipy_correlation(rng, size, window, stride, pad):
    x, w, b = convolution(rng, size, window)
    out, _ = layers.conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for n, f in np.ndindex(*out.shape[:2]):
        image = scipy.signal.correlate(padded[n], w[f], mode="valid")[0, ::stride, ::stride]
        np.testing.assert_allclose(out[n, f], image + b[f], atol=1e-12)


@pytest.mark.parametrize(("size", "window", "stride", "pad"), CONVOLUTIONS)
def test_conv_backward_matches_differences(rng, size, window, stride, pad):
    conv_param = {"stride": stride, "pad": pad}
    assert_gradients(
        lambda x, w, b: layers.conv_forward_naive(x, w, b, conv_param),
        layers.conv_backward_naive,
        convolution(rng, size, window, N=1, C=2, F=2),
        rng,
    )


@pytest.mark.parametrize(("size", "window", "stride"), POOLS)
def test_pooling_matches_windows_and_differences(rng, size, window, stride):
    x = rng.standard_normal((2, 3, *size))
    parameters = pool_param(window, stride)
    out, _ = layers.max_pool_forward_naive(x, parameters)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(2, 3))
    np.testing.assert_array_equal(out, windows.max(axis=(4, 5))[:, :, ::stride, ::stride])
    assert_gradients(
        lambda x: layers.max_pool_forward_naive(x, parameters),
        layers.max_pool_backward_naive,
        (x,),
        rng,
    )


def test_pooling_gives_a_tie_to_the_first(rng):
    x = np.zeros((1, 1, 2, 2))
    _, cache = layers.max_pool_forward_naive(x, pool_param((2, 2), 2))
    dx = layers.max_pool_backward_naive(np.ones((1, 1, 1, 1)), cache)
    np.testing.assert_array_equal(dx[0, 0], [[1, 0], [0, 0]])


@pytest.mark.parametrize("loss", [layers.svm_loss, layers.softmax_loss])
def test_loss_gradient_matches_differences(rng, loss):
    x, y = rng.standard_normal((6, 4)), np.array([0, 3, 3, 1, 0, 1])  # class 2 is absent
    _, dx = loss(x, y)
    numeric = eval_numerical_gradient(lambda v: loss(v, y)[0], x, verbose=False)
    np.testing.assert_allclose(dx, numeric, atol=1e-9)


def test_softmax_loss_is_scipy_cross_entropy_for_scores_of_any_size(rng):
    x, y = rng.standard_normal((5, 3)) * 1000, np.array([0, 1, 2, 0, 1])
    loss, dx = layers.softmax_loss(x, y)
    expected = -scipy.special.log_softmax(x, axis=1)[np.arange(5), y].mean()
    np.testing.assert_allclose(loss, expected)
    np.testing.assert_allclose(dx * 5 + np.eye(3)[y], scipy.special.softmax(x, axis=1), atol=1e-12)


def test_svm_loss_is_the_sum_of_margins_by_hand():
    # Row 0: max(0, 2-1+1) + max(0, 0.5-1+1) = 2.5; row 1: max(0, 0-3+1) + max(0, 2.5-3+1) = 0.5.
    loss, _ = layers.svm_loss(np.array([[1.0, 2.0, 0.5], [0.0, 2.5, 3.0]]), np.array([0, 2]))
    assert loss == pytest.approx(1.5)


def test_no_layer_changes_its_arguments(rng):
    x, w, b = convolution(rng, (6, 6), (3, 3))
    dout = rng.standard_normal((2, 4, 6, 6))
    for array in (x, w, b, dout):
        array.flags.writeable = False
    _, cache = layers.conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    layers.conv_backward_naive(dout, cache)
    pooled, cache = layers.max_pool_forward_naive(x, pool_param((2, 2), 2))
    layers.max_pool_backward_naive(np.ones(pooled.shape), cache)
    out, cache = layers.affine_forward(x, np.ones((108, 2)), np.zeros(2))
    layers.affine_backward(out, cache)
    out, cache = layers.relu_forward(x)
    layers.relu_backward(x, cache)
    out, cache = layers.dropout_forward(x, {"mode": "train", "p": 0.5})
    layers.dropout_backward(x, cache)


def torch_gradients(out, dout, *inputs):
    import torch

    gradients = torch.autograd.grad(out, inputs, torch.from_numpy(dout))
    return [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize(("size", "window", "stride", "pad"), CONVOLUTIONS)
def test_convolution_is_that_of_pytorch(rng, size, window, stride, pad):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    x, w, b = convolution(rng, size, window)
    out, cache = layers.conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})
    dout = rng.standard_normal(out.shape)
    inputs = [torch.from_numpy(array).requires_grad_() for array in (x, w, b)]
    theirs = torch.nn.functional.conv2d(*inputs, stride=stride, padding=pad)
    np.testing.assert_allclose(out, theirs.detach().numpy(), atol=1e-12)
    ours = layers.conv_backward_naive(dout, cache)
    for gradient, expected in zip(ours, torch_gradients(theirs, dout, *inputs), strict=True):
        np.testing.assert_allclose(gradient, expected, atol=1e-12)


@pytest.mark.parametrize(("size", "window", "stride"), POOLS)
def test_pooling_is_that_of_pytorch(rng, size, window, stride):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    x = rng.integers(0, 3, (2, 3, *size)).astype(float)  # full of ties
    out, cache = layers.max_pool_forward_naive(x, pool_param(window, stride))
    dout = rng.standard_normal(out.shape)
    theirs_x = torch.from_numpy(x).requires_grad_()
    theirs = torch.nn.functional.max_pool2d(theirs_x, window, stride=stride)
    np.testing.assert_array_equal(out, theirs.detach().numpy())
    (expected,) = torch_gradients(theirs, dout, theirs_x)
    np.testing.assert_allclose(layers.max_pool_backward_naive(dout, cache), expected)
