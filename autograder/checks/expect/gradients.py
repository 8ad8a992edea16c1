"""Expectations on gradients: against central differences of the reference."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.checks.carried import Unjudged, is_pair
from autograder.checks.expect.basics import find_call, inputs_of, judge, surroundings
from autograder.checks.expect.robust import expect_right_for_other_arrays
from autograder.checks.expect.slopes import Slope, expect_slopes
from autograder.checks.handle import Handle, label_of, opaque
from autograder.checks.run import Failed, reference_of, stand_in_of
from autograder.kit.explain import Part, compare
from autograder.kit.explain.compare import FINITE, TOLERANCE
from autograder.kit.explain.probe import Probe
from autograder.kit.numeric import Array
from autograder.wall.replies import StudentError


def expect_gradients(
    forward: Handle,
    backward: Handle,
    *,
    dout: Array,
    true_forward: Callable[..., Any] | None = None,
    points: int = 2,
    h: float = 0.0,
    tolerance: float = TOLERANCE,
    entrywise: bool = False,
    robust: bool = True,
    **inputs: Any,
) -> None:
    """Expect the gradients of a layer to match central differences of the reference.

    The student's forward is called with the inputs in the order given and must
    agree with the reference; its backward is called with ``(dout, cache)`` and
    must return a gradient for each input that is a floating-point array. Each
    right tensor earns its share, whatever is wrong with the others: value, shape,
    type, NaN.

    Parameters
    ----------
    forward, backward : Handle
        The student's functions: ``forward(*inputs) -> out, cache`` and
        ``backward(dout, cache) -> gradients``.
    dout : ndarray, shape of out
        Upstream gradient; random, never ones.
    true_forward : callable, optional
        The reference's forward; by default the one of the same name.
    points : {2, 8}
        Points of the stencil; 8 for smooth functions only.
    h : float
        Step; 0 takes the one that suits the stencil.
    tolerance : float
        On the error along a direction, relative to the size of the gradient.
    entrywise : bool
        Compare entry by entry, for tensors with entries of very different size.
    robust : bool
        Whether read-only, non-contiguous float32 arrays must give the same.
    **inputs
        Arguments of forward: arrays are differentiated, others passed on.

    Raises
    ------
    Failed
    """
    true_forward = true_forward or reference_of(forward)
    if true_forward is None:
        raise ValueError("expect_gradients: expected a true_forward, as the reference has none")
    truth = true_forward
    cache = _cache_of_right_forward(forward, truth, inputs)
    tensors = {f"d{name}": value for name, value in inputs.items() if _is_tensor(value)}
    everything = {"dout": dout, **inputs}
    probe = _probe(forward, backward, everything, len(tensors))

    def loss(values: dict[str, Array]) -> Array:
        moved = {name.removeprefix("d"): value for name, value in values.items()}
        return np.asarray(_output(truth(*{**inputs, **moved}.values())) * dout)

    def judge_with(cache: Any, robust: bool) -> None:
        forms, grads = _named_gradients(
            backward(dout, cache), tensors, label_of(backward), everything
        )
        expect_slopes(
            grads,
            Slope(loss, tensors, points, h),
            label_of(backward),
            forms,
            tolerance=tolerance,
            entrywise=entrywise,
            inputs=everything,
            probe=probe,
        )
        if robust and probe is not None:
            expect_right_for_other_arrays(
                lambda *args: probe.mine(dict(zip(everything, args, strict=True))),
                lambda *args: probe.true(dict(zip(everything, args, strict=True))),
                tuple(everything.values()),
                tuple(grads.values()),
                label_of(backward),
            )

    _judge_with_either(partial(judge_with, robust=robust), cache, forward, backward)


def _judge_with_either(
    judge_with: Callable[..., None], cache: Any, forward: Handle, backward: Handle
) -> None:
    """Judge a backward pass by a cache, and by the student's own if that holds something else.

    Raises
    ------
    Unjudged
        The forward is wrong here, so that the cache was the reference's, and it holds, or may
        hold, something else than the student's.
    """
    stand_in = stand_in_of(forward)
    try:
        judge_with(cache)
        return
    except (Failed, StudentError) as error:
        if stand_in is None or not stand_in.stands or stand_in.alike or _ended(error):
            raise
        if stand_in.alike is None and isinstance(error, Failed):
            raise  # nothing says that the own cache is another
    if stand_in.own_cache is not None:
        with contextlib.suppress(Failed, StudentError):
            judge_with(stand_in.own_cache, robust=False)
            return
    raise Unjudged(
        f"{label_of(backward)}: not judged here, and no points lost: {label_of(forward)} is wrong "
        "in this case, and its cache holds something else than the hand-out's, so that no right "
        "cache could be passed on. Correct the forward pass, and this counts."
    )


def _ended(error: Exception) -> bool:
    return isinstance(error, StudentError) and error.cause != "exception"


def _probe(
    forward: Handle, backward: Handle, inputs: Mapping[str, Any], count: int
) -> Probe | None:
    """Return the gradients as a function of all inputs, dout the first; None without a reference.

    The reference's pair is that of the same names: only it knows its own cache.
    """
    true_forward, true_backward = reference_of(forward), reference_of(backward)
    if true_forward is None or true_backward is None:
        return None

    def gradients(
        forward: Callable[..., Any], backward: Callable[..., Any], values: Mapping[str, Any]
    ) -> Any:
        dout, *args = values.values()
        result = backward(dout, forward(*args)[1])
        alone = count == 1 and not (isinstance(result, (tuple, list)) and len(result) == 1)
        return (result,) if alone else result

    return Probe(
        mine=lambda values: gradients(forward, backward, values),
        true=lambda values: gradients(true_forward, true_backward, values),
        inputs=inputs,
    )


def expect_gradient(
    actual: Any,
    *,
    of: Callable[[Any], Any],
    at: Any,
    name: str = "",
    points: int = 2,
    h: float = 0.0,
    tolerance: float = TOLERANCE,
    entrywise: bool = False,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Expect a gradient to match central differences of a function.

    Of a dict each right tensor earns its share, whatever is wrong with the others: value,
    shape, type, NaN, or that it is not there.

    Parameters
    ----------
    actual : ndarray or dict of str to ndarray
        What the student's code gave as the gradient.
    of : callable
        Takes what `at` is, returns a number, or an array that is summed (for a
        function that works entry by entry, as a sigmoid).
    at : ndarray or dict of str to ndarray
        Where: a tensor, or tensors by the names of their gradients.
    name : str
        What to call a single gradient.
    points, h, tolerance, entrywise
        As in `expect_gradients`.
    inputs : dict of str to object, optional
        As in `expect_close`.

    Raises
    ------
    Failed
    """
    values = [actual, *(actual.values() if isinstance(actual, Mapping) else ())]
    call = next((found for value in values if (found := find_call(value))), None)
    label = call.label if call else ""
    inputs = (inputs_of(call) if call else surroundings(actual)) | dict(inputs or {})
    tensors = dict(at) if isinstance(at, Mapping) else {name: at}
    tensors = {key: np.asarray(value) for key, value in tensors.items()}
    form: Any = tensors if isinstance(at, Mapping) else tensors[name]
    forms = _form(opaque(actual), form, inputs, name)
    grads = _right_in_form(label, forms, tensors, actual if isinstance(at, Mapping) else [actual])

    def loss(values: dict[str, Array]) -> Array:
        return np.asarray(of(values if isinstance(at, Mapping) else values[name]))

    expect_slopes(
        grads, Slope(loss, tensors, points, h), label, forms,
        tolerance=tolerance, entrywise=entrywise, inputs=inputs,
    )  # fmt: skip


