"""Expectations on whole nets: initial parameters, losses with regularisation, update rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.checks.carried import is_pair
from autograder.checks.expect.alternatives import any_of
from autograder.checks.expect.basics import expect, expect_close, expect_property, warn
from autograder.checks.expect.gradients import expect_gradient
from autograder.checks.handle import opaque
from autograder.checks.run import DrawAgain, current_run
from autograder.kit.explain import compare
from autograder.kit.explain.compare import FINITE, LARGE_SCORES_TOLERANCE, TOLERANCE
from autograder.kit.numeric import Array
from autograder.wall.replies import StudentError

REGULARISATIONS = (1, 2)
"""Factors of reg: ½·reg·(sum of squares) as the hand-outs say, and reg·(sum of squares)."""

LossCall = Callable[[Any, float], Any]
"""Takes parameters and reg, returns a loss and its gradient with respect to the parameters."""

Rule = Callable[[Array, Array, Any], Any]
"""``rule(w, dw, config) -> next_w, config``."""


def expect_initial(
    make: Callable[[], Any],
    shapes: Mapping[str, tuple[int, ...]],
    scales: Mapping[str, float],
    *,
    name: str,
    dtype: Any = np.float64,
) -> None:
    """Expect parameters that are normally distributed around zero, another draw each time.

    Parameters
    ----------
    make : callable
        Draws the student's parameters, a dict.
    shapes : dict of str to tuple of int
        Of each parameter. Weights of less than a thousand entries tell little.
    scales : dict of str to float
        Standard deviation of each; 0 where zeros are asked for.
    name : str
        Of the function or class that draws.
    dtype : numpy dtype
        What the parameters must be of.

    Raises
    ------
    Failed
    """
    drawn = [make(), make()]
    for params in drawn:
        expect(isinstance(params, dict), f"{name}: expected a dict of parameters.")
        form = {key: np.zeros(shape) for key, shape in shapes.items()}
        expect_close(dict(params), form, name=name, tolerance=FINITE)
    for key, scale in scales.items():
        values, again = (np.asarray(params[key]) for params in drawn)
        expect(values.dtype == dtype, f"{name}: {key}: expected dtype {np.dtype(dtype)}.")
        if scale == 0:
            expect(not np.any(values), f"{name}: {key}: expected zeros.")
            continue
        within = 5.5 / np.sqrt(values.size)  # over five standard deviations of either
        for what, value, expected in (
            ("standard deviation", np.std(values), 1),
            ("mean", np.mean(values), 0),
        ):
            label = f"{name}: {key}: {what}, in units of what is asked for"
            expect_property(label, float(value) / scale, expected, within=within)
        expect(
            not np.array_equal(values, again),
            f"{name}: {key}: the same at each call. Leave the seed to the caller.",
        )


def flat_biases(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with biases of shape (1, n) as (n,).

    So they get by a gradient with an axis too many, which its own check charges.
    """
    return {
        name: value[0] if name.startswith("b") and np.shape(value)[:-1] == (1,) else value
        for name, value in params.items()
    }


def expect_loss(
    call: LossCall, true_call: LossCall, at: Any, *, reg: float, large_scores: bool = False
) -> None:
    """Expect a loss with ½·reg or reg times the sum of the squared weights.

    Parameters
    ----------
    call, true_call : callable
        The student's and the reference's, ``call(parameters, reg)``.
    at : ndarray or dict of str to ndarray
        Parameters.
    reg : float
    large_scores : bool
        Scores are in the thousands: what is rounded there to float32 has fewer digits.

    Raises
    ------
    Failed
    """
    loss, _ = _pair(call(at, reg))
    tolerance = LARGE_SCORES_TOLERANCE if large_scores else TOLERANCE
    close = partial(expect_close, loss, name="loss", tolerance=tolerance)
    any_of(*(partial(close, true_call(at, factor * reg)[0]) for factor in REGULARISATIONS))


