"""The calls that a test makes of the library and of solution cells, with arguments and results.

What a test compares is traced back to the call that gave it: the arguments by
name are what an explanation looks at, as it does in grading.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

import numpy as np

MOST = 500
"""Calls that are kept of one test."""
_BY_KEYWORD = 0x08  # inspect.CO_VARKEYWORDS


@dataclass
class Call:
    """One call, made by the test itself and not by the functions it tests.

    Attributes
    ----------
    label : str
        The function's name, ``Linear.forward`` for a method.
    function : callable or None
        To be called again; None where it cannot be found by its name.
    arguments : dict of str to object
        As they were at the call, by the names of the parameters; without ``self``.
    given : tuple
        The arguments themselves, as they are now.
    owner : object
        ``self`` of a method, else None.
    attributes : dict of str to object
        Data that the owner held at the call.
    """

    label: str
    function: Callable[..., Any] | None
    arguments: dict[str, Any]
    given: tuple[Any, ...] = ()
    owner: Any = None
    attributes: dict[str, Any] = field(default_factory=dict)
    result: Any = None

    def again(self, arguments: Mapping[str, Any]) -> Any:
        """Call the function with other arguments."""
        assert self.function is not None
        return self.function(**copy.deepcopy(dict(arguments)))


class Recording:
    """Records calls of functions in the files that are tested, while it is `running`.

    Parameters
    ----------
    is_tested, is_called : callable
        Take the name of a code's file. Calls of what is tested are recorded, unless they are made
        from within anything that tests call.
    attributes : frozenset of str
        Those that the tests themselves set or read; an object's own business explains nothing.
    """

    def __init__(
        self,
        is_tested: Callable[[str], bool] = lambda file: False,
        is_called: Callable[[str], bool] = lambda file: False,
        attributes: frozenset[str] = frozenset(),
    ) -> None:
        self.calls: list[Call] = []
        self.attributes = attributes
        self._is_tested, self._is_called = is_tested, is_called

    @contextmanager
    def running(self) -> Iterator[None]:
        before = sys.getprofile()
        sys.setprofile(_Recorder(self._is_tested, self._is_called, self.calls))
        try:
            yield
        finally:
            sys.setprofile(before)

    def call_of(self, value: Any) -> Call | None:
        """Return the last call that gave a value, or gave the tuple or dict it is in."""
        if not isinstance(value, (np.ndarray, np.generic, float, list, tuple, dict)):
            return None
        given = (call for call in reversed(self.calls) if path_of(call.result, value) is not None)
        return next(given, None) or self._holder(value)

    def _holder(self, value: Any) -> Call | None:
        """Return the last method called of an object that holds an array, or a dict with it."""
        if not isinstance(value, np.ndarray):
            return None
        for call in reversed(self.calls):
            held = getattr(call.owner, "__dict__", {})
            if any(path_of(item, value) is not None for item in held.values()):
                return call
        return None

    def inputs_of(self, call: Call) -> dict[str, Any]:
        """Return what a call's result comes from: arguments, and what its object was given.

        Its object was given the arguments that made it, and those of its other methods before: a
        ``backward`` answers for what ``forward`` was called with.
        """
        known = self._given_before(call) if call.owner is not None else {}
        known |= {name: call.attributes[name] for name in self.attributes & call.attributes.keys()}
        known = {name: value for name, value in known.items() if _is_data(value)}
        return call.arguments | {k: v for k, v in known.items() if k not in call.arguments}

    def _given_before(self, call: Call) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for other in self.calls:
            if other is call:
                break
            if other.owner is call.owner and other.label != call.label:
                known |= other.arguments
        return known


def path_of(result: Any, value: Any) -> tuple[Any, ...] | None:
    """Return where in a result a value stands, by keys and indices; None where it does not."""
    if result is value:
        return ()
    if isinstance(result, dict):
        places = list(result.items())
    elif isinstance(result, (tuple, list)) and len(result) <= 20:
        places = list(enumerate(result))
    else:
        return None
    for key, item in places:
        inside = path_of(item, value) if isinstance(item, (dict, tuple)) or item is value else None
        if inside is not None:
            return (key, *inside)
    return None


class _Recorder:
    def __init__(
        self,
        is_tested: Callable[[str], bool],
        is_called: Callable[[str], bool],
        calls: list[Call],
    ) -> None:
        self.calls = calls
        self._is_tested, self._is_called = is_tested, is_called
        self._known: dict[CodeType, bool] = {}
        self._depth = 0
        self._open: Call | None = None

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        if event not in ("call", "return"):
            return
        code = frame.f_code
        called = self._known.get(code)
        if called is None:
            called = self._known[code] = self._is_called(code.co_filename)
        if not called:
            return
        if event == "call":
            if self._depth == 0 and self._is_recorded(code):
                self._open = _opened(frame)
                self.calls.append(self._open)
            self._depth += 1
        else:
            self._depth -= 1
            if self._depth == 0 and self._open is not None:
                self._open.result, self._open = value, None

    def _is_recorded(self, code: CodeType) -> bool:
        own = not code.co_name.startswith("<") and self._is_tested(code.co_filename)
        return own and len(self.calls) < MOST


def _opened(frame: FrameType) -> Call:
    code, values = frame.f_code, frame.f_locals
    count = code.co_argcount + code.co_kwonlyargcount
    names = list(code.co_varnames[:count])
    owner = values.get(names[0]) if names and names[0] == "self" else None
    if owner is not None:
        names.remove("self")
    given = tuple(values[name] for name in names if name in values)
    arguments = {name: _kept(values[name]) for name in names if name in values}
    if code.co_flags & _BY_KEYWORD:
        more = code.co_varnames[count + bool(code.co_flags & 0x04)]
        arguments |= {name: _kept(value) for name, value in values.get(more, {}).items()}
    label = f"{type(owner).__name__}.{code.co_name}" if owner is not None else code.co_name
    function = getattr(owner, code.co_name, None) if owner is not None else None
    if owner is None:
        function = frame.f_globals.get(code.co_name)
        function = function if getattr(function, "__code__", None) is code else None
    attributes = {name: _kept(value) for name, value in getattr(owner, "__dict__", {}).items()}
    return Call(label, function, arguments, given, owner, attributes)


def _kept(value: Any) -> Any:
    """Return a copy of data that a call may change, anything else as it is."""
    if isinstance(value, (np.ndarray, dict, list)):
        try:
            return copy.deepcopy(value)
        except Exception:  # it holds what cannot be copied
            return value
    return value


def _is_data(value: Any) -> bool:
    return isinstance(value, (np.ndarray, int, float, dict))
