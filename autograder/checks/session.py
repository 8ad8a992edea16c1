"""The dealings of one check with one worker: what it asks, and a record of what it is given."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from autograder.checks.handle import Handle, Planned, dotted, label_of, lower
from autograder.checks.kept import CUT, Kept, small
from autograder.wall.replies import StudentError, no_result
from autograder.wall.supervised import Worker
from autograder.wire import Remote, Tensor

_ARRAYS = (np.ndarray, Tensor)
_METHOD = "method"
_SETTLE = 0.5
"""Seconds, at the least, for what is still to be set when a check ends."""


class Substitute(Protocol):
    """Answers a call of a student's function, which it may make or not."""

    def __call__(
        self, call: Callable[[], Any], args: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Any: ...


@dataclass(frozen=True)
class Call:
    """One call of a student's function."""

    label: str
    function: Handle
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    result: Any
    changed: tuple[str | int, ...] = ()
    """Arguments that the call modified in place: positions and keywords."""


class Given(NamedTuple):
    """A value that came out of the worker, and the name a student knows it by."""

    label: str
    value: Any
    root: str = ""
    """Of the object that it was read from."""


@dataclass
class Owner:
    """What a check knows of an object of the student's that it has made.

    Parameters
    ----------
    path : str
        Of its class in the reference, as ``network.Linear``; "" for the notebook.
    arguments, keywords : tuple, dict of str to object
        What it was made with.
    attributes : dict of str to object
        What the check has set on it.
    """

    path: str = ""
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)


class Departed(Exception):
    """A value is not the one that the session was to give; the rest need not be seen."""


class Misused(StudentError):
    """An object of the student's cannot do what the check asks: it may be another than expected."""


