"""Expectations on values: close to the reference, with a property, raising an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.checks.carried import Unjudged
from autograder.checks.handle import Handle, label_of, opaque, values_of
from autograder.checks.reference import parameter_names
from autograder.checks.run import Failed, argument_names, current_run, reference_of
from autograder.checks.session import Call, Owner
from autograder.kit.explain import Part, compare
from autograder.kit.explain.compare import FINITE, TOLERANCE
from autograder.kit.explain.probe import Probe
from autograder.kit.explain.sentences import sentences
from autograder.kit.explain.structure import kind_name
from autograder.wall.replies import StudentError
from autograder.wire import Tensor


def expect(condition: bool, message: str) -> None:
    """Fail with a message of the check's own unless the condition holds.

    The message goes to the student: it says where, what was expected, and what
    to look at, and tells no expected value.
    """
    if not condition:
        raise Failed(message)


def leave_out(text: str) -> NoReturn:
    """Leave this case out, for a fault that another check charges: its points fall to the others.

    Raises
    ------
    Unjudged
    """
    raise Unjudged(text)


def warn(text: str) -> None:
    """Tell the student something that costs no points."""
    current_run().warn(text)


def expect_close(
    actual: Any,
    expected: Any,
    *,
    name: str = "",
    names: Sequence[str] = (),
    tolerance: float = TOLERANCE,
    partial: bool = False,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Expect a result equal to the reference's, to rounding.

    Parameters
    ----------
    actual : object
        The student's result: number, array, list of numbers, text, or a tuple
        or dict of these.
    expected : same kind
        The reference's result; a `Tensor` asks for a tensor of PyTorch.
    name : str
        What to call it in explanations, after the function that returned it.
    names : sequence of str
        What to call the entries of a tuple.
    tolerance : float
        On the error, relative where ``|expected| > 1``; at least 1e-4 where
        the student's result is float32.
    partial : bool
        Whether each right part of a tuple or dict earns its share. Use it only
        where no part can be had for free.
    inputs : dict of str to object, optional
        What the result comes from, where explanations cannot see it: what an
        object was given by an earlier call.

    Raises
    ------
    Failed
    """
    expect_tensors(actual, expected, name=name)
    plain, expected = opaque(actual), opaque(expected)
    parts = compare(plain, expected, name=name, names=names, tolerance=tolerance, explain=False)
    if all(part.problem is None for part in parts):
        return
    call = find_call(actual)
    if current_run().context.explain:
        found = inputs_of(call) if call else surroundings(actual)
        inputs = opaque({**found, **(inputs or {})})
        parts = compare(
            plain, expected, name=name, names=names, inputs=inputs, tolerance=tolerance
        )  # fmt: skip
        parts = _probed(call, actual, parts, expected) if call else parts
    judge(call.label if call else "", parts, partial=partial)


def attribute(owner: Handle, name: str) -> Any:
    """Return an attribute of an object of the student's, None where it is not set."""
    try:
        return values_of(owner, name)[0]
    except StudentError as error:
        if error.cause != "missing":
            raise
        return None


