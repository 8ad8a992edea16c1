"""Handles: what stays in the worker, as a check has it in hand.

A module's names are looked up when they are called; everything else is fetched
at once.  Plain data arrives as data, all else as a `Handle`, through which it
can be called, read and set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from autograder.kit.explain import Opaque
from autograder.wire import Remote, Tensor

PACKAGE = "cs_lib"


class Asks(Protocol):
    """What asks the worker for a handle, and notes it: `autograder.checks.session.Session`."""

    def call(self, handle: Handle, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any: ...

    def attribute(self, remote: Remote, label: str) -> Any: ...

    def get(self, remote: Remote, label: str) -> Any: ...

    def get_all(self, remotes: Sequence[Remote], labels: Sequence[str]) -> list[Any]: ...

    def form(self, remote: Remote, label: str) -> Any: ...

    def call_all(self, calls: Sequence[Planned]) -> list[Any]: ...

    def set(self, remote: Remote, value: Any) -> None: ...


class Handle:
    """Something that stays in the worker: a function, an object, a module."""

    __slots__ = ("_label", "_remote", "_session")

    def __init__(self, session: Asks, remote: Remote, label: str) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_remote", remote)
        object.__setattr__(self, "_label", label)

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self._session.call(self, args, keywords)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        remote = self._remote.attribute(name)
        if self._remote.root.startswith("module:"):
            known = ".".join(str(step[1]) for step in remote.path)  # as ``Linear.forward``
            return Handle(self._session, remote, known)
        value = self._session.attribute(remote, f"{_owner(self)}{name}")
        if type(value) is dict:
            return _Entries(self._session, remote, value)
        if remote.root == "notebook" and isinstance(value, Handle) and value._remote.callable:
            # By its name, not by its number: so the reference's function can be found.
            named = replace(remote, type_name=value._remote.type_name, callable=True)
            return Handle(self._session, named, name)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.set(self._remote.attribute(name), value)

    def __getitem__(self, key: Any) -> Any:
        return self._session.get(self._remote.item(lower(key)), self._label)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._session.set(self._remote.item(lower(key)), value)

    def __repr__(self) -> str:
        return f"<{self._label} in the worker>"


def called(function: Handle, name: str) -> Handle:
    """Return a function under the name that explanations of its results begin with."""
    return Handle(function._session, function._remote, name)


def values_of(owner: Handle, *names: str) -> list[Any]:
    """Fetch several attributes at once: to ask takes longer than to answer."""
    session, remotes = owner._session, [owner._remote.attribute(name) for name in names]
    labels = [f"{_owner(owner)}{name}" for name in names]
    values = session.get_all(remotes, labels) if names else []
    return [
        _Entries(session, remote, value) if type(value) is dict else value
        for remote, value in zip(remotes, values, strict=True)
    ]


def item_of(owner: Handle, name: str, key: Any) -> Any:
    """Fetch one item of an attribute: all that a dictionary of arrays holds may be large."""
    return owner._session.get(owner._remote.attribute(name).item(key), name)


def form_of(owner: Handle, name: str) -> Any:
    """Fetch an attribute for `expect_form`: for an array of finite numbers as many zeros."""
    return owner._session.form(owner._remote.attribute(name), f"{_owner(owner)}{name}")


def call_each(*calls: partial[Any]) -> list[Any]:
    """Call functions one after the other, the student's in one exchange; return their results.

    For those that make and join things: a result is as it is after the last call, and what an
    answer may hold holds of all together.

    Raises
    ------
    TypeError
        Something that is no `functools.partial`: of a handle each name would be asked for.
    """
    for call in calls:
        if not isinstance(call, partial):
            raise TypeError(f"call_each: expected partial(function, ...), got {type_name(call)}.")
    planned = [
        (call.func, call.args, call.keywords) for call in calls if isinstance(call.func, Handle)
    ]
    if not planned or len(planned) < len(calls):
        return [call() for call in calls]
    session: Asks = planned[0][0]._session
    return session.call_all(planned)


Planned = tuple[Handle, tuple[Any, ...], dict[str, Any]]
"""A call to come: the function, its arguments and keywords."""


class _Entries(dict[Any, Any]):
    """A dict that was read from an object; setting an entry sets it there too."""

    def __init__(self, session: Asks, remote: Remote, entries: dict[Any, Any]) -> None:
        super().__init__(entries)
        self._place = (session, remote)

    def __setitem__(self, key: Any, value: Any) -> None:
        session, remote = self._place
        session.set(remote.item(lower(key)), value)
        super().__setitem__(key, value)


def _owner(handle: Handle) -> str:
    type_name = handle._remote.type_name.split(".")[-1]
    return f"{type_name}." if type_name and handle._remote.root != "notebook" else ""


def label_of(handle: Handle) -> str:
    """Return the name a student knows a thing by."""
    return str(handle._label)


def type_name(value: Any) -> str:
    """Return the name of a value's type, also where it stays in the worker."""
    return str(value._remote.type_name) if isinstance(value, Handle) else type(value).__name__


def dotted(remote: Remote) -> str:
    """Return the path of a module's function below cs_lib, as ``layers.affine_forward``."""
    module = remote.root.removeprefix("module:").removeprefix(f"{PACKAGE}.")
    return ".".join([module, *(str(step[1]) for step in remote.path)])


def lower(value: Any) -> Any:
    """Turn every `Handle` in a value into the `Remote` behind it."""
    if isinstance(value, Handle):
        return value._remote
    if isinstance(value, dict):
        return {lower(key): lower(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(lower(item) for item in value)
    return value


def opaque(value: Any) -> Any:
    """Turn a value into what can be compared and explained.

    Of a `Handle` only the type is known, of a `Tensor` its numbers.
    """
    if isinstance(value, Handle):
        return Opaque(value._remote.type_name, value._remote.callable)
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, dict):
        return {key: opaque(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(opaque(item) for item in value)
    return value
