"""``cs_lib.mlp.optim``: published arrays, and PyTorch's update rules where it is installed."""

import numpy as np
import pytest
from cs_lib.mlp.layer_utils import fc, sequential
from cs_lib.mlp.optim import SGD, SGDM, Adam, RMSProp

W = np.linspace(-0.4, 0.6, 20).reshape(4, 5)
DW = np.linspace(-0.6, 0.4, 20).reshape(4, 5)
OLD = np.linspace(0.6, 0.9, 20).reshape(4, 5)  # velocity, cache and first moment
OLD_SQUARE = np.linspace(0.7, 0.5, 20).reshape(4, 5)  # Adam's second moment


def net_of(*weights, gradients):
    net = sequential(*(fc(4, 5, name=f"fc{i}") for i in range(len(weights))))
    for i, layer in enumerate(net.layers):
        layer.params = {layer.w_name: weights[i].copy()}
        layer.grads = {layer.w_name: gradients[i].copy()}
    return net


def test_sgd_takes_a_step_against_the_gradient():
    net = net_of(W, gradients=[DW])
    SGD(net, 0.5).step()
    np.testing.assert_allclose(net.params["fc0_w"], W - 0.5 * DW)


def test_sgdm_gives_the_published_arrays():
    net = net_of(W, gradients=[DW])
    optimizer = SGDM(net, 1e-3, 0.9)
    optimizer.velocity = {"fc0_w": OLD.copy()}
    optimizer.step()
    expected_w = [
        [0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789],
        [0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526],
        [0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263],
        [1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096],
    ]
    expected_velocity = [
        [0.61138947, 0.62554737, 0.63970526, 0.65386316, 0.66802105],
        [0.68217895, 0.69633684, 0.71049474, 0.72465263, 0.73881053],
        [0.75296842, 0.76712632, 0.78128421, 0.79544211, 0.8096],
    ]
    np.testing.assert_allclose(net.params["fc0_w"], expected_w, rtol=0, atol=6e-9)
    np.testing.assert_allclose(optimizer.velocity["fc0_w"][1:], expected_velocity, atol=6e-9)


def test_rmsprop_gives_the_published_array():
    net = net_of(W, gradients=[DW])
    optimizer = RMSProp(net, 1e-2)
    optimizer.cache = {"fc0_w": OLD.copy()}
    optimizer.step()
    expected_w = [
        [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
        [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
        [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
        [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
    ]
    expected_cache = [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321]
    np.testing.assert_allclose(net.params["fc0_w"], expected_w, rtol=0, atol=6e-9)
    np.testing.assert_allclose(optimizer.cache["fc0_w"][0], expected_cache, rtol=0, atol=6e-9)


def test_adam_gives_the_published_array():
    net = net_of(W, gradients=[DW])
    optimizer = Adam(net, 1e-2, t=5)
    optimizer.mt, optimizer.vt = {"fc0_w": OLD.copy()}, {"fc0_w": OLD_SQUARE.copy()}
    optimizer.step()
    expected_w = [
        [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
        [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
        [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
        [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
    ]
    assert optimizer.t == 6
    np.testing.assert_allclose(net.params["fc0_w"], expected_w, rtol=0, atol=6e-9)
    np.testing.assert_allclose(
        optimizer.mt["fc0_w"][0], [0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474], atol=6e-9
    )
    np.testing.assert_allclose(
        optimizer.vt["fc0_w"][3], [0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966],
        atol=6e-9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (lambda net: SGDM(net, 0.02, 0.8), "SGD", {"lr": 0.02, "momentum": 0.8}),
        (lambda net: RMSProp(net, 0.02), "RMSprop", {"lr": 0.02, "alpha": 0.99, "eps": 1e-8}),
        (lambda net: Adam(net, 0.02), "Adam", {"lr": 0.02, "eps": 1e-8}),
    ],
)
def test_steps_equal_those_of_pytorch(ours, theirs, options):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional extra")
    rng = np.random.default_rng(1)
    net = net_of(W, 2 * W, gradients=[DW, DW])
    tensors = [torch.tensor(w, requires_grad=True) for w in (W, 2 * W)]
    optimizer, expected = ours(net), getattr(torch.optim, theirs)(tensors, **options)
    for _ in range(5):
        for layer, tensor in zip(net.layers, tensors, strict=True):
            gradient = rng.standard_normal((4, 5))
            layer.grads = {layer.w_name: gradient}
            tensor.grad = torch.tensor(gradient)
        optimizer.step()
        expected.step()
    for layer, tensor in zip(net.layers, tensors, strict=True):
        np.testing.assert_allclose(
            layer.params[layer.w_name], tensor.detach().numpy(), rtol=1e-10, atol=1e-12
        )


@pytest.mark.parametrize("optimizer", [SGD, SGDM, RMSProp, Adam])
def test_layers_without_gradient_stay(optimizer):
    net = sequential(fc(2, 3, name="one"), fc(3, 2, name="two"))
    before = net.params["one_w"].copy()
    net.layers[1].grads = {"two_w": np.ones((3, 2))}
    optimizer(net, 0.1).step()
    np.testing.assert_array_equal(net.params["one_w"], before)
