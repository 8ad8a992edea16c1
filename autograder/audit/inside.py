"""What the audit runs inside a worker: exchange functions, record and compare their calls.

Sent over the wire as source; it imports only NumPy and the standard library.
"""

from __future__ import annotations

import copy
import importlib
import sys
import textwrap
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np

CALLS = 40
"""Recorded calls a function, as patterns of random ones."""
LONGEST = 30.0
"""Seconds of processor time to compare one mutant; a training loop does not come to the end."""
RESIZED = 0.4
"""Share of the random inputs that have other shapes than the pattern."""
CLOSE = {4: 1e-4, 8: 1e-9, 16: 1e-9}
"""Equal to rounding: relative errors by the bytes of a number."""

names: dict[str, Any] = {}
"""The namespace of the notebook; set by whoever loads this."""
_saved: list[tuple[types.FunctionType, tuple[Any, ...]]] = []
_called: set[int] = set()
_recorded: dict[str, list[dict[str, Any]]] = {}


def function(module: str, name: str) -> types.FunctionType:
    """Return a function or method; module "" is the notebook."""
    found: Any = importlib.import_module(module) if module else types.SimpleNamespace(**names)
    *owners, last = name.split(".")
    for owner in owners:
        found = getattr(found, owner)
    found = found.__dict__[last] if owners else getattr(found, last)
    found = getattr(found, "__func__", getattr(found, "fget", None) or found)
    assert isinstance(found, types.FunctionType)
    return found


def compiled(original: types.FunctionType, name: str, source: str) -> types.FunctionType:
    """Return a function made from source, with the globals of the original."""
    *owners, last = name.split(".")
    if owners:
        source = f"class {owners[0]}:\n{textwrap.indent(source, '    ')}"
    scratch = dict(original.__globals__)
    exec(compile(source, "mutant", "exec"), scratch)
    found: Any = vars(scratch[owners[0]])[last] if owners else scratch[last]
    found = getattr(found, "__func__", getattr(found, "fget", None) or found)
    return types.FunctionType(
        found.__code__, original.__globals__, last, found.__defaults__, original.__closure__
    )


def patch(module: str, name: str, source: str) -> None:
    """Let a function do what another source says, for all who hold it."""
    original = function(module, name)
    new = compiled(original, name, source)
    _saved.append((original, (original.__code__, original.__defaults__, original.__kwdefaults__)))
    original.__code__ = new.__code__
    original.__defaults__ = new.__defaults__


def restore() -> None:
    """Undo all patches."""
    while _saved:
        original, (code, defaults, kwdefaults) = _saved.pop()
        original.__code__, original.__defaults__ = code, defaults
        original.__kwdefaults__ = kwdefaults


