"""What a student is told of an error: type, message and the student's own lines."""

import builtins
import linecache
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.kit.loops import in_loop

_MESSAGE = 1000  # characters
_FRAMES = 12  # the outermost and innermost of a deep recursion
_BUILT_IN = {  # some have several names
    kind
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
}
_PATHS = sorted(filter(None, sys.path), key=len, reverse=True)
FOLDERS = tuple(os.path.join(path, "") for path in _PATHS)
"""Where this machine has its libraries."""

Frame = tuple[str, int, str, str]
"""File as the student knows it, line, function (``a loop of f``), the line's text."""


def describe(
    error: BaseException, cause: str, student_file: Callable[[str], str | None]
) -> dict[str, Any]:
    """An error as plain data.

    Parameters
    ----------
    student_file : callable
        The student's name of a file (``cs_lib/layers.py``, ``notebook cell 3``), or None
        for files that are not the student's.
    """
    return {
        "cause": "memory" if is_a(error, MemoryError) else cause,
        "type": type_name(error),
        "bases": tuple(base.__name__ for base in _BUILT_IN if issubclass(type(error), base)),
        "message": _message(error),
        "frames": _shorten(_frames(error, student_file)),
    }


def is_a(error: BaseException, kind: type[BaseException]) -> bool:
    """`isinstance` that asks nothing of the error: a student's ``__class__`` may do anything."""
    return issubclass(type(error), kind)


def _field(error: BaseException, kind: type[BaseException], name: str) -> Any:
    """An attribute as `kind` keeps it, whatever a student's class puts in its place."""
    return vars(kind)[name].__get__(error)


def without_paths(text: str) -> str:
    """A text without the folders of this machine's libraries, which are no business of students."""
    for folder in FOLDERS:
        text = text.replace(folder, "")
    return text


def type_name(error: BaseException) -> str:
    """The name of an error's class, which its metaclass may not choose."""
    name = vars(type)["__name__"].__get__(type(error))
    return str(name)[:80]


def _message(error: BaseException) -> str:
    """The error's text; a student's ``__str__`` may do anything."""
    try:
        if is_a(error, SyntaxError):
            return without_paths(str(_field(error, SyntaxError, "msg")))[:_MESSAGE]
        return without_paths(str.__str__(str(error)))[:_MESSAGE]
    except BaseException as second:
        return f"(its text cannot be shown: {type_name(second)})"


def _frames(error: BaseException, student_file: Callable[[str], str | None]) -> list[Frame]:
    frames: list[Frame] = []
    trace: types.TracebackType | None = _field(error, BaseException, "__traceback__")
    while trace is not None:
        code, line, step = trace.tb_frame.f_code, trace.tb_lineno, trace.tb_next
        if step is not None and step.tb_frame is trace.tb_frame and step.tb_lineno == line:
            trace = step  # Python 3.11.2 has the frame twice where a debugger raises
            continue
        function = "" if code.co_name.startswith("<module") else code.co_name
        if step is None and is_a(error, IndexError):
            function = _with_its_loop(code.co_filename, line, function)
        _append(frames, student_file, code.co_filename, line, function)
        trace = step
    if is_a(error, SyntaxError):
        file, line = (_field(error, SyntaxError, name) for name in ("filename", "lineno"))
        if type(file) is str:
            _append(frames, student_file, file, line if type(line) is int else 0, "")
    return frames


def _with_its_loop(file: str, line: int, function: str) -> str:
    """A function's name, ``a loop of`` it where a line of it stands in one."""
    if not in_loop("".join(linecache.getlines(file)), line):
        return function
    return f"a loop of {function}" if function else "a loop"


def _append(
    frames: list[Frame],
    student_file: Callable[[str], str | None],
    file: str,
    line: int,
    function: str,
) -> None:
    name = student_file(file)
    if name is not None:
        text = linecache.getline(file, line).strip()[:200]
        frames.append((name, line, function, text))


def _shorten(frames: list[Frame]) -> tuple[Frame, ...]:
    half = _FRAMES // 2
    return tuple(frames if len(frames) <= _FRAMES else frames[:half] + frames[-half:])
