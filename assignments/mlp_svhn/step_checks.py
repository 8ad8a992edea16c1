"""Hidden checks of ``mlp_svhn``: what an optimizer does in a few steps."""

from functools import partial

import numpy as np

from autograder.checks import (
    any_of,
    call_each,
    case,
    cases,
    check,
    expect_close,
)

from .object_layers import entry

SHAPES_OF_PARAMETERS = {"a_w": (4, 3), "a_b": (3,), "b_w": (3, 2), "b_b": (2,)}


def steps_taken(student, rng, kind, optimizer_settings, state_names, gradients):
    """Let an optimizer of the student's take steps on two layers; yield all parameters."""
    layer_utils = student.mlp.layer_utils
    sizes = {"a": (4, 3), "b": (3, 2)}
    made = call_each(*(partial(layer_utils.fc, *size, name=n) for n, size in sizes.items()))
    layers = dict(zip(sizes, made, strict=True))
    start = {name: rng.standard_normal(s) for name, s in SHAPES_OF_PARAMETERS.items()}
    states = {
        state: {name: rng.uniform(0.2, 1, s) for name, s in SHAPES_OF_PARAMETERS.items()}
        for state in state_names
    }
    for name, layer in layers.items():
        layer.params = _of_layer(name, start)
    optimizer = getattr(student.mlp.optim, kind)(
        layer_utils.sequential(*layers.values()), **optimizer_settings
    )
    for state, values in states.items():
        # One entry of the state is missing at first, and counts as zero.
        setattr(optimizer, state, {k: v.copy() for k, v in values.items() if k != "b_b"})
        values["b_b"] = np.zeros(2)
    taken = []
    for gradient in gradients:
        for name, layer in layers.items():
            layer.grads = _of_layer(name, gradient)
        optimizer.step()
        params = {name: layer.params for name, layer in layers.items()}
        taken.append({name: entry(params[name[0]], name, "params") for name in start})
    return start, states, taken


def _of_layer(name, entries):
    """Return copies of those entries that belong to a layer."""
    return {key: value.copy() for key, value in entries.items() if key[0] == name}


def draw_gradients(rng, count):
    gradients = [
        {name: rng.standard_normal(s) for name, s in SHAPES_OF_PARAMETERS.items()}
        for _ in range(count)
    ]
    for gradient in gradients:
        gradient["b_b"][0] = 0.0  # with a state of zero: what the epsilon is for
    return gradients


def expect_steps(name, taken, *rules):
    """Expect the parameters that one of several accepted update rules gives."""
    any_of(
        *(
            lambda expected=list(rule): [
                expect_close(after, before, name=name)
                for after, before in zip(taken, expected, strict=True)
            ]
            for rule in rules
        )
    )


@check
def momentum_step(student, reference, rng):
    """Three steps of SGDM move all parameters of two layers as momentum says."""
    gradients = draw_gradients(rng, 3)
    start, states, taken = steps_taken(
        student, rng, "SGDM", {"lr": 0.02, "momentum": 0.7}, ["velocity"], gradients
    )

    def rule():
        w, velocity = dict(start), dict(states["velocity"])
        for gradient in gradients:
            for key, g in gradient.items():
                velocity[key] = 0.7 * velocity[key] - 0.02 * g
                w[key] = w[key] + velocity[key]
            yield dict(w)

    expect_steps("SGDM.step", taken, rule())


@check
def rmsprop_step(student, reference, rng):
    """Three steps of RMSProp are right, with the epsilon outside or inside of the root."""
    gradients = draw_gradients(rng, 3)
    start, states, taken = steps_taken(
        student, rng, "RMSProp", {"lr": 0.02, "decay": 0.4, "eps": 1e-2}, ["cache"], gradients
    )

    def rule(divisor):
        w, cache = dict(start), dict(states["cache"])
        for gradient in gradients:
            for key, g in gradient.items():
                cache[key] = 0.4 * cache[key] + 0.6 * g**2
                w[key] = w[key] - 0.02 * g / divisor(cache[key])
            yield dict(w)

    expect_steps(
        "RMSProp.step",
        taken,
        rule(lambda c: np.sqrt(c) + 1e-2),
        rule(lambda c: np.sqrt(c + 1e-2)),
    )


@check
@cases(
    from_the_start=case("the first steps, where the correction counts", t=0),
    later=case("five steps done before", t=5),
)
def adam_step(student, reference, rng, t):
    """Three steps of Adam are right; t counts them once each."""
    gradients = draw_gradients(rng, 3)
    settings = {"lr": 0.02, "beta1": 0.4, "beta2": 0.3, "eps": 1e-2, "t": t}
    start, states, taken = steps_taken(student, rng, "Adam", settings, ["mt", "vt"], gradients)

    def rule(divisor):
        w, m, v = dict(start), dict(states["mt"]), dict(states["vt"])
        for step, gradient in enumerate(gradients, start=t + 1):
            for key, g in gradient.items():
                m[key] = 0.4 * m[key] + 0.6 * g
                v[key] = 0.3 * v[key] + 0.7 * g**2
                mean = m[key] / (1 - 0.4**step)
                w[key] = w[key] - 0.02 * mean / divisor(v[key], 1 - 0.3**step)
            yield dict(w)

    expect_steps(
        "Adam.step",
        taken,
        rule(lambda v, correction: np.sqrt(v / correction) + 1e-2),
        rule(lambda v, correction: np.sqrt(v / correction + 1e-2)),
        # Section 2 of the paper: the epsilon beside the root that is not corrected.
        rule(lambda v, correction: (np.sqrt(v) + 1e-2) / np.sqrt(correction)),
    )
