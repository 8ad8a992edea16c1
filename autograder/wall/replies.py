"""What comes back from a worker, checked and made fit to show."""

import functools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np

from autograder.kit.explain import is_still_to_do, still_to_do
from autograder.text import printable, without_controls
from autograder.wire import MAX_DIMENSIONS, BadReply, Value

Result = TypeVar("Result")
Places = tuple[str | int, ...]
"""Of arguments: positions and keywords."""
Cause = Literal["exception", "missing", "import", "timeout", "memory", "crash"]

_FRAMES = 20
_BASES = 20
_OUTPUTS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": int},
    "error": {"ename": str, "evalue": str, "traceback": list},
}


class StudentError(Exception):
    """A request to a worker failed through the submission's fault.

    Attributes
    ----------
    cause : str
        exception, missing, import, timeout, memory or crash.
    message : str
        For the student: what happened, in which of their lines.
    exception : str
        Name of the exception's type, or empty.
    in_own_code : bool
        Whether lines of the student's took part.
    bases : tuple of str
        Names of the built-in exceptions that it is one of.
    set_before : str or None
        Root of what was to be set before, where that has failed and not what was asked for.
    """

    def __init__(
        self,
        cause: Cause,
        message: str,
        exception: str = "",
        *,
        in_own_code: bool = False,
        bases: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.exception = exception
        self.in_own_code = in_own_code
        self.bases = bases
        self.set_before: str | None = None


@dataclass(frozen=True)
class CallInfo:
    """Of the last call: arguments it modified in place, what it printed, seconds it took."""

    changed_arguments: Places = ()
    stdout: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class CellRun:
    """One notebook cell as it ran; outputs are nbformat v4 dicts, `value` its last one's text."""

    status: Literal["ok", "error", "timeout"]
    outputs: list[dict[str, Any]]
    execution_count: int | None
    error: str | None
    seconds: float
    value: str | None = None
    cause: Cause | None = None


def no_result(seconds: float) -> str:
    """What a student reads of something that was stopped."""
    return f"no result after {round(max(seconds, 0), 2):g} s, stopped. Look for an endless loop."


def _hostile(read: Callable[[Value], Result]) -> Callable[[Value], Result]:
    """Turn whatever goes wrong while a worker's words are read into `BadReply`."""

    @functools.wraps(read)
    def wrapped(value: Value) -> Result:
        try:
            return read(value)
        except Exception as error:
            raise BadReply(f"nothing that can be read ({type(error).__name__})") from None

    return wrapped


@_hostile
def student_error(failure: Value) -> StudentError:
    """Return the error that a worker reports, each text made fit to show."""
    _require(failure, dict)
    cause = failure["cause"]
    if cause not in ("exception", "missing", "import", "memory"):
        raise ValueError(cause)
    kind = printable(failure["type"], 80, keep="")
    message = printable(failure["message"], 1000)
    lines = [f"{kind}: {message}" if kind and message else kind or message]
    if is_still_to_do(kind, message):
        return StudentError(cause, still_to_do(message), kind, in_own_code=True)
    lines += [_place(*frame) for frame in failure["frames"][:_FRAMES]]
    bases = tuple(printable(base, 80, keep="") for base in failure.get("bases", ())[:_BASES])
    text = "\n  ".join(lines)
    return StudentError(cause, text, kind, in_own_code=len(lines) > 1, bases=bases)


def _place(file: str, line: int, function: str, text: str) -> str:
    _require(line, int)
    place = f"{printable(file, 100, keep='')}, line {line:d}"
    if function:
        place += f", in {printable(function, 80, keep='')}"
    return f"{place}: `{printable(text, 200, keep='')}`" if text else place


@_hostile
def cell_outputs(outputs: Value) -> list[dict[str, Any]]:
    """Return outputs as a notebook file can hold them, without control characters."""
    _require(outputs, list)
    for output in outputs:
        _check_output(output)
    return [_plain_json(output) for output in outputs]


def call_result(
    answer: Value, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> tuple[Value, Places]:
    """Return a call's result, and the places of the arguments that it has modified."""
    if type(answer) is not tuple or len(answer) != 2:
        raise BadReply("no result")
    value, changed = answer
    if not _are_places(changed, len(args), kwargs):
        raise BadReply("arguments that were not given")
    return value, changed


def call_results(
    answer: Value, given: Sequence[tuple[Sequence[Value], Mapping[str, Value]]]
) -> tuple[list[tuple[Value, Places]], StudentError | None]:
    """Return the results of calls up to the first that failed, and its error.

    Parameters
    ----------
    given : sequence of (tuple, dict)
        Their arguments and keywords.
    """
    if type(answer) is not tuple or len(answer) != 2 or type(answer[0]) is not tuple:
        raise BadReply("no results")
    results, failure = answer
    if len(results) > len(given) or (len(results) == len(given)) != (failure is None):
        raise BadReply("no results")
    found = [call_result(result, *given[place]) for place, result in enumerate(results)]
    return found, None if failure is None else student_error(failure)


def read_form(answer: Value, most_bytes: int) -> Value:
    """Return what came alone, or zeros of an array's shape and dtype, all in one place."""
    if type(answer) is tuple and len(answer) == 1:
        return answer[0]
    if type(answer) is not tuple or len(answer) != 2:
        raise BadReply("no form")
    dtype, shape = answer
    if not isinstance(dtype, np.dtype) or type(shape) is not tuple or len(shape) > MAX_DIMENSIONS:
        raise BadReply("no form")
    if any(type(length) is not int or length < 1 for length in shape):
        raise BadReply("no form")
    if dtype.itemsize * math.prod(shape) > most_bytes:
        raise BadReply("the form of an array that cannot be")
    return np.broadcast_to(np.zeros((), dtype), shape)


def _are_places(places: Value, positions: int, names: Collection[str]) -> bool:
    """Whether these are places of a call's arguments, each at most once."""
    if type(places) is not tuple or len(places) > positions + len(names):
        return False
    known = all(
        place in names if type(place) is str else type(place) is int and 0 <= place < positions
        for place in places
    )
    return known and len(set(places)) == len(places)


def _plain_json(value: Value) -> Any:
    kind = type(value)
    if kind is str:
        return without_controls(value)
    if kind is list:
        return [_plain_json(item) for item in value]
    if kind is dict:
        for key in value:
            _require(key, str)
        return {_plain_json(key): _plain_json(item) for key, item in value.items()}
    if value is None or kind in (bool, int) or (kind is float and math.isfinite(value)):
        return value
    raise TypeError("not JSON")


def _check_output(output: Value) -> None:
    _require(output, dict)
    kinds = _OUTPUTS[output["output_type"]]
    if output.keys() != {"output_type", *kinds}:
        raise ValueError("unknown kind of output")
    for key, kind in kinds.items():
        _require(output[key], kind)
    if output["output_type"] == "stream" and output["name"] not in ("stdout", "stderr"):
        raise ValueError("unknown stream")
    if output.get("execution_count", 1) < 0:
        raise ValueError("no number of a cell")
    for line in output.get("traceback", ()):
        _require(line, str)


def _require(value: Value, kind: type) -> None:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}")
