"""What the worker keeps for the grader: objects behind handles, and ways to them."""

import importlib
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.wire import RandomGenerator, Remote, Tensor
from autograder.worker import tensors


class Missing(Exception):
    """What the grader asked for is not in the submission."""


class ImportFailed(Exception):
    """A module of the submission cannot be imported; the cause is the student's error."""


class Objects:
    """Handles of things that cannot travel, and the resolving of references.

    Parameters
    ----------
    has_module : callable
        Whether the submission has a module of that name.
    namespace : callable
        Gives the notebook's namespace.
    """

    def __init__(
        self, has_module: Callable[[str], bool], namespace: Callable[[], dict[str, Any]]
    ) -> None:
        self._has_module = has_module
        self._namespace = namespace
        self._objects: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self._next = 1

    def stand_in(self, thing: object) -> Remote | Tensor:
        """What travels for a thing that cannot: a tensor's numbers, a handle of all else."""
        return tensors.numbers(thing) or self.handle(thing)

    def handle(self, thing: object) -> Remote:
        """The handle of a thing; the same thing has the same handle."""
        number = self._numbers.get(id(thing))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._objects[number] = thing
            self._numbers[id(thing)] = number
        return Remote(f"object:{number}", (), type_name(thing), callable(thing))

    @property
    def next_number(self) -> int:
        """The number that the next object gets: none comes twice."""
        return self._next

    def take_back(self, number: int) -> None:
        """Take back the handles from a number on: the grader has not seen them."""
        for unseen in range(number, self._next):
            del self._numbers[id(self._objects.pop(unseen))]
        self._next = number

    def forget(self) -> None:
        """Drop all objects; their numbers are not used again."""
        self._objects.clear()
        self._numbers.clear()

    def resolve(self, remote: Remote) -> object:
        """The thing a reference stands for.

        Raises
        ------
        Missing
            A step of its path does not exist.
        """
        thing = self._root(remote.root)
        where = self._place(remote.root)
        for kind, key in remote.path:
            thing = self._step(thing, kind, key, where)
            where += _step_name(kind, key)
        return thing

    def function(self, remote: Remote) -> Callable[..., Any]:
        """Return what a reference stands for, to be called.

        Raises
        ------
        Missing
            It is nothing that can be called.
        """
        thing = self.resolve(remote)
        if callable(thing):
            return thing
        name = "".join(_step_name(*step) for step in remote.path).removeprefix(".")
        kind, where = remote.root.partition(":")[0], self._place(remote.root)
        place = f"{where}: {name}" if kind == "module" else f"{where}.{name}"
        raise Missing(
            f"{place}: expected a function, got {described(thing)}. "
            "Is something else given its name further down?"
        )

    def _place(self, root: str) -> str:
        """Return what a student calls the thing that a path begins at."""
        kind, _, name = root.partition(":")
        if kind == "module":
            return f"{name.replace('.', '/')}.py"
        return type_name(self._root(root)) if kind == "object" else kind

    def _root(self, root: str) -> object:
        kind, _, name = root.partition(":")
        if kind == "notebook":
            return _Namespace(self._namespace())
        if kind == "object":
            return self._objects[int(name)]
        if not self._has_module(name):
            raise Missing(f"{name.replace('.', '/')}.py: expected this file, got none. Hand it in.")
        if name in sys.modules:
            return sys.modules[name]
        try:
            return importlib.import_module(name)
        except BaseException as error:
            raise ImportFailed(name) from error

    def _step(self, thing: object, kind: str, key: Any, where: str) -> object:
        if kind == "item":
            return thing[self.local(key)]  # type: ignore[index]
        try:
            return getattr(thing, key)
        except AttributeError as error:
            if _raised_in(error, type(self)._step.__code__):
                if type(thing) is _Namespace:
                    raise Missing(
                        f"{key}: nothing of this name is defined at this place of the notebook. "
                        "Is its cell above still to do, stopped by an error, or the name spelt "
                        "differently?"
                    ) from None
                raise Missing(
                    f"{where}: expected {key}, got nothing of that name. Define it, spelt so."
                ) from None
            raise

    def set(self, remote: Remote, value: object) -> None:
        """Set the attribute or item at the end of the path."""
        *path, (kind, key) = remote.path
        owner = self.resolve(Remote(remote.root, tuple(path)))
        if kind == "item":
            owner[self.local(key)] = value  # type: ignore[index]
        else:
            setattr(owner, key, value)

    def local(self, value: Any) -> Any:
        """A value from the grader with its references, generators and tensors made real."""
        kind = type(value)
        if kind in (list, tuple):
            return kind(self.local(item) for item in value)
        if kind is dict:
            return {self.local(key): self.local(item) for key, item in value.items()}
        if kind is Remote:
            return self.resolve(value)
        if kind is RandomGenerator:
            return np.random.default_rng(value.seed)
        if kind is Tensor:
            return tensors.made(value)
        return value