def expect_loss_gradient(
    call: LossCall, true_call: LossCall, at: Any, *, reg: float, large_scores: bool = False
) -> None:
    """Expect the gradient of a loss, in the convention that the loss itself follows.

    A loss that follows none is a mistake of its own, which this expectation
    does not charge again: then the gradient may be that of either. Each right
    tensor of a dict earns its share.

    Parameters
    ----------
    call, true_call, at, reg
        As in `expect_loss`.
    large_scores : bool
        As in `expect_loss`. The gradient is compared with the reference's own: differences of a
        loss of thousands have too few digits, too.

    Raises
    ------
    Failed
    """
    loss, gradient = _pair(call(at, reg))
    if any(not np.any(tensor) for tensor in _tensors(true_call(at, reg)[1])):
        raise DrawAgain  # all hidden units are dead: zeros would be right, and earn a share

    def agree(factor: int) -> None:
        strength = {"reg": factor * reg}  # of ½·reg·(sum of squares): what explanations go by
        if large_scores:
            expect_close(
                gradient, true_call(at, factor * reg)[1], name="gradient", inputs=strength,
                tolerance=LARGE_SCORES_TOLERANCE, partial=True,
            )  # fmt: skip
        else:
            expect_gradient(
                gradient, of=lambda v: true_call(v, factor * reg)[0], at=at, inputs=strength
            )

    followed = [
        factor for factor in REGULARISATIONS if _is_close(loss, true_call(at, factor * reg)[0])
    ]
    any_of(*(partial(agree, factor) for factor in followed or REGULARISATIONS))


def _tensors(gradient: Any) -> list[Array]:
    return list(gradient.values()) if isinstance(gradient, Mapping) else [gradient]


def _is_close(actual: Any, expected: Any) -> bool:
    return all(p.problem is None for p in compare(opaque(actual), expected, explain=False))


def warn_of_underflow(call: LossCall, true_call: LossCall, at: Any, *, name: str) -> None:
    """Warn of a loss that takes the logarithm of a probability that has underflowed.

    Parameters
    ----------
    call, true_call : callable
        As in `expect_loss`.
    at : ndarray or dict of str to ndarray
        Parameters whose scores differ by thousands.
    name : str
        Of the student's function.
    """
    try:
        loss = call(at, 0.0)
    except StudentError as error:
        if error.cause != "exception":
            raise
        loss = None
    right = is_pair(loss) and _is_close(loss[0], true_call(at, 0.0)[0])
    if not right:
        warn(
            f"{name}: not right where the probability of the correct class underflows to 0. "
            "The logarithm of a softmax is z - log(sum(exp(z))), with z the scores less the "
            "largest of their image; so no logarithm of 0 is taken. No points are lost."
        )


STEP_TOLERANCE = 1e-7
"""Of a step in units of the learning rate: so the place of an epsilon of 1e-8 shows."""


def expect_update_rule(
    rule: Rule,
    truths: Sequence[Rule],
    config: Mapping[str, Any] | None,
    *,
    state: Sequence[str],
    steps: int = 5,
) -> None:
    """Expect the steps of an update rule, and the state that its config keeps.

    The gradients of a step differ by powers of ten, and one entry is zero, so
    that the place of an epsilon shows. Each step is compared by itself, in
    units of the learning rate.

    Parameters
    ----------
    rule : callable
        The student's.
    truths : sequence of callable
        Conventions that are right; first the one of the hand-out.
    config : dict or None
        What the first step gets.
    state : sequence of str
        Keys of the config that belong to the state.
    steps : int

    Raises
    ------
    Failed
    """
    rng, shape = current_run().rng, (3, 4)
    w, config = rng.standard_normal(shape), None if config is None else dict(config)
    learning_rate = (config or {}).get("learning_rate", 1e-2)
    gradients = rng.standard_normal((steps, *shape)) * 10.0 ** rng.uniform(-6, 1, (steps, *shape))
    gradients[:, 1, 2] = 0.0
    taken, point, memory = [], w, config
    for dw in gradients:
        next_w, memory = _pair(rule(point, dw, memory), "next_w and the config")
        expect_close(next_w, w, name="next_w", tolerance=FINITE)
        known = isinstance(memory, dict) and all(key in memory for key in state)
        expect(known, f"config: expected a dict with {', '.join(state)} after a step.")
        taken.append(((next_w - point) / learning_rate, *(memory[key] for key in state)))
        point = next_w

    def agree(truth: Rule) -> None:
        true_point, true_memory = w, dict(config or {})
        for number, (dw, step) in enumerate(zip(gradients, taken, strict=True), start=1):
            next_point, true_memory = truth(true_point, dw, true_memory)
            expected = (next_point - true_point) / learning_rate, *map(true_memory.get, state)
            names = [f"step {number}: {what}" for what in ("next_w - w", *state)]
            expect_close(step, expected, names=names, tolerance=STEP_TOLERANCE)
            true_point = next_point

    any_of(*(partial(agree, truth) for truth in truths))


def _pair(result: Any, what: str = "a loss and its gradient") -> tuple[Any, Any]:
    expect(is_pair(result), f"expected {what}. Return the two.")
    first, second = result
    return first, second