def expect_tensors(actual: Any, expected: Any, *, name: str = "") -> None:
    """Expect tensors where there are tensors in the expected result, and nowhere else.

    What has another form as a whole is left to the comparison.

    Raises
    ------
    Failed
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in expected.keys() & actual.keys():
            label = f"{name}[{key!r}]" if name else str(key)
            expect_tensors(actual[key], expected[key], name=label)
    elif isinstance(expected, (tuple, list)) and isinstance(actual, (tuple, list)):
        for mine, true in zip(actual, expected, strict=False):
            expect_tensors(mine, true, name=name)
    elif isinstance(expected, Tensor) and not isinstance(actual, Tensor):
        got = kind_name(opaque(actual))
        raise Failed(f"{_called(actual, name)}: expected a tensor, got {got}. Stay with PyTorch.")
    elif isinstance(actual, Tensor) and not isinstance(expected, Tensor):
        way = ".detach().numpy()" if np.ndim(expected) else ".item()"
        wanted = "an array" if np.ndim(expected) else "a number"
        raise Failed(f"{_called(actual, name)}: expected {wanted}, got a tensor. Take its {way}.")


def _called(result: Any, name: str) -> str:
    """Say what to call a result: the function that gave it, and the name of the part."""
    call = find_call(result)
    return ": ".join(text for text in (call.label if call else "", name) if text) or "a result"


def _probed(call: Call, actual: Any, parts: list[Part], expected: Any) -> list[Part]:
    """Add what calling the function again shows."""
    probe = _probe(call, arguments_of(call))
    if probe is None:
        return parts
    where, places = _where(call.result, actual), _places(expected, len(parts))
    return [
        probe.explained(part, _picker(where, place))
        for part, place in zip(parts, places, strict=True)
    ]


def _places(expected: Any, count: int) -> Sequence[Any]:
    """Return index or key of each part of a result; None where it is the whole."""
    if isinstance(expected, Mapping) and len(expected) == count:
        return list(expected)
    several = isinstance(expected, (tuple, list)) and len(expected) == count > 1
    return range(count) if several else [None] * count


def _probe(call: Call, inputs: Mapping[str, Any]) -> Probe | None:
    truth = reference_of(call.function)
    if truth is None or len(inputs) != len(call.arguments) + len(call.keywords):
        return None
    if any(map(_has_handle, inputs.values())):
        return None  # an object of the student's cannot be moved, nor the reference be given it
    return Probe(
        mine=lambda values: call.function(*values.values()),
        true=lambda values: truth(*values.values()),
        inputs=inputs,
    )


def _where(result: Any, part: Any) -> int | None:
    """Return where in a call's result its part stands, None where it is the whole."""
    if isinstance(result, (tuple, list)) and result is not part:
        return next(index for index, item in enumerate(result) if item is part)
    return None


def _picker(where: int | None, place: Any) -> Callable[[Any], Any]:
    def pick(result: Any) -> Any:
        whole = result if where is None else result[where]
        return whole if place is None else whole[place]

    return pick


def judge(label: str, parts: Sequence[Part], *, partial: bool = False) -> None:
    """Fail with the problems of all parts that have one."""
    problems = sentences(label, parts)
    if problems:
        right = sum(part.problem is None for part in parts)
        raise Failed(*problems, fraction=right / len(parts) if partial else 0.0)


def find_call(result: Any) -> Call | None:
    """Return the call that gave a result, or gave the tuple or dict it comes from."""
    for call in reversed(current_run().session.calls):
        if call.result is result:
            return call
        if isinstance(call.result, (tuple, list)) and any(item is result for item in call.result):
            return call
        if isinstance(call.result, dict) and any(v is result for v in call.result.values()):
            return call
    return None


def arguments_of(call: Call) -> dict[str, Any]:
    """Return the arguments of a call by the names the reference gives them."""
    return dict(zip(argument_names(call), call.arguments, strict=False)) | dict(call.keywords)


def inputs_of(call: Call) -> dict[str, Any]:
    """Return what a call's result comes from: arguments, and what its object was given before."""
    owner, _ = current_run().session.owner(call.function)
    arguments = arguments_of(call)
    return arguments | {k: v for k, v in known_of(owner).items() if k not in arguments}


def known_of(owner: Owner) -> dict[str, Any]:
    """Return what an object was made with and what was set on it, by the reference's names."""
    names: list[str] = []
    if owner.path:
        names = parameter_names(current_run().context.reference.function(owner.path))
    made = dict(zip(names, owner.arguments, strict=False)) | dict(owner.keywords)
    data = {name: v for name, v in made.items() if isinstance(v, (np.ndarray, int, float, dict))}
    return data | owner.attributes


