"""Why a function is wrong, found by calling it again with other inputs.

Only for a failure that the values alone do not explain; it may take a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..numeric import Array, relative_error
from .compare import Part

OPPOSITE = "of the opposite sign"
CLOSE = 1e-6
"""Relative to the largest entry: float32 is left out of such guesses."""
KNOWN_DIGITS = 2e-6
"""Published results have six digits."""
Function = Callable[[Mapping[str, Any]], Any]
"""Takes all arguments by name, returns the result."""


@dataclass(frozen=True)
class _AnyProbe:
    mine: Function
    inputs: Mapping[str, Any]

    def explained(self, part: Part, pick: Callable[[Any], Any]) -> Part:
        """Add what calling again shows to a problem that is only a place.

        Parameters
        ----------
        part : Part
        pick : callable
            Gives the part of a result.
        """
        if not part.vague:
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
        return self._as_if(first, pick) or self._ignored(first, pick)

    def _as_if(self, own: Any, pick: Callable[[Any], Any]) -> str | None:
        """Find another input for which the student's result would be right."""
        for words, changed, back in _instead(self.inputs):
            try:
                found = self._is_right_with(changed, back, own, pick)
            except Exception:  # one of the two refuses it
                continue
            if found:
                chosen = words.endswith(OPPOSITE) and np.asarray(own).dtype.kind in "iu"
                hint = " Is argmin taken for argmax, or the other way round?" if chosen else ""
                return f"It is what would be right with {words}.{hint}"
        return None

    def _is_right_with(
        self,
        changed: Mapping[str, Any],
        back: Mapping[str, Any] | None,
        own: Any,
        pick: Callable[[Any], Any],
    ) -> bool:
        """Whether the student's result is right for changed inputs."""
        raise NotImplementedError

    def _moves_right(self, changed: Mapping[str, Any], pick: Callable[[Any], Any]) -> bool:
        """Whether changed inputs give another right result, or nobody knows."""
        raise NotImplementedError

    def _ignored(self, own: Any, pick: Callable[[Any], Any]) -> str | None:
        """Find arguments that move the right result, as far as that is known, but not this."""
        ignored = []
        for name, value in self.inputs.items():
            moved = _moved(value)
            if moved is None:
                continue
            changed = {**self.inputs, name: moved}
            if self._moves_right(changed, pick) and _same(pick(self.mine(changed)), own):
                ignored.append(self._order_or_all(name, own, pick))
        return f"It does not depend on {' and '.join(ignored)}." if ignored else None

    def _order_or_all(self, name: str, own: Any, pick: Callable[[Any], Any]) -> str:
        """Say what of an argument does not count: of labels it may be their order alone."""
        value = self.inputs[name]
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "iu":
            return name
        alike = {**self.inputs, name: np.full_like(value, value[0])}
        return name if _same(pick(self.mine(alike)), own) else f"the order of {name}"


@dataclass(frozen=True)
class Probe(_AnyProbe):
    """A wrong function, ready to be called again, and the right one.

    Parameters
    ----------
    mine, true : callable
        The student's function and the right one.
    inputs : dict of str to object
        Arguments for which they differ.
    """

    true: Function

    def _is_right_with(
        self,
        changed: Mapping[str, Any],
        back: Mapping[str, Any] | None,
        own: Any,
        pick: Callable[[Any], Any],
    ) -> bool:
        return _close(own, pick(self.true(changed)))

    def _moves_right(self, changed: Mapping[str, Any], pick: Callable[[Any], Any]) -> bool:
        return _same(pick(self.true(changed)), pick(self.true(self.inputs))) is False


@dataclass(frozen=True)
class ProbeOfOneResult(_AnyProbe):
    """A wrong function, ready to be called again, where one right result is all that is known.

    Parameters
    ----------
    mine : callable
    inputs : dict of str to object
    right : object
        The right result for these inputs.
    """

    right: Any

    def _is_right_with(
        self,
        changed: Mapping[str, Any],
        back: Mapping[str, Any] | None,
        own: Any,
        pick: Callable[[Any], Any],
    ) -> bool:
        """Whether the change, taken back, gives the student the right result."""
        return back is not None and _close(pick(self.mine(back)), self.right, KNOWN_DIGITS)

    def _moves_right(self, changed: Mapping[str, Any], pick: Callable[[Any], Any]) -> bool:
        return True


Replacement = tuple[str, Any, Any]
"""Words for a change of an input, the input changed, and with the change taken back, or None."""


def _instead(
    inputs: Mapping[str, Any],
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """Go through inputs that a mistake may put in the place of those given."""
    for name, value in inputs.items():
        if isinstance(value, Mapping):
            found: list[Replacement] = [
                (words.replace(" =", f" of {name} =", 1), changed, back)
                for words, changed, back in _instead(value)
            ]
        else:
            found = [*_other_numbers(name, value), *_other_arrays(name, value, inputs)]
        for words, changed, back in found:
            yield words, {**inputs, name: changed}, None if back is None else {**inputs, name: back}


def _other_numbers(name: str, value: Any) -> Iterator[Replacement]:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value:
        return  # a term with a factor 0 tells nothing of what stands beside it
    kind = type(value)
    yield from ((f"{name} = {other}", kind(other), None) for other in (0, 1) if value != other)
    if isinstance(value, float):
        yield f"{name} {OPPOSITE}", -value, -value
        yield f"{name} = 1 - {name}", 1 - value, 1 - value
        yield f"{name} = {name} / 2", value / 2, 2 * value
        yield f"{name} = 2 {name}", 2 * value, value / 2
        yield f"{name} = {name}²", value**2, value**0.5 if value >= 0 else None


def _other_arrays(name: str, value: Any, inputs: Mapping[str, Any]) -> Iterator[Replacement]:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return
    for other, array in inputs.items():
        alike = isinstance(array, np.ndarray) and array.shape == value.shape
        if other != name and alike and array.dtype.kind == "f":
            yield f"{other} in the place of {name}", array, None
    yield f"{name} {OPPOSITE}", -value, -value
    if value.ndim >= 2:
        turned = value[..., ::-1, ::-1]
        yield f"{name} turned around along its last two axes", turned, turned
        if value.shape[-1] == value.shape[-2]:
            transposed = value.swapaxes(-1, -2)
            yield f"{name} transposed", transposed, transposed


def _close(first: Any, second: Any, allowed: float = CLOSE) -> bool:
    one, other = _numbers(first), _numbers(second)
    if one is None or other is None or one.shape != other.shape:
        return False
    if not np.any(other) or not np.isfinite(other).all():
        return False
    size = float(np.max(np.abs(other)))
    return relative_error(one / size, other / size) <= allowed


def _moved(value: Any) -> Any:
    """Return another value of the same kind, None for what is not a real number or array."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * 1.25 + 0.125
    if isinstance(value, float):
        return value * 1.25 + 0.125
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.ndim == 1:
        turned = value[::-1].copy()
        return None if np.array_equal(turned, value) else turned
    return None


def _same(first: Any, second: Any) -> bool | None:
    """Whether two results are equal; None where they are no arrays of numbers: nobody can say."""
    one, other = _numbers(first), _numbers(second)
    if one is None or other is None:
        return None
    return bool(np.array_equal(one, other, equal_nan=True))


def _numbers(value: Any) -> Array | None:
    if not isinstance(value, (np.ndarray, np.generic, int, float, complex, list, tuple)):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "biufc" else None
