"""What every worker has: output that is collected, and neither input nor reloading.

IPython's shell comes on top of it where cells run (`autograder.worker.shell`).
"""

import builtins
import getpass
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

from autograder.worker.outputs import Outputs, OutStream


class Bare:
    """In the place of a shell where no cell runs: IPython takes a tenth of a second to import.

    Parameters
    ----------
    limit : int
        Bytes of output that a call may have.
    """

    def __init__(self, limit: int) -> None:
        confine_python()
        self.outputs = Outputs(limit)
        collect(self.outputs)
        self.user_ns: dict[str, Any] = {}
        self.compile = None


def collect(outputs: Outputs) -> None:
    """Let all that is printed go to `outputs`."""
    sys.stdout = OutStream(outputs, "stdout")
    sys.stderr = OutStream(outputs, "stderr")


def confine_python() -> None:
    """Refuse input and reloading everywhere, in modules as in cells."""
    builtins.input = _refuse_input("raw_input")
    getpass.getpass = _refuse_input("getpass")
    autoreload = types.ModuleType("IPython.extensions.autoreload")
    autoreload.load_ipython_extension = lambda shell: None  # type: ignore[attr-defined]
    sys.modules[autoreload.__name__] = autoreload


def _refuse_input(function: str) -> Callable[..., str]:
    def refuse(prompt: object = "", stream: object = None) -> NoReturn:
        from IPython.core.error import StdinNotImplementedError  # heavy, and seldom wanted

        raise StdinNotImplementedError(
            f"{function} was called, but this frontend does not support input requests."
        )

    return refuse