def surroundings(value: Any) -> dict[str, Any]:
    """Return what a value may come from that is no result of a call.

    That is what was set on the object that it, or an entry of it, was read from; for what a
    check has computed itself, the inputs of the call before.
    """
    session = current_run().session
    entries = value.values() if isinstance(value, dict) else value
    wanted = [value, *entries] if isinstance(value, (dict, list, tuple)) else [value]
    for given in reversed(session.given):
        if given.root in session.owners and any(given.value is item for item in wanted):
            return known_of(session.owners[given.root])
    return inputs_of(session.calls[-1]) if session.calls else {}


def expect_form(actual: Any, like: Any, *, name: str = "") -> None:
    """Expect a result of the form of another: types, shapes, finite numbers, but any values.

    Parameters
    ----------
    actual : object
        The student's result.
    like : object
        A result of the right form.

    Raises
    ------
    Failed
    """
    expect_close(actual, like, name=name, tolerance=FINITE)


def expect_property(
    name: str,
    actual: Any,
    expected: float,
    *,
    within: float,
    instead: Mapping[str, float] | None = None,
) -> None:
    """Expect a statistic of a random result near what the hand-out promises.

    Parameters
    ----------
    name : str
        What the statistic is, as ``dropout_forward: fraction of zeros``.
    actual : float
        The statistic of the student's result.
    expected : float
        Its value by the hand-out.
    within : float
        The largest distance that chance explains; at least five standard
        deviations, or every thousandth right submission fails.
    instead : dict of str to float
        Values that known mistakes give, by what to say of them.

    Raises
    ------
    Failed
    """
    value = float(actual)
    if abs(value - expected) <= within:
        return
    for why, other in (instead or {}).items():
        if abs(value - other) <= within:
            raise Failed(f"{name}: not as the hand-out says. {why}")
    if not np.isfinite(value):
        raise Failed(f"{name}: is not a finite number.")
    size = "large" if value > expected else "small"
    raise Failed(f"{name}: too {size}.")


def expect_array_in_notebook(
    notebook: Handle, name: str, expected: Any, *, tolerance: float = TOLERANCE
) -> None:
    """Expect a variable of the notebook, at the check's cell, to have a value.

    Raises
    ------
    Failed
    """
    actual = getattr(notebook, name)
    judge(name, compare(opaque(actual), expected, tolerance=tolerance))


def expect_raises(
    error: type[Exception] | tuple[type[Exception], ...], call: Callable[[], Any], *, when: str
) -> None:
    """Expect a call of the student's code to raise an exception.

    Parameters
    ----------
    error : exception class or tuple of them
        Built-in classes, or what derives from them; ``Exception`` accepts any.
    call : callable
        Makes the call: ``lambda: student.graph.topological_order(cycle)``.
    when : str
        What the student reads: "the graph has a cycle".

    Raises
    ------
    Failed
    """
    kinds = error if isinstance(error, tuple) else (error,)
    listed = " or ".join(kind.__name__ for kind in kinds)
    calls = current_run().session.calls
    before = len(calls)
    try:
        call()
    except StudentError as raised:
        if raised.cause != "exception":
            raise
        names = {raised.exception, *raised.bases}
        if Exception in kinds or not names.isdisjoint(kind.__name__ for kind in kinds):
            return
        raise Failed(f"expected {listed} when {when}, got {raised.message}") from None
    label = calls[before].label if before < len(calls) else "the call"
    raise Failed(f"{label}: expected {listed} when {when}, but nothing was raised.")


def expect_runs(function: Handle, *args: Any, when: str) -> Any:
    """Expect a student's function to return something where that is easily forgotten.

    Parameters
    ----------
    function : Handle
    *args
        What it is called with.
    when : str
        What the student reads of an exception: "at test time, where all of dout passes".

    Returns
    -------
    result : object

    Raises
    ------
    Failed
    """
    try:
        return function(*args)
    except StudentError as raised:
        if raised.cause != "exception":
            raise
        where = label_of(function)
        raise Failed(f"{where}: expected a result {when}, got {raised.message}") from raised


def _has_handle(value: Any) -> bool:
    """Whether a `Handle` stands anywhere in a value."""
    if isinstance(value, dict):
        return any(map(_has_handle, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_handle, value))
    return isinstance(value, Handle)
