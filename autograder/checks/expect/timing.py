"""Expectations on speed: relative to the reference, in a process of the same kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.checks.expect.basics import judge
from autograder.checks.handle import Handle, label_of, opaque
from autograder.checks.run import Failed, current_run
from autograder.checks.session import Session
from autograder.kit.explain import compare
from autograder.kit.explain.compare import TOLERANCE

HOPELESS = 4
"""A function so many times over its limit is not timed again."""


def expect_faster_than(
    function: Handle,
    times: float,
    *,
    names: Sequence[str] = (),
    repeats: int = 15,
    tolerance: float = TOLERANCE,
    **inputs: Any,
) -> None:
    """Expect a function to take at most so many times as long as the reference.

    Both run in workers of the same kind, one for the student and one for the
    reference, in turns; each round draws inputs of its own, so that no result
    can be remembered or computed ahead, and every result is compared: where it
    has several parts, one of them must be right. What is wrong in the others is
    no matter of speed, and charged elsewhere. The shortest time of each counts,
    so that a busy machine slows nobody down.

    Parameters
    ----------
    function : Handle
        A function of a student's module.
    times : float
        2 to 5 tells vectorised code from a loop over a large batch.
    names : sequence of str
        What to call the entries of a returned tuple.
    repeats : int
        The most rounds; the first round that is fast enough ends them.
    **inputs
        Arguments in order; large enough that the reference takes a few
        milliseconds.

    Raises
    ------
    Failed
    """
    run = current_run()
    if run.context.reference_worker is None:
        raise ValueError("expect_faster_than: this run has no worker for the reference")
    with run.context.reference_worker() as worker:
        session = Session(worker, run.context.seconds)
        reference = Handle(session, function._remote, label_of(function))
        ratio, right = _best_ratio(function, reference, times, repeats, tolerance, names, inputs)
    if not ratio <= times:
        raise Failed(
            f"{label_of(function)}: {'right, but ' if right else ''}takes about "
            f"{_rounded(ratio)} times as long as vectorised code; at most {times:g} times is asked "
            "for. Is there a loop over examples or pixels that one array operation can replace?"
        )


def _best_ratio(
    function: Handle,
    reference: Handle,
    times: float,
    repeats: int,
    tolerance: float,
    names: Sequence[str],
    inputs: dict[str, Any],
) -> tuple[float, bool]:
    """Return how many times as long it takes, and whether all that it returns is right."""
    mine = true = np.inf
    right = True
    # A stream of its own: how many rounds there are must not change what a check draws later.
    (rng,) = current_run().rng.spawn(1)
    for index in range(repeats + 1):
        args = [_moved(value, rng) for value in inputs.values()]
        seconds, result = _timed(reference, args)
        own_seconds, own_result = _timed(function, args)
        parts = compare(
            opaque(own_result), opaque(result), names=names, inputs=inputs, tolerance=tolerance
        )
        if all(part.problem for part in parts):
            judge(label_of(function), parts)
        right = not any(part.problem for part in parts)
        if index == 0:
            continue  # imports and first touches of memory
        true, mine = min(true, seconds), min(mine, own_seconds)
        if mine <= times * true or (index > 3 and mine > HOPELESS * times * true):
            break
    return float(mine / true), right


def _timed(call: Callable[..., Any], args: list[Any]) -> tuple[float, Any]:
    """Time a call from outside: a clock in the worker could be set by the submission."""
    begin = time.perf_counter()
    result = call(*args)
    return time.perf_counter() - begin, result


def _moved(value: Any, rng: np.random.Generator) -> Any:
    """Return an array with some noise on every entry; signs and zeros stay."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.asarray(value * rng.uniform(63 / 64, 65 / 64, value.shape), value.dtype)
    return value


def _rounded(ratio: float) -> str:
    return f"{float(f'{ratio:.1g}'):g}" if ratio >= 10 else f"{ratio:.1f}"
