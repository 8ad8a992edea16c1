"""What comes back from a worker, checked and made fit to show."""

from dataclasses import dataclass
from typing import Any, Literal

from autograder.wire import Value, printable

Cause = Literal["exception", "missing", "import", "timeout", "memory", "crash"]


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
    """

    def __init__(self, cause: Cause, message: str, exception: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.exception = exception


@dataclass(frozen=True)
class CallInfo:
    """Of the last call: arguments it modified in place, what it printed, seconds it took."""

    changed_arguments: tuple[str | int, ...] = ()
    stdout: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class CellRun:
    """One notebook cell as it ran; outputs are nbformat v4 dicts."""

    status: Literal["ok", "error", "timeout"]
    outputs: list[dict[str, Any]]
    execution_count: int | None
    error: str | None
    seconds: float


def no_result(what: str, seconds: float) -> str:
    subject = f"{what}: " if what else ""
    return f"{subject}no result after {seconds:.3g} s, stopped. Look for an endless loop."


def student_error(failure: Value) -> StudentError:
    """The error a worker reports, each text made fit to show."""
    cause, kind, message = failure["cause"], failure["type"], failure["message"]
    if cause not in ("exception", "missing", "import", "memory"):
        raise ValueError(cause)
    kind, message = printable(kind, 80, keep=""), printable(message, 1000)
    lines = [f"{kind}: {message}" if kind and message else kind or message]
    for file, line, function, text in failure["frames"]:
        place = f"{printable(file, 100, keep='')}, line {int(line)}"
        if function:
            place += f", in {printable(function, 80, keep='')}"
        lines.append(f"{place}: `{printable(text, 200, keep='')}`" if text else place)
    return StudentError(cause, "\n  ".join(lines[:20]), kind)


_OUTPUT_KEYS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": int},
    "error": {"ename": str, "evalue": str, "traceback": list},
}


def checked_output(output: Value) -> dict[str, Any]:
    keys = _OUTPUT_KEYS[output["output_type"]]
    if output.keys() != {"output_type", *keys}:
        raise ValueError("unknown kind of output")
    if any(type(output[key]) is not kind for key, kind in keys.items()):
        raise ValueError("unknown kind of output")
    return dict(output)
