"""Why a backward pass is wrong: its gradients against differences of the forward pass.

The two are found among the calls that a test made: what the forward pass
returned beside its output is what the backward pass got.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from ..numeric import Array, central_difference
from .calls import Call
from .compare import FINITE, Part, compare
from .probe import Probe
from .sentences import sentences

TOLERANCE = 1e-6
MOST_ENTRIES = 5_000
"""Entries of the inputs that are moved one by one; more would take too long."""
MOST_SECONDS = 0.3
"""Taking differences may last so long where it is to be repeated with other inputs."""


@dataclass(frozen=True)
class _Pass:
    """A forward and a backward call that belong together.

    ``arguments`` are those of the forward pass, with ``dout`` before them.
    """

    forward: Call
    backward: Call
    arguments: dict[str, Any]
    tensors: tuple[str, ...]

    def output(self, values: Mapping[str, Any]) -> Array:
        result = self.forward.again({name: values[name] for name in self.forward.arguments})
        return np.asarray(result[0])

    def gradients(self, values: Mapping[str, Any]) -> Any:
        """Return what the student's backward gives for other inputs."""
        forward = {name: values[name] for name in self.forward.arguments}
        cache = self.forward.again(forward)[1]
        names = list(self.backward.arguments)
        result = self.backward.again({names[0]: values["dout"], names[1]: cache})
        return self.listed(result)

    def numeric(self, values: Mapping[str, Any]) -> list[Array]:
        """Return the differences of the forward pass."""
        return [
            central_difference(self._loss(values, name), np.asarray(values[name]))
            for name in self.tensors
        ]

    def _loss(self, values: Mapping[str, Any], name: str) -> Callable[[Array], Array]:
        return lambda moved: self.output({**values, name: moved}) * values["dout"]

    def listed(self, result: Any) -> Any:
        """Return gradients as a tuple where there is only one."""
        alone = len(self.tensors) == 1 and not (isinstance(result, (tuple, list)))
        return (result,) if alone else result


def explain_backward(calls: Sequence[Call]) -> list[str]:
    """Say what is wrong with the gradients of the last backward pass of a test.

    Returns
    -------
    explanations : list of str
        Empty where there is no backward pass, or nothing is wrong with it.
    """
    found = _last_pass(calls)
    if found is None:
        return []
    names = [f"d{name}" for name in found.tensors]
    result = found.listed(found.backward.result)
    like = tuple(np.asarray(found.arguments[name]) for name in found.tensors)
    parts = compare(result, like, names=names, inputs=found.arguments, tolerance=FINITE)
    if not any(part.problem for part in parts):
        parts = _values(found, result, names)
    return sentences(found.backward.label, parts)


def _values(found: _Pass, result: Any, names: list[str]) -> list[Part]:
    if not np.array_equal(found.output(found.arguments), found.output(found.arguments)):
        return []  # drawn at random: no differences can be taken
    begin = time.perf_counter()
    expected = tuple(found.numeric(found.arguments))
    seconds = time.perf_counter() - begin
    parts = compare(
        tuple(map(np.asarray, result)), expected, names=names, inputs=found.arguments,
        tolerance=TOLERANCE,
    )  # fmt: skip
    if seconds > MOST_SECONDS:
        return parts
    probe = Probe(mine=found.gradients, true=found.numeric, inputs=found.arguments)
    return [probe.explained(part, itemgetter(i)) for i, part in enumerate(parts)]


def _last_pass(calls: Sequence[Call]) -> _Pass | None:
    for backward in reversed(calls):
        given = backward.given
        if len(given) != 2 or not isinstance(given[0], np.ndarray) or backward.function is None:
            continue
        for forward in reversed(calls):
            if forward is not backward and _gave(forward, backward):
                return _joined(forward, backward)
    return None


def _gave(forward: Call, backward: Call) -> bool:
    """Whether a call gave ``(out, cache)``, and this cache is what another one got."""
    result = forward.result
    return (
        forward.function is not None
        and isinstance(result, tuple)
        and len(result) == 2
        and isinstance(result[0], np.ndarray)
        and result[1] is backward.given[1]
    )


def _joined(forward: Call, backward: Call) -> _Pass | None:
    tensors = tuple(
        name
        for name, value in forward.arguments.items()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
    )
    entries = sum(forward.arguments[name].size for name in tensors)
    if not tensors or entries > MOST_ENTRIES:
        return None
    dout = next(iter(backward.arguments.values()))
    return _Pass(forward, backward, {"dout": dout, **forward.arguments}, tensors)