class _Namespace:
    """Names of the notebook as attributes."""

    def __init__(self, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_names", names)

    def __getattribute__(self, name: str) -> Any:
        names = object.__getattribute__(self, "_names")
        if name in names:
            return names[name]
        raise AttributeError(name)

    def __setattr__(self, name: str, value: object) -> None:
        object.__getattribute__(self, "_names")[name] = value


def _raised_in(error: BaseException, code: types.CodeType) -> bool:
    """Whether no frame below `code` took part: the attribute is absent, no property failed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    frame_code = trace.tb_frame.f_code if trace else None
    return frame_code is code or frame_code is _Namespace.__getattribute__.__code__


def _step_name(kind: str, key: object) -> str:
    return f".{key}" if kind == "attr" else f"[{key!r}]"


def described(thing: object) -> str:
    """Name a value by its type, and a plain one by itself."""
    if thing is None:
        return "None"
    name = type_name(thing)
    article = "an" if name[:1].lower() in "aeiou" or name.startswith("ndarray") else "a"
    plain = type(thing) in (bool, int, float, str)
    return f"{article} {name} ({repr(thing)[:40]})" if plain else f"{article} {name}"


def type_name(thing: object) -> str:
    """Name of a thing's type; says why an array could not travel."""
    try:
        if type(thing) is np.ndarray:
            return f"ndarray of dtype {thing.dtype}"[:80]
        return str(type(thing).__name__)[:80]
    except BaseException:
        return "object"


@dataclass(frozen=True)
class ArrayCopy:
    """An array argument as it was before the call."""

    place: int | str
    array: np.ndarray[Any, Any]
    shape: tuple[int, ...]
    content: bytes

    def has_changed(self) -> bool:
        """Whether the array differs from its copy by now."""
        return self.array.shape != self.shape or self.array.tobytes() != self.content


def array_copies(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[ArrayCopy]:
    """Every writeable array or tensor in the arguments, also inside lists, tuples and dicts."""
    found: list[ArrayCopy] = []

    def walk(place: int | str, value: Any) -> None:
        kind = type(value)
        if (inside := tensors.numbers(value)) is not None:
            value, kind = inside.array, np.ndarray  # the tensor's own memory
        if kind is np.ndarray and value.flags.writeable:
            found.append(ArrayCopy(place, value, value.shape, value.tobytes()))
        elif kind in (list, tuple):
            for item in value:
                walk(place, item)
        elif kind is dict:
            for item in value.values():
                walk(place, item)

    for position, value in enumerate(args):
        walk(position, value)
    for name, value in kwargs.items():
        walk(name, value)
    return found


def changed(copies: list[ArrayCopy]) -> tuple[int | str, ...]:
    """Places of the arguments whose arrays are no longer what they were."""
    return tuple(dict.fromkeys(copy.place for copy in copies if copy.has_changed()))
