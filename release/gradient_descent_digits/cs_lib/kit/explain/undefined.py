"""Why a test failed that compares nothing: what a call gave holds NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import Call, Recording
from .compare import FINITE, compare
from .sentences import sentences


def explain_not_a_number(recording: Recording) -> list[str]:
    """Say which call of a test was the first to give NaN, and where.

    Returns
    -------
    explanations : list of str
        Empty where none gave NaN that had not been given any.
    """
    for call in recording.calls:
        if _holds_nan(call.arguments):
            return []
        for name, value in _given(call, recording.attributes).items():
            if _holds_nan(value):
                like = _zeros(value)
                parts = compare(value, like, name=name, inputs=call.arguments, tolerance=FINITE)
                return sentences(call.label, parts)
    return []


def _given(call: Call, attributes: frozenset[str]) -> dict[str, Any]:
    """Return the data that a call gave, and that of an object which it gave."""
    held = getattr(call.result, "__dict__", {})
    return {"": call.result, **{name: held[name] for name in sorted(attributes & held.keys())}}


def _holds_nan(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nan(item) for item in value.values())
    if isinstance(value, (tuple, list)):
        return any(_holds_nan(item) for item in value)
    number = isinstance(value, (float, np.ndarray, np.generic))
    return number and np.asarray(value).dtype.kind == "f" and bool(np.isnan(value).any())


def _zeros(value: Any) -> Any:
    """Return data of the same form; what holds no NaN as it is."""
    if not _holds_nan(value):
        return value
    if isinstance(value, dict):
        return {key: _zeros(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_zeros(item) for item in value)
    return np.zeros(np.shape(value)) if np.ndim(value) else 0.0