def watch(targets: list[tuple[str, str]]) -> None:
    """From here on, note which functions are called."""
    codes = {function(*target).__code__: index for index, target in enumerate(targets)}
    _called.clear()

    def note(frame: types.FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code in codes:
            _called.add(codes[frame.f_code])

    sys.setprofile(note)


def watched() -> list[int]:
    """Return the indices of the functions that were called, and watch no longer."""
    sys.setprofile(None)
    return sorted(_called)


def record(module: str, name: str) -> None:
    """From here on, keep the arguments of each call of a function."""
    code = function(module, name).__code__
    calls = _recorded[f"{module}:{name}"] = []
    count = code.co_argcount + code.co_kwonlyargcount

    def keep(frame: types.FrameType, event: str, argument: object) -> None:
        if event != "call" or frame.f_code is not code or len(calls) >= CALLS:
            return
        sys.setprofile(None)
        try:
            arguments = {name: frame.f_locals[name] for name in code.co_varnames[:count]}
            calls.append(copy.deepcopy(arguments))
        finally:
            sys.setprofile(keep)

    sys.setprofile(keep)


def stop_recording() -> None:
    """Let the recorded functions be as they were."""
    sys.setprofile(None)


def difference(module: str, name: str, source: str, count: int, seed: int) -> tuple[int, bool]:
    """Compare a function with a mutant on random inputs like those that were recorded.

    Returns
    -------
    compared : int
        Inputs on which the original gives finite numbers.
    differs : bool
    """
    original = function(module, name)
    mutant = compiled(original, name, source)
    patterns = _recorded.get(f"{module}:{name}", [])
    rng = np.random.default_rng(seed)
    compared = tried = 0
    deadline = time.process_time() + LONGEST
    while patterns and compared < count and tried < 4 * count and time.process_time() < deadline:
        pattern = patterns[tried % len(patterns)]
        tried += 1
        arguments = copy.deepcopy(pattern)
        if tried > len(patterns):
            arguments = varied(arguments, rng)
            arguments = resized(arguments, rng) if rng.random() < RESIZED else arguments
        draw = int(rng.integers(2**31))
        expected = _run(original, arguments, draw)
        if expected is None or not _finite(expected):
            continue
        compared += 1
        if not _same(_run(mutant, arguments, draw), expected):
            return compared, True
    return compared, False


def _run(function: Callable[..., Any], arguments: dict[str, Any], draw: int) -> Any:
    """Return result and arguments after a call, None where it raises."""
    arguments = copy.deepcopy(arguments)
    np.random.seed(draw)
    try:
        with np.errstate(all="ignore"):
            result = function(**arguments)
    except Exception:
        return None
    return result, arguments


def varied(value: Any, rng: np.random.Generator) -> Any:
    """Return a random value of the same kind, drawn wider than the pattern."""
    if isinstance(value, np.ndarray):
        return _varied_array(value, rng)
    if isinstance(value, (bool, np.bool_)):
        return bool(rng.integers(2))
    if isinstance(value, (int, np.integer)):
        return max(0, int(value) + int(rng.choice([0, 0, -1, 1, 2])))
    if isinstance(value, (float, np.floating)):
        return float(value * rng.uniform(0.2, 3.0))
    return _mapped(value, lambda item: varied(item, rng))


def _varied_array(value: np.ndarray[Any, Any], rng: np.random.Generator) -> Any:
    if value.dtype.kind == "f":
        kind = rng.integers(3)
        if kind == 0:
            return (value * rng.uniform(0.5, 1.5, value.shape)).astype(value.dtype)
        scale = rng.choice([0.1, 1.0, 10.0])
        drawn = rng.standard_normal(value.shape) * scale if kind == 1 else rng.random(value.shape)
        return np.asarray(drawn, value.dtype)
    if value.dtype.kind in "iu" and value.size:
        # Labels: those of the pattern, or others, which the function may refuse.
        low, high = (value.min(), value.max()) if rng.random() < 0.5 else (0, value.max() + 1)
        return rng.integers(low, high + 1, value.shape).astype(value.dtype)
    return value.copy()


def resized(arguments: Any, rng: np.random.Generator) -> Any:
    """Make one length of the arrays longer or shorter, wherever it occurs."""
    lengths = sorted({n for array in _arrays(arguments) for n in array.shape if n > 0})
    if not lengths:
        return arguments
    old = int(rng.choice(lengths))
    new = int(rng.choice([1, max(1, old - 1), old + 1, 2 * old]))
    index = rng.integers(0, old, new)

    def resize(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            for axis in [axis for axis, n in enumerate(value.shape) if n == old]:
                value = np.take(value, index, axis)
            return value
        return _mapped(value, resize)

    return resize(arguments)


def _arrays(value: Any) -> list[np.ndarray[Any, Any]]:
    found: list[np.ndarray[Any, Any]] = []

    def look(item: Any) -> Any:
        if isinstance(item, np.ndarray):
            found.append(item)
            return item
        return _mapped(item, look)

    look(value)
    return found


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a container or plain object with its parts changed; anything else as it is."""
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(change, value))
    if (
        hasattr(value, "__dict__")
        and not callable(value)
        and not isinstance(value, types.ModuleType)
    ):
        changed = copy.copy(value)
        changed.__dict__.update({name: change(item) for name, item in vars(value).items()})
        return changed
    return value


def _numbers(value: Any) -> Any:
    """Turn a result into nested lists, tuples and arrays that can be compared."""
    if isinstance(value, dict):
        return [(str(key), _numbers(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(_numbers, value)]
    if isinstance(value, (np.ndarray, int, float, complex, np.generic)):
        return np.asarray(value)
    if hasattr(value, "__dict__") and not callable(value):
        return [type(value).__name__, _numbers(vars(value))]
    return str(value) if isinstance(value, (str, type(None))) else type(value).__name__


def _finite(value: Any) -> bool:
    plain = _numbers(value)
    return all(np.isfinite(leaf).all() for leaf in _leaves(plain) if leaf.dtype.kind in "fc")


def _leaves(plain: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(plain, (list, tuple)):
        return [leaf for item in plain for leaf in _leaves(item)]
    return [plain] if isinstance(plain, np.ndarray) else []


def _same(first: Any, second: Any) -> bool:
    if first is None or second is None:
        return first is second
    return _equal(_numbers(first), _numbers(second))


def _equal(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        if first.shape != second.shape or first.dtype.kind != second.dtype.kind:
            return False
        if first.dtype.kind not in "fc":
            return bool(np.array_equal(first, second))
        size = np.maximum(1e-3, np.abs(second))
        close = CLOSE.get(min(first.itemsize, second.itemsize), 1e-2)
        with np.errstate(all="ignore"):
            return bool((np.abs(first - second) <= close * size).all())
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(map(_equal, first, second))
    return type(first) is type(second) and bool(np.all(first == second))
