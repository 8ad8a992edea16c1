"""Number of results, types and keys: what is decided before any value is looked at."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_WORDS = {0: "nothing", 1: "one value", 2: "2 values", 3: "3 values"}


@dataclass(frozen=True)
class Opaque:
    """A result that is not plain data; only the name of its type is known."""

    type_name: str
    callable: bool = False


def is_number(value: object) -> bool:
    """Whether a value is one number: a Python or NumPy number or a 0-d array."""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "biufc"
    return isinstance(value, (bool, int, float, complex, np.number, np.bool_))


def is_numbers(value: object) -> bool:
    """Whether a value is a list or tuple of numbers."""
    return isinstance(value, (list, tuple)) and all(is_number(item) for item in value)


def kind_name(value: object) -> str:
    """Name the kind of a value as a student would."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"an object of type {value.type_name or 'unknown'}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if is_number(value):
        return "a number"
    if isinstance(value, tuple):
        return f"a tuple of {_WORDS.get(len(value), f'{len(value)} values')}"
    for kind, name in ((list, "a list"), (dict, "a dict"), (str, "a string")):
        if isinstance(value, kind):
            return name
    return f"a {type(value).__name__}"


def foreign(value: object, wanted: str) -> str | None:
    """Say what is wrong with a value that is no data at all, None if it is data."""
    if value is None:
        return (
            f"expected {wanted}, got None. "
            "Is it never set, or a return statement missing or not reached?"
        )
    if value is NotImplemented:
        return f"expected {wanted}, got NotImplemented."
    return _opaque(value, wanted) if isinstance(value, Opaque) else None


def _opaque(value: Opaque, wanted: str) -> str:
    name = value.type_name
    if value.callable:
        return (
            f"expected {wanted}, got a function or class ({name}). "
            "Are the parentheses of a call missing?"
        )
    if name in ("generator", "map", "filter", "zip", "range", "list_iterator"):
        return f"expected {wanted}, got a {name}. Turn it into an array first."
    if name in ("matrix", "MaskedArray", "memmap", "DataFrame", "Series", "Tensor"):
        return f"expected {wanted}, got a {name}. Use a plain np.ndarray."
    if name.startswith("ndarray of dtype "):
        return _not_numbers(name.removeprefix("ndarray of dtype "))
    return f"expected {wanted}, got an object of type {name}."


def unlike(actual: object, expected: Opaque) -> str | None:
    """Say why a value is not an object, or not a function, as the expected one is."""
    if isinstance(actual, Opaque) and actual.callable >= expected.callable:
        return None
    wanted = "a function" if expected.callable else f"an object of type {expected.type_name}"
    return f"expected {wanted}, got {kind_name(actual)}."


def _not_numbers(kind: object) -> str:
    if str(kind) in ("float128", "longdouble", "complex256", "clongdouble"):
        return f"expected float64 entries, got {kind}. Do not ask for more digits than float64 has."
    if str(kind).startswith(("datetime", "timedelta", "[(", "{", "StringDType", "<U", "|S")):
        return f"expected numbers, got entries of type {kind}."
    return (
        f"expected numbers, got entries of type {kind}. "
        "Were lists of different lengths, or None, put into one array?"
    )


def arity(actual: object, expected: Sequence[Any], names: Sequence[str]) -> str | None:
    """Say what is wrong with the number of results, None if it is right."""
    listed = f" ({', '.join(names)})" if names else ""
    wanted = f"{len(expected)} values{listed}"
    if isinstance(actual, (tuple, list)):
        if len(actual) == len(expected):
            return None
        fewer = len(actual) < len(expected)
        return (
            f"expected {wanted}, got {len(actual)}. "
            + ("Return all of them" if fewer else "Return only these")
            + f", in this order{listed}."
        )
    if (problem := foreign(actual, wanted)) is not None:
        return problem
    return f"expected {wanted}, got {kind_name(actual)} alone. Return a tuple{listed}."


def keys(actual: object, expected: Mapping[Any, Any]) -> str | None:
    """Say why a value is no dict with any of the keys, None if it is."""
    listed = ", ".join(map(repr, expected))
    if not isinstance(actual, Mapping):
        return foreign(actual, f"a dict with {listed}") or (
            f"expected a dict with {listed}, got {kind_name(actual)}."
        )
    if not expected or not expected.keys().isdisjoint(actual):
        return None
    if not actual:
        return f"expected a dict with {listed}, got an empty one. Put what is computed into it."
    hint = _spelled_differently(next(iter(expected)), actual, expected)
    return f"no {listed} among the keys.{hint}"


def missing(key: Any, actual: Mapping[Any, Any], expected: Mapping[Any, Any]) -> str:
    """Say that a dict has no such key, where it has others of those expected."""
    hint = _spelled_differently(key, actual, expected)
    return f"not among the keys; expected {', '.join(map(repr, expected))}.{hint}"


def _spelled_differently(key: Any, actual: Mapping[Any, Any], expected: Mapping[Any, Any]) -> str:
    extra = [str(other)[:40] for other in actual if other not in expected]
    near = difflib.get_close_matches(str(key), extra, 1, 0.5)
    if not near:
        near = [other for other in extra if other.lower() == str(key).lower()]
    return f" You have {near[0]!r}: is that the one, spelled differently?" if near else ""


def number(actual: object, inputs: Mapping[str, Any]) -> str | None:
    """Say why a value is not one number, None if it is."""
    if is_number(actual):
        return dtype(np.asarray(actual))
    if isinstance(actual, np.ndarray):
        return _array_for_number(actual, inputs)
    if isinstance(actual, tuple):
        return f"expected one number, got {kind_name(actual)}. Return it alone."
    return foreign(actual, "one number") or f"expected one number, got {kind_name(actual)}."


def _array_for_number(actual: np.ndarray[Any, Any], inputs: Mapping[str, Any]) -> str:
    got = f"expected one number, got an array of shape {actual.shape}"
    if actual.size == 1:
        return f"{got}. Make it a number, e.g. with .item() or a sum over all axes."
    lengths = {value.shape[0] for value in inputs.values() if _is_array(value) and value.ndim}
    if actual.ndim <= 2 and actual.shape[0] in lengths:
        return f"{got}: one value for each example? Take their mean (or sum) over the batch."
    return f"{got}. Is a sum or mean over an axis missing?"


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray)


def array(actual: object) -> str | None:
    """Say why a value is not an array, None if it is."""
    if isinstance(actual, np.ndarray):
        return None
    if isinstance(actual, tuple):
        return (
            f"expected one array, got {kind_name(actual)}. "
            "Return the array alone, without a comma after it."
        )
    if isinstance(actual, list):
        return "expected an array, got a list. Turn it into one with np.array(...)."
    if is_number(actual) and not actual:
        return "expected an array, got the number 0. Make an array of zeros, with np.zeros(shape)."
    if is_number(actual):
        return "expected an array, got a number. Is a sum or mean taken that nobody asked for?"
    return foreign(actual, "an array") or f"expected an array, got {kind_name(actual)}."


def dtype(actual: np.ndarray[Any, Any], *, is_complex: bool = False) -> str | None:
    """Say what is wrong with the type of an array's entries, None if it can be compared."""
    if actual.dtype.kind in "OUSVmM":
        return _not_numbers(actual.dtype)
    if actual.dtype.kind == "c" and not is_complex:
        return "expected real numbers, got complex ones. Is a root or power of a negative taken?"
    if actual.dtype == np.float16:
        return "expected float64 entries, got float16, which keeps 3 digits. Keep x.dtype."
    return None
