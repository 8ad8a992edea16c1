"""``cs_lib.optim`` against PyTorch's optimizers, and the conventions that the hand-out names."""

import numpy as np
import pytest
from cs_lib import optim

RULES = {
    "sgd": (optim.sgd, {"learning_rate": 0.03}),
    "sgd_momentum": (optim.sgd_momentum, {"learning_rate": 0.03, "momentum": 0.8}),
    "rmsprop": (optim.rmsprop, {"learning_rate": 0.01, "decay_rate": 0.9}),
    "adam": (optim.adam, {"learning_rate": 0.01, "beta1": 0.8, "beta2": 0.99}),
}


def steps(rule, config, start, gradients):
    w = start
    for dw in gradients:
        w, config = rule(w, dw, config)
    return w, config


@pytest.mark.parametrize("name", RULES)
def test_ten_steps_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(0)
    start, gradients = rng.standard_normal((3, 4)), rng.standard_normal((10, 3, 4))
    ours, _ = steps(RULES[name][0], dict(RULES[name][1]), start, gradients)
    w = torch.from_numpy(start.copy()).requires_grad_()
    optimizer = {
        "sgd": lambda: torch.optim.SGD([w], lr=0.03),
        "sgd_momentum": lambda: torch.optim.SGD([w], lr=0.03, momentum=0.8),
        "rmsprop": lambda: torch.optim.RMSprop([w], lr=0.01, alpha=0.9),
        "adam": lambda: torch.optim.Adam([w], lr=0.01, betas=(0.8, 0.99)),
    }[name]()
    for gradient in gradients:
        w.grad = torch.from_numpy(gradient)
        optimizer.step()
    np.testing.assert_allclose(ours, w.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_no_config_means_the_documented_defaults(name):
    defaults = {
        "sgd": {"learning_rate": 1e-2},
        "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9},
        "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
        "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    }[name]
    rule = RULES[name][0]
    w, dw = np.ones(3), np.array([0.5, -1.0, 2.0])
    without, config = rule(w, dw)
    explicit, _ = rule(w, dw, dict(defaults))
    np.testing.assert_array_equal(without, explicit)
    assert defaults.items() <= config.items()


@pytest.mark.parametrize("name", RULES)
def test_a_step_leaves_its_arrays_as_they_are(name):
    w, dw = np.ones(3), np.array([0.5, -1.0, 2.0])
    w.flags.writeable = dw.flags.writeable = False
    first, config = RULES[name][0](w, dw, dict(RULES[name][1]))
    state = {key: np.copy(value) for key, value in config.items()}
    RULES[name][0](first, dw, dict(config))
    for key, value in state.items():
        np.testing.assert_array_equal(config[key], value)


def test_first_adam_step_is_the_learning_rate_in_the_direction_of_the_gradient():
    # With the bias corrected m = g and v = g², whatever the betas.
    dw = np.array([3.0, -0.01, 100.0])
    next_w, config = optim.adam(np.zeros(3), dw, {"learning_rate": 0.1})
    np.testing.assert_allclose(next_w, -0.1 * np.sign(dw), rtol=1e-5)
    assert config["t"] == 1
