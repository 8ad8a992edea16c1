"""The comparison of a result with the expected one, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..numeric import relative_error
from . import structure
from .comparison import Comparison
from .shapes import shape

TOLERANCE = 1e-6
"""What a right result in float64 may be off by: of what is rounded to float32 on the way, to 6e-8
of itself, a sum of some terms is off by 1e-7."""
FLOAT32_TOLERANCE = 1e-4
"""What a right computation in float32 may be off by."""
LARGE_SCORES_TOLERANCE = 1e-3
"""What a softmax may be off by whose scores, of thousands, are rounded to float32: by 1e-4."""
FINITE = float(np.finfo(np.float64).max)
"""The tolerance that asks for finite numbers and nothing else."""


@dataclass(frozen=True)
class Part:
    """One named part of a result, and what is wrong with it (None: nothing).

    ``vague`` where only the place is known, and no reason.
    """

    name: str
    problem: str | None
    vague: bool = False


def compare(
    actual: Any,
    expected: Any,
    *,
    name: str = "",
    names: Sequence[str] = (),
    inputs: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
    explain: bool = True,
) -> list[Part]:
    """Compare a result with the expected one.

    Number of results, types, keys, shapes, dtypes and finiteness are decided
    before any value; then each array must be within the tolerance.

    Parameters
    ----------
    actual : object
        The student's result.
    expected : number, ndarray, str, None, list, tuple or dict of these
    name : str
        What to call a single result; the first part of every name.
    names : sequence of str
        What to call the entries of a tuple.
    inputs : dict of str to object
        The arguments of the call, which explanations look at.
    tolerance : float
        On the relative error; at least 1e-4 for a float32 result.
    explain : bool
        Whether to look for the reason of wrong values; the verdict is the same.

    Returns
    -------
    parts : list of Part
        One for each array or number; only one if the whole has another form. Of a dict with
        some of its keys each missing one is a part.
    """
    rules = _Rules(inputs or {}, tolerance, explain)
    with np.errstate(all="ignore"):  # wrong results may be infinite, and are compared all the same
        return _compare(actual, expected, name, names, rules)


@dataclass(frozen=True)
class _Rules:
    inputs: Mapping[str, Any]
    tolerance: float
    explain: bool


def _compare(
    actual: Any, expected: Any, name: str, names: Sequence[str], rules: _Rules
) -> list[Part]:
    if isinstance(expected, Mapping):
        return _compare_mapping(actual, expected, name, rules)
    if isinstance(expected, tuple) and names:
        return _compare_sequence(actual, expected, name, names, rules)
    if isinstance(expected, (tuple, list)) and not structure.is_numbers(expected):
        return _compare_sequence(actual, expected, name, names, rules)
    return [Part(name, *_judge(actual, expected, rules, {}))]


def _compare_mapping(
    actual: Any, expected: Mapping[Any, Any], name: str, rules: _Rules
) -> list[Part]:
    if (problem := structure.keys(actual, expected)) is not None:
        return [Part(name, problem)]
    parts: list[Part] = []
    for key, value in expected.items():
        label = f"{name}[{key!r}]" if name else str(key)
        if key in actual:
            parts += _compare(actual[key], value, label, (), rules)
        else:
            parts.append(Part(label, structure.missing(key, actual, expected)))
    return parts


def _compare_sequence(
    actual: Any, expected: Sequence[Any], name: str, names: Sequence[str], rules: _Rules
) -> list[Part]:
    if (problem := structure.arity(actual, expected, names)) is not None:
        return [Part(name, problem)]
    labels = names or [
        f"{name}[{index}]" if name else f"result {index + 1}" for index in range(len(expected))
    ]
    siblings = dict(zip(labels, expected, strict=True))
    parts: list[Part] = []
    for label, mine, true in zip(labels, actual, expected, strict=True):
        if _is_data(true):
            others = {other: value for other, value in siblings.items() if other != label}
            parts.append(Part(label, *_judge(mine, true, rules, others)))
        else:
            parts += _compare(mine, true, label, (), rules)
    return parts


def _is_data(value: Any) -> bool:
    return structure.is_number(value) or isinstance(value, np.ndarray) or _is_sequence(value)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, list) and structure.is_numbers(value)


def _judge(
    actual: Any, expected: Any, rules: _Rules, siblings: Mapping[str, Any]
) -> tuple[str | None, bool]:
    """Say what is wrong with one number, array, list of numbers or text, and whether vaguely."""
    if (problem := _wrong_form(actual, expected, rules)) is not None:
        return problem, False
    if expected is None or isinstance(expected, (str, bytes, structure.Opaque)):
        return None, False
    mine, true = np.asarray(actual), np.asarray(expected)
    tolerance = rules.tolerance
    if mine.dtype == np.float32:
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    finite = tolerance == FINITE and np.isfinite(mine).all()
    if finite or relative_error(mine, true) <= tolerance:
        return None, False
    if not rules.explain:
        return "wrong.", True
    from .causes import explain_values  # much to import, and what is right needs none of it

    mask = mine.dtype.kind == "b" and true.dtype.kind != "b"
    mine, true = (a.astype(np.int8) if a.dtype.kind == "b" else a for a in (mine, true))
    return explain_values(Comparison(mine, true, rules.inputs, siblings, tolerance, mask))


def _wrong_form(actual: Any, expected: Any, rules: _Rules) -> str | None:
    inputs = rules.inputs
    if isinstance(expected, structure.Opaque):
        return structure.unlike(actual, expected)
    if expected is None or isinstance(expected, (str, bytes)):
        return _plain_problem(actual, expected, form_only=rules.tolerance == FINITE)
    if structure.is_number(expected):
        problem = structure.number(actual, inputs)
    elif isinstance(expected, np.ndarray):
        problem = structure.array(actual)
    else:
        problem = _list_problem(actual, expected)
    if problem is not None:
        return problem
    mine, true = np.asarray(actual), np.asarray(expected)
    problem = structure.dtype(mine, is_complex=true.dtype.kind == "c")
    return problem or shape(mine.shape, true.shape, inputs)


def _plain_problem(actual: Any, expected: str | bytes | None, *, form_only: bool) -> str | None:
    if type(actual) is type(expected) and (form_only or actual == expected):
        return None
    wanted = "None" if expected is None else "a string"
    if type(actual) is type(expected):
        return "another text than expected."
    return f"expected {wanted}, got {structure.kind_name(actual)}."


def _list_problem(actual: Any, expected: Sequence[Any]) -> str | None:
    """A list, a tuple or a 1-d array of numbers are all a list of numbers."""
    if isinstance(actual, np.ndarray) and actual.ndim == 1:
        length = actual.size
    elif structure.is_numbers(actual):
        length = len(actual)
    elif isinstance(actual, (list, tuple)):
        return f"expected a list of numbers, got {structure.kind_name(actual)} of other things."
    else:
        wanted = "a list of numbers"
        return structure.foreign(actual, wanted) or (
            f"expected {wanted}, got {structure.kind_name(actual)}."
        )
    if length == len(expected):
        return None
    off = length - len(expected)
    hint = {1: " Is one recorded too many?", -1: " Is the first or the last one left out?"}
    return f"expected {len(expected)} numbers, got {length}.{hint.get(off, '')}"