class NotSet(Exception):
    """What the check has set was not taken: `error` says why.

    It comes with a later request. No `StudentError`: that would be taken for its answer where a
    check goes on after one.
    """

    def __init__(self, error: StudentError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass
class Session:
    """The dealings of one check with one worker.

    Parameters
    ----------
    worker : Worker
    seconds : float
        Time that the student's code may take, in all.
    substitutes : dict of str to callable
        Functions, as ``layers.affine_forward``, whose calls these answer
        because the student's own is known to be wrong in some case.
    reference : callable, optional
        Gives the reference's function or method of a name, as ``layers.Linear.forward``, or None.
    follows : callable, optional
        Whether the values so far are those that are looked for; `Departed` ends the check
        where they are not.
    """

    worker: Worker
    seconds: float
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)
    reference: Callable[[str], Callable[..., Any] | None] = lambda _: None
    follows: Callable[[Sequence[Given]], bool] | None = None
    calls: list[Call] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """Functions and classes of modules that were asked for, as ``layers.affine_forward``."""
    given: list[Given] = field(default_factory=list)
    owners: dict[str, Owner] = field(default_factory=lambda: {"notebook": Owner()})
    """By the root of the object."""
    methods: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the root of a method: that of its object, and its name."""
    ways: set[Remote] = field(default_factory=set)
    """To attributes that were methods."""
    spent: float = 0.0
    kept: Kept = field(default_factory=lambda: Kept(sys.maxsize))
    """What is kept of the answers; one for all cases of a check."""

    def timed(self, action: Callable[[], Any]) -> Any:
        """Do something in the worker within what is left of the check's time."""
        left = self.seconds - self.spent
        if left <= 0:
            raise StudentError("timeout", no_result(self.seconds))
        begin = time.perf_counter()
        try:
            with self.worker.time_limit(left):
                return action()
        finally:
            self.spent += time.perf_counter() - begin

    def call(self, handle: Handle, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Call a student's function, or let its substitute answer."""
        substitute = self.substitutes.get(dotted(handle._remote))
        if substitute is None:
            return self._call(handle, args, keywords)
        before = len(self.given)
        result = substitute(lambda: self._call(handle, args, keywords), args, keywords)
        if len(self.given) == before:  # so that the traces of other runs stay in step
            self.given.append(Given(label_of(handle), result))
        return result

    def _call(self, handle: Handle, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Call a student's function and keep a record of it."""
        self.called += _named(handle, args, keywords)
        request = _request(handle, args, keywords)
        raw = self._ask(handle._remote.root, lambda: self.worker.call(*request))
        result = self._give(raw, label_of(handle), self.worker.answer_bytes)
        changed = self.worker.last_call.changed_arguments
        self._record(Call(label_of(handle), handle, args, keywords, result, changed))
        return result

    def call_all(self, calls: Sequence[Planned]) -> list[Any]:
        """Call students' functions one after the other, in one exchange where none is replaced."""
        if any(dotted(handle._remote) in self.substitutes for handle, _, _ in calls):
            return [self.call(*call) for call in calls]
        requests, made = [_request(*call) for call in calls], len(calls)
        root = requests[0][0].root
        try:
            answers, error = self._ask(root, lambda: self.worker.call_all(requests))
            made = len(answers) + (error is not None)
        finally:
            self.called += [name for call in calls[:made] for name in _named(*call)]
        first = len(self.given)
        self.kept.add(self.worker.answer_bytes, partial(self._drop, first, first + len(answers)))
        results = []
        for (raw, changed), call in zip(answers, calls, strict=False):
            label = label_of(call[0])
            results.append(self._note(raw, label, ""))
            self._record(Call(label, *call, results[-1], changed))
        if error is not None:
            raise self._fault(requests[len(answers)][0].root, error)
        return results

    def _record(self, call: Call) -> None:
        """Keep a record of a call, and of what the object that it has made was made with."""
        remote, result = call.function._remote, call.result
        if isinstance(result, Handle) and remote.root.startswith("module:"):
            made = Owner(dotted(remote), call.arguments, call.keywords)
            self.owners[result._remote.root] = made
        values: dict[str | int, Any] = dict(enumerate(call.arguments))
        values.update(call.keywords)
        # a config dict is there to be changed
        changed = tuple(place for place in call.changed if isinstance(values[place], _ARRAYS))
        self.calls.append(replace(call, changed=changed))

    def attribute(self, remote: Remote, label: str) -> Any:
        """Fetch an attribute, and note it; what is a method is looked up when it is called.

        So a call of one is one exchange, not two.
        """
        if remote in self.ways or self._is_a_method(remote):
            method = replace(remote, type_name=_METHOD, callable=True)
            return self._give(method, label, 0, remote.root)
        value = self.get(remote, label)
        if isinstance(value, Handle) and value._remote.type_name == _METHOD:
            self.ways.add(remote)
        return value

    def _is_a_method(self, remote: Remote) -> bool:
        """Whether it is one of the reference's class; the student's should have it, too."""
        owner, path = self.owners.get(remote.root), remote.path
        if owner is None or not owner.path or len(path) != 1 or path[0][0] != "attr":
            return False
        if path[0][1] in owner.attributes:
            return False
        return inspect.isfunction(self.reference(f"{owner.path}.{path[0][1]}"))

    def get(self, remote: Remote, label: str) -> Any:
        """Fetch a value from the worker, and note it."""
        raw = self._ask(remote.root, lambda: self.worker.get(remote))
        value = self._give(raw, label, self.worker.answer_bytes, remote.root)
        self._note_method(value, remote)
        return value

    def get_all(self, remotes: Sequence[Remote], labels: Sequence[str]) -> list[Any]:
        """Fetch several values of one object in one exchange, and note them."""
        root = remotes[0].root
        raw = self._ask(root, lambda: self.worker.get_all(remotes))
        first = len(self.given)
        self.kept.add(self.worker.answer_bytes, partial(self._drop, first, first + len(raw)))
        values = [self._note(value, label, root) for value, label in zip(raw, labels, strict=True)]
        for value, remote in zip(values, remotes, strict=True):
            self._note_method(value, remote)
        return values

    def form(self, remote: Remote, label: str) -> Any:
        """Fetch the form of a value, and note it."""
        raw = self._ask(remote.root, lambda: self.worker.form(remote))
        return self._give(raw, label, self.worker.answer_bytes, remote.root)

    def _note_method(self, value: Any, remote: Remote) -> None:
        if isinstance(value, Handle) and value._remote.callable and len(remote.path) == 1:
            self.methods[value._remote.root] = (remote.root, str(remote.path[0][1]))

    def set(self, remote: Remote, value: Any) -> None:
        """Put a value into the worker, with what is asked of it next, and note it."""
        self._ask(remote.root, lambda: self.worker.set(remote, lower(value)))
        self.ways.discard(remote)
        if remote.root in self.owners:
            self.owners[remote.root].attributes[str(remote.path[-1][1])] = value

    def settle(self) -> None:
        """Put into the worker what still waits for a next question."""
        with self.worker.time_limit(max(self.seconds - self.spent, _SETTLE)):
            self._unsuited("", self.worker.settle)

    def _ask(self, root: str, action: Callable[[], Any]) -> Any:
        return self._unsuited(root, lambda: self.timed(action))

    def _unsuited(self, root: str, action: Callable[[], Any]) -> Any:
        """Do something with what has a root; say whose mistake it is where that fails."""
        try:
            return action()
        except StudentError as error:
            raise self._fault(root, error) from None

    def _fault(self, root: str, error: StudentError) -> Exception:
        """Return an error as a check meets it: `Misused` where a thing is not made for that."""
        found, before = error, error.set_before
        unsuited = error.cause in ("missing", "exception") and not error.in_own_code
        if unsuited and (root if before is None else before).startswith("object:"):
            found = Misused(error.cause, error.message, error.exception)
        return found if before is None else NotSet(found)

    def owner(self, function: Handle) -> tuple[Owner, str]:
        """Return the object that a method belongs to, or the notebook, and the method's name."""
        remote = function._remote
        name = str(remote.path[-1][1]) if remote.path else ""
        root, name = self.methods.get(remote.root, (remote.root, name))
        return self.owners.get(root, Owner()), name

    def _give(self, value: Any, label: str, size: int, root: str = "") -> Any:
        place = len(self.given)
        self.kept.add(size, partial(self._drop, place, place + 1))
        return self._note(value, label, root)

    def _note(self, value: Any, label: str, root: str) -> Any:
        lifted = self.lift(value, label)
        self.given.append(Given(label, lifted, root))
        if self.follows is not None and not self.follows(self.given):
            raise Departed
        return lifted

    def _drop(self, begin: int, end: int) -> None:
        """Let an answer go, and all but the last call's arguments: they may be parts of it."""
        values = [given.value for given in self.given[begin:end]]
        for place, given in enumerate(self.given[begin:end], start=begin):
            self.given[place] = given._replace(value=CUT)
        for number, call in enumerate(self.calls[:-1]):
            self.calls[number] = replace(
                call,
                arguments=tuple(map(small, call.arguments)),
                keywords={name: small(item) for name, item in call.keywords.items()},
                result=CUT if any(call.result is value for value in values) else call.result,
            )

    def lift(self, value: Any, label: str) -> Any:
        """Turn every `Remote` in a value into a `Handle`."""
        if isinstance(value, Remote):
            return Handle(self, value, label)
        if type(value) is dict:
            return {key: self.lift(item, label) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self.lift(item, label) for item in value)
        return value


def _request(
    handle: Handle, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[Remote, tuple[Any, ...], dict[str, Any]]:
    """Return what the worker is asked for a call."""
    named = {name: lower(value) for name, value in keywords.items()}
    return handle._remote, tuple(lower(value) for value in args), named


def _named(handle: Handle, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> list[str]:
    """Return the functions and classes of modules that a call needs."""
    values = (handle, *args, *keywords.values())
    remotes = [value._remote for value in values if isinstance(value, Handle)]
    return [dotted(remote) for remote in remotes if remote.root.startswith("module:")]