def _cache_of_right_forward(
    forward: Handle, truth: Callable[..., Any], inputs: Mapping[str, Any]
) -> Any:
    """Return the student's cache, after the output has been found right."""
    result = forward(*inputs.values())
    expected = _output(truth(*inputs.values()))
    label = label_of(forward)
    if not is_pair(result):
        judge(label, compare(opaque(result), (expected, None), names=("out", "cache")))
    part = compare(opaque(result[0]), expected, name="out", inputs=inputs)[0]
    if part.problem is not None:
        later = "The gradient is tried when the forward pass is right."
        raise Failed(f"{label}: out: {part.problem}", later)
    return result[1]


def _named_gradients(
    result: Any, tensors: Mapping[str, Array], label: str, inputs: Mapping[str, Any]
) -> tuple[list[Part], dict[str, Array]]:
    """Return what is wrong with the form of each gradient, and those of the right form by name."""
    if len(tensors) == 1:
        (name,) = tensors
        alone = isinstance(result, (tuple, list)) and len(result) == 1
        results = [result[0] if alone else result]
        forms = _form(opaque(results[0]), np.asarray(tensors[name]), inputs, name)
    else:
        results = result
        form = tuple(np.asarray(value) for value in tensors.values())
        forms = _form(opaque(result), form, inputs, names=list(tensors))
    return forms, _right_in_form(label, forms, tensors, results)


def _right_in_form(
    label: str, forms: Sequence[Part], tensors: Mapping[str, Array], results: Any
) -> dict[str, Array]:
    """Return the gradients of the right form by name; of several, `forms` judges each.

    Raises
    ------
    Failed
        The whole is of another form.
    """
    if len(forms) < len(tensors) or all(form.problem for form in forms):
        judge(label, forms)
    by_name = isinstance(results, Mapping)
    return {
        name: np.asarray(results[name if by_name else place])
        for place, (name, form) in enumerate(zip(tensors, forms, strict=True))
        if form.problem is None
    }


def _form(
    actual: Any,
    expected: Any,
    inputs: Mapping[str, Any],
    name: str = "",
    names: Sequence[str] = (),
) -> list[Part]:
    """Compare number, types, shapes and finiteness, but no values."""
    return compare(actual, expected, name=name, names=names, inputs=inputs, tolerance=FINITE)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _output(result: Any) -> Any:
    return result[0] if isinstance(result, tuple) else result
