"""Why a function is wrong, found by calling it again with other inputs.

Only for a failure that the values alone do not explain; it may take a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.student import Handle
from autograder.kit.explain import Part
from autograder.kit.numeric import Array, relative_error

CLOSE = 1e-6
"""Relative to the largest entry: float32 is left out of such guesses."""
Function = Callable[[Mapping[str, Any]], Any]
"""Takes all arguments by name, returns the result."""


@dataclass(frozen=True)
class Probe:
    """A wrong function, ready to be called again.

    Parameters
    ----------
    mine, true : callable
        The student's function and the reference's.
    inputs : dict of str to object
        Arguments for which they differ.
    """

    mine: Function
    true: Function
    inputs: Mapping[str, Any]

    def explained(self, part: Part, pick: Callable[[Any], Any]) -> Part:
        """Add what calling again shows to a problem that is only a place.

        Parameters
        ----------
        part : Part
        pick : callable
            Gives the part of a result.
        """
        if not part.vague or any(map(_has_handle, self.inputs.values())):
            return part
        try:
            why = self._reason(pick)
        except Exception:  # other inputs may suit neither function; the verdict stands anyhow
            return part
        return Part(part.name, f"{part.problem} {why}") if why else part

    def _reason(self, pick: Callable[[Any], Any]) -> str | None:
        first, second = pick(self.mine(self.inputs)), pick(self.mine(self.inputs))
        if _same(first, second) is False:
            return (
                "Called again with the same input it gives another result: is something kept "
                "from earlier calls, or drawn at random?"
            )
        return self._as_if(first, pick) or self._ignored(pick)

    def _as_if(self, own: Any, pick: Callable[[Any], Any]) -> str | None:
        """Find another input for which the reference gives the student's result."""
        for words, changed in _instead(self.inputs):
            try:
                other = pick(self.true(changed))
            except Exception:  # the reference refuses it
                continue
            if _close(own, other):
                return f"It is what would be right with {words}."
        return None

    def _ignored(self, pick: Callable[[Any], Any]) -> str | None:
        """Find arguments that move the reference's result, but not the student's."""
        own, right = pick(self.mine(self.inputs)), pick(self.true(self.inputs))
        ignored = []
        for name, value in self.inputs.items():
            moved = _moved(value)
            if moved is None:
                continue
            changed = {**self.inputs, name: moved}
            moves = _same(pick(self.true(changed)), right) is False
            if moves and _same(pick(self.mine(changed)), own):
                ignored.append(name)
        return f"It does not depend on {' and '.join(ignored)}." if ignored else None


def _instead(inputs: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through inputs that a mistake may put in the place of those given."""
    for name, value in inputs.items():
        if isinstance(value, Mapping):
            for words, changed in _instead(value):
                yield words.replace(" =", f" of {name} =", 1), {**inputs, name: changed}
            continue
        for words, changed in [*_other_numbers(name, value), *_other_arrays(name, value, inputs)]:
            yield words, {**inputs, name: changed}


def _other_numbers(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value:
        return  # a term with a factor 0 tells nothing of what stands beside it
    kind = type(value)
    yield from ((f"{name} = {other}", kind(other)) for other in (0, 1) if value != other)
    if isinstance(value, float):
        yield f"{name} of the opposite sign", -value
        yield f"{name} = 1 - {name}", 1 - value
        yield f"{name} = {name} / 2", value / 2
        yield f"{name} = 2 {name}", 2 * value
        yield f"{name} = {name}²", value**2


def _other_arrays(name: str, value: Any, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return
    for other, array in inputs.items():
        alike = isinstance(array, np.ndarray) and array.shape == value.shape
        if other != name and alike and array.dtype.kind == "f":
            yield f"{other} in the place of {name}", array
    yield f"{name} of the opposite sign", -value
    if value.ndim >= 2:
        yield f"{name} turned around along its last two axes", value[..., ::-1, ::-1]
        if value.shape[-1] == value.shape[-2]:
            yield f"{name} transposed", value.swapaxes(-1, -2)


def _close(first: Any, second: Any) -> bool:
    one, other = _numbers(first), _numbers(second)
    if one is None or other is None or one.shape != other.shape:
        return False
    if not np.any(other) or not np.isfinite(other).all():
        return False
    size = float(np.max(np.abs(other)))
    return relative_error(one / size, other / size) <= CLOSE


def _moved(value: Any) -> Any:
    """Return another value of the same kind, None for what is not a real number or array."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * 1.25 + 0.125
    if isinstance(value, float):
        return value * 1.25 + 0.125
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.ndim == 1:
        return value[::-1].copy()
    return None


def _same(first: Any, second: Any) -> bool | None:
    """Whether two results are equal; None where they are no arrays of numbers: nobody can say."""
    one, other = _numbers(first), _numbers(second)
    if one is None or other is None:
        return None
    return bool(np.array_equal(one, other, equal_nan=True))


def _numbers(value: Any) -> Array | None:
    if isinstance(value, Handle):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "biufc" else None


def _has_handle(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_handle, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_handle, value))
    return isinstance(value, Handle)
