"""Functions that answer without working, for the audit; runs inside a worker, as `inside` does.

Each version does the honest work first, on copies, to know the form of an answer, and
gives another answer of that form.
"""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

names: dict[str, Any] = {}
"""The namespace of the notebook; set by whoever loads this."""
VERSIONS = ("zeros", "constant", "argument", "before", "published")
"""Zeros; one number everywhere; an argument of the same shape; the result of the call before;
what the visible test publishes for arguments of these shapes. Else zeros."""

PACKAGE = "cs_lib"
_at_work: list[str] = []
"""Honest work that is being done: what it calls is honest, too."""

Whole = tuple[Any, dict[str, Any]]
"""What a call returns, and the attributes that it sets on its object."""
_honest: list[tuple[Any, str, Any]] = []
_published: dict[tuple[str, str], list[tuple[Any, Whole]]] = {}


def answer(module: str, name: str, version: str) -> None:
    """Let a function give answers of a version, until `be_honest`."""
    _exchange(module, name, lambda call, known: _Version(version, known).of(call))


def publish(module: str, name: str) -> None:
    """Keep what a function gives to the visible test, until `be_honest`."""
    _published.pop((module, name), None)
    _exchange(module, name, lambda call, known: _kept(call, known))


def be_honest() -> None:
    """Undo all exchanges."""
    while _honest:
        place, name, value = _honest.pop()
        _put(place, name, value)


def _put(place: Any, name: str, value: Any) -> None:
    if isinstance(place, dict):
        place[name] = value
    else:
        setattr(place, name, value)


Call = Callable[[Sequence[Any], dict[str, Any]], Whole]


def _exchange(module: str, name: str, version: Callable[[Call, list[Any]], Call]) -> None:
    *owners, last = name.split(".")
    place: Any = importlib.import_module(module) if module else names
    for owner in owners:
        place = place[owner] if isinstance(place, dict) else getattr(place, owner)
    held = place[last] if isinstance(place, dict) else vars(place)[last]
    original = getattr(held, "__func__", getattr(held, "fget", None) or held)
    call = version(_worker_of(original, bool(owners)), _published.setdefault((module, name), []))

    def exchanged(*args: Any, **keywords: Any) -> Any:
        if _at_work:
            return original(*args, **keywords)
        result, attributes = call(args, keywords)
        for attribute, value in attributes.items():
            setattr(args[0], attribute, value)
        return result

    wrap = type(held) if isinstance(held, (staticmethod, classmethod, property)) else None
    for holder, key in [(place, last), *_holders(held)]:
        _honest.append((holder, key, held))
        _put(holder, key, wrap(exchanged) if wrap else exchanged)


def _holders(held: Any) -> list[tuple[dict[str, Any], str]]:
    """Return the notebook and the modules that hold a function, by whatever name."""
    modules = [vars(module) for name, module in list(sys.modules.items())
               if name.partition(".")[0] == PACKAGE]  # fmt: skip
    return [(space, key) for space in [names, *modules] for key, v in space.items() if v is held]


_PLAIN = (np.ndarray, dict, tuple)


def _worker_of(original: Callable[..., Any], is_method: bool) -> Call:
    """Return the honest call: what it returns, and the attributes that it sets.

    All of it on copies: what a method does to the parameters of a net is not done. Only
    an `__init__` makes its object; then its arrays are what is judged.
    """

    def call(args: Sequence[Any], keywords: dict[str, Any]) -> Whole:
        _at_work.append(original.__name__)
        try:
            return work(args, keywords)
        finally:
            _at_work.pop()

    def work(args: Sequence[Any], keywords: dict[str, Any]) -> Whole:
        if original.__name__ == "__init__":
            original(*args, **keywords)
            return None, {k: v for k, v in vars(args[0]).items() if isinstance(v, _PLAIN)}
        copied = copy.deepcopy(tuple(args))
        before = dict(vars(copied[0])) if is_method else {}
        result = original(*copied, **copy.deepcopy(keywords))
        after = vars(copied[0]) if is_method else {}
        return result, {k: v for k, v in after.items() if before.get(k) is not v}

    return call


