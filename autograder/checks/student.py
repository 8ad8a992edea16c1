"""`student` and `notebook` as a check sees them: the other side of the wall, by attribute.

A module's names are looked up when they are called; everything else is fetched
at once. Plain data arrives as data, all else as a `Handle`, through which it
can be called, read and set.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from autograder.checks.kept import CUT, Kept, small
from autograder.errors import InstructorError
from autograder.kit.explain import Opaque
from autograder.wall.replies import StudentError, no_result
from autograder.wall.supervised import Worker
from autograder.wire import Remote, Tensor

PACKAGE = "cs_lib"
_ARRAYS = (np.ndarray, Tensor)
_METHOD = "method"


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
    follows : callable, optional
        Whether the values so far are those that are looked for; `Departed` ends the check
        where they are not.
    """

    worker: Worker
    seconds: float
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)
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
        label, remote = label_of(handle), handle._remote
        values = (handle, *args, *keywords.values())
        remotes = [value._remote for value in values if isinstance(value, Handle)]
        self.called += [dotted(each) for each in remotes if each.root.startswith("module:")]
        plain = tuple(lower(value) for value in args)
        named = {name: lower(value) for name, value in keywords.items()}
        raw = self._ask(remote, lambda: self.worker.call(remote, plain, named))
        result = self._give(raw, label, self.worker.answer_bytes)
        if isinstance(result, Handle) and remote.root.startswith("module:"):
            self.owners[result._remote.root] = Owner(dotted(remote), args, keywords)
        changed = tuple(
            place
            for place in self.worker.last_call.changed_arguments
            if isinstance(args[place] if isinstance(place, int) else keywords[place], _ARRAYS)
        )  # a config dict is there to be changed
        self.calls.append(Call(label, handle, args, keywords, result, changed))
        return result

    def attribute(self, remote: Remote, label: str) -> Any:
        """Fetch an attribute, and note it; a method is looked up again only when it is called.

        So each call of one but the first is one exchange, not two.
        """
        if remote in self.ways:
            method = replace(remote, type_name=_METHOD, callable=True)
            return self._give(method, label, 0, remote.root)
        value = self.get(remote, label)
        if isinstance(value, Handle) and value._remote.type_name == _METHOD:
            self.ways.add(remote)
        return value

    def get(self, remote: Remote, label: str) -> Any:
        """Fetch a value from the worker, and note it."""
        raw = self._ask(remote, lambda: self.worker.get(remote))
        value = self._give(raw, label, self.worker.answer_bytes, remote.root)
        if isinstance(value, Handle) and value._remote.callable and len(remote.path) == 1:
            self.methods[value._remote.root] = (remote.root, str(remote.path[0][1]))
        return value

    def set(self, *changes: tuple[Remote, Any]) -> None:
        """Put values into the worker, and note them."""
        self._ask(changes[0][0], lambda: self.worker.set(*lower(changes)))
        for remote, value in changes:
            self.ways.discard(remote)
            if remote.root in self.owners:
                self.owners[remote.root].attributes[str(remote.path[-1][1])] = value

    def _ask(self, remote: Remote, action: Callable[[], Any]) -> Any:
        try:
            return self.timed(action)
        except StudentError as error:
            unsuited = error.cause in ("missing", "exception") and not error.in_own_code
            if unsuited and remote.root.startswith("object:"):
                raise Misused(error.cause, error.message, error.exception) from None
            raise

    def owner(self, function: Handle) -> tuple[Owner, str]:
        """Return the object that a method belongs to, or the notebook, and the method's name."""
        remote = function._remote
        name = str(remote.path[-1][1]) if remote.path else ""
        root, name = self.methods.get(remote.root, (remote.root, name))
        return self.owners.get(root, Owner()), name

    def _give(self, value: Any, label: str, size: int, root: str = "") -> Any:
        lifted = self.lift(value, label)
        self.given.append(Given(label, lifted, root))
        self.kept.add(size, partial(self._drop, len(self.given) - 1))
        if self.follows is not None and not self.follows(self.given):
            raise Departed
        return lifted

    def _drop(self, index: int) -> None:
        """Let an answer go, and all but the last call's arguments: they may be parts of it."""
        value = self.given[index].value
        self.given[index] = self.given[index]._replace(value=CUT)
        for number, call in enumerate(self.calls[:-1]):
            self.calls[number] = replace(
                call,
                arguments=tuple(map(small, call.arguments)),
                keywords={name: small(item) for name, item in call.keywords.items()},
                result=CUT if call.result is value else call.result,
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


class Handle:
    """Something that stays in the worker: a function, an object, a module."""

    __slots__ = ("_label", "_remote", "_session")

    def __init__(self, session: Session, remote: Remote, label: str) -> None:
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
        assign(self, **{name: value})

    def __getitem__(self, key: Any) -> Any:
        return self._session.get(self._remote.item(lower(key)), self._label)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._session.set((self._remote.item(lower(key)), value))

    def __repr__(self) -> str:
        return f"<{self._label} in the worker>"


def called(function: Handle, name: str) -> Handle:
    """Return a function under the name that explanations of its results begin with."""
    return Handle(function._session, function._remote, name)


def item_of(owner: Handle, name: str, key: Any) -> Any:
    """Fetch one item of an attribute: all that a dictionary of arrays holds may be large."""
    return owner._session.get(owner._remote.attribute(name).item(key), name)


def assign(owner: Any, **values: Any) -> None:
    """Set attributes of an object of the reference's, or of a student's in one exchange."""
    if isinstance(owner, Handle):
        owner._session.set(*((owner._remote.attribute(key), values[key]) for key in values))
    else:
        for name, value in values.items():
            setattr(owner, name, value)


class _Entries(dict[Any, Any]):
    """A dict that was read from an object; setting an entry sets it there too."""

    def __init__(self, session: Session, remote: Remote, entries: dict[Any, Any]) -> None:
        super().__init__(entries)
        self._place = (session, remote)

    def __setitem__(self, key: Any, value: Any) -> None:
        session, remote = self._place
        session.set((remote.item(lower(key)), value))
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


class Student:
    """The student's ``cs_lib``: ``student.classifiers.softmax.softmax_loss_vectorized``.

    Parameters
    ----------
    session : Session
    modules : collection of str
        Modules of the assignment, dotted, as ``cs_lib.layers``.
    """

    __slots__ = ("_modules", "_path", "_session")

    def __init__(self, session: Session, modules: Collection[str], path: str = PACKAGE) -> None:
        self._session, self._modules, self._path = session, modules, path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}"
        if path in self._modules:
            return Handle(self._session, Remote(f"module:{path}"), name)
        if any(module.startswith(f"{path}.") for module in self._modules):
            return Student(self._session, self._modules, path)
        raise InstructorError(
            f"student.{path.removeprefix(PACKAGE + '.')}: expected a module of this assignment, "
            f"got none of this name. Compare with [modules] in assignment.toml."
        )


def notebook_handle(session: Session) -> Handle:
    """Return the namespace of the student's notebook as `notebook`."""
    return Handle(session, Remote("notebook"), "notebook")
