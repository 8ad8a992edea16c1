"""Hidden checks of ``fc_nets_dropout``: what an update rule does in a step."""

from functools import partial

import numpy as np

from autograder.checks import (
    case,
    cases,
    check,
    expect_update_rule,
)

STATE = np.full((3, 4), 0.3)


@check
@cases(
    defaults=case("no config: the defaults", config=None),
    settings=case("other settings", config={"learning_rate": 0.02, "momentum": 0.7}),
    velocity=case(
        "a velocity from before", config={"learning_rate": 0.1, "momentum": 0.5, "velocity": STATE}
    ),
)
def momentum_rule(student, reference, config):
    """Five steps with momentum, from no velocity and from a given one."""
    truths = [reference.optim.sgd_momentum]
    expect_update_rule(student.optim.sgd_momentum, truths, config, state=("velocity",))


def _rmsprop_inside(w, dw, config):
    """RMSProp with epsilon inside of the root."""
    settings = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": 0.0, **config}
    squares = settings["decay_rate"] * settings["cache"] + (1 - settings["decay_rate"]) * dw**2
    step = settings["learning_rate"] * dw / np.sqrt(squares + settings["epsilon"])
    return w - step, {**settings, "cache": squares}


@check
@cases(
    defaults=case("no config: the defaults", config=None),
    settings=case(
        "other settings", config={"learning_rate": 0.02, "decay_rate": 0.4, "epsilon": 1e-3}
    ),
    cache=case(
        "a cache from before", config={"learning_rate": 0.1, "decay_rate": 0.9, "cache": STATE}
    ),
)
def rmsprop_rule(student, reference, config):
    """Five steps of RMSProp, with epsilon outside or inside of the root."""
    truths = [reference.optim.rmsprop, _rmsprop_inside]
    expect_update_rule(student.optim.rmsprop, truths, config, state=("cache",))


def _adam(w, dw, config, denominator):
    """Adam, with a convention for the place of epsilon."""
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    settings = {**defaults, "m": 0.0, "v": 0.0, "t": 0, **config}
    t, beta1, beta2 = settings["t"] + 1, settings["beta1"], settings["beta2"]
    m = beta1 * settings["m"] + (1 - beta1) * dw
    v = beta2 * settings["v"] + (1 - beta2) * dw**2
    below = denominator(v, 1 - beta2**t, settings["epsilon"])
    step = settings["learning_rate"] * m / (1 - beta1**t) / below
    return w - step, {**settings, "m": m, "v": v, "t": t}


ADAM_CONVENTIONS = [
    partial(_adam, denominator=lambda v, correction, eps: np.sqrt(v / correction + eps)),
    # "Epsilon hat" of Kingma and Ba, at the end of their section 2.
    partial(_adam, denominator=lambda v, correction, eps: (np.sqrt(v) + eps) / correction**0.5),
]


@check
@cases(
    defaults=case("no config: the defaults", config=None),
    settings=case(
        "other settings",
        config={"learning_rate": 0.02, "beta1": 0.4, "beta2": 0.45, "epsilon": 1e-3},
    ),
    state=case(
        "four steps done before", config={"learning_rate": 0.1, "m": -STATE, "v": STATE, "t": 4}
    ),
)
def adam_rule(student, reference, config):
    """Five steps of Adam with its bias correction; t is raised before it is used."""
    truths = [reference.optim.adam, *ADAM_CONVENTIONS]
    expect_update_rule(student.optim.adam, truths, config, state=("m", "v", "t"))