def _kept(call: Call, known: list[Any]) -> Call:
    def kept(args: Sequence[Any], keywords: dict[str, Any]) -> Whole:
        whole = call(args, keywords)
        known.append((_form([*args, *keywords.values()]), _without_graphs(whole)))
        return whole

    return kept


class _Version:
    """Makes a dishonest call of an honest one."""

    def __init__(self, version: str, known: list[Any]) -> None:
        self.version = version
        self.known = list(known)
        self.before: Any = None

    def of(self, call: Call) -> Call:
        def dishonest(args: Sequence[Any], keywords: dict[str, Any]) -> Whole:
            whole = _without_graphs(call(args, keywords))
            given = [*args, *keywords.values()]
            instead: Whole = getattr(self, f"_{self.version}")(whole, given)
            return copy.deepcopy(instead)

        return dishonest

    def _zeros(self, whole: Any, given: list[Any]) -> Any:
        return _mapped(whole, lambda leaf: _filled(leaf, 0))

    def _constant(self, whole: Any, given: list[Any]) -> Any:
        return _mapped(whole, lambda leaf: _filled(leaf, 0.5))

    def _argument(self, whole: Any, given: list[Any]) -> Any:
        leaves = _leaves(given)

        def echoed(leaf: Any) -> Any:
            alike = (other for other in leaves if _form(other) == _form(leaf))
            return next(alike, _filled(leaf, 0))

        return _mapped(whole, echoed)

    def _before(self, whole: Any, given: list[Any]) -> Any:
        before, self.before = self.before, copy.deepcopy(whole)
        return before if _form(before) == _form(whole) else self._zeros(whole, given)

    def _published(self, whole: Any, given: list[Any]) -> Any:
        for form, published in self.known:
            if form == _form(given) and _form(published) == _form(whole):
                return published
        return self._zeros(whole, given)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")  # imported by whoever has one
    return torch is not None and isinstance(value, torch.Tensor)


def _without_graphs(value: Any) -> Any:
    """Return a copy, of tensors without how they were computed, which cannot be copied."""
    if "torch" in sys.modules:
        value = _mapped(value, lambda leaf: leaf.detach() if _is_tensor(leaf) else leaf)
    return copy.deepcopy(value)


def _is_leaf(value: Any) -> bool:
    if _is_tensor(value):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    return isinstance(value, (str, int, float, np.number)) and not isinstance(value, bool)


def _filled(leaf: Any, number: float) -> Any:
    """Return a number, or an array or tensor of it; of whole ones, the next higher; or as text."""
    if isinstance(leaf, str):
        return str(number)
    if _is_tensor(leaf):
        return leaf.new_full(leaf.shape, number if leaf.is_floating_point() else np.ceil(number))
    whole = isinstance(leaf, (int, np.integer))
    if isinstance(leaf, np.ndarray):
        whole = leaf.dtype.kind in "biu"
        return np.full_like(leaf, int(np.ceil(number)) if whole else number)
    return type(leaf)(int(np.ceil(number)) if whole else number)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if _is_leaf(value):
        return change(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_mapped(item, change) for item in value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return _with_mapped_attributes(value, change)


def _with_mapped_attributes(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return an object of the library or the notebook with other numbers in it."""
    module = type(value).__module__.partition(".")[0]
    if module not in (PACKAGE, "__main__") or not hasattr(value, "__dict__") or callable(value):
        return value
    changed = copy.copy(value)
    changed.__dict__.update({name: _mapped(item, change) for name, item in vars(value).items()})
    return changed


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple, dict)):
        items = value.values() if isinstance(value, dict) else value
        return [leaf for item in items for leaf in _leaves(item)]
    return [value] if _is_leaf(value) else []


def _form(value: Any) -> Any:
    """Return types and shapes, all the way down; of anything else but numbers, its type."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.kind
    if _is_tensor(value):
        return tuple(value.shape), str(value.dtype)
    if isinstance(value, (list, tuple)):
        return type(value).__name__, tuple(map(_form, value))
    if isinstance(value, dict):
        return tuple((str(key), _form(item)) for key, item in value.items())
    return type(value).__name__
