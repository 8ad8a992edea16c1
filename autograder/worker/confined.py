"""IPython's shell without what a kernel has around it: history, processes, input, a home."""

import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from IPython.core import page
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList

from autograder.worker.bare import collect
from autograder.worker.errors import FOLDERS
from autograder.worker.outputs import Outputs

_SCRIPTS = ("script", "bash", "sh", "perl", "ruby", "python", "python2", "python3", "pypy", "sx")
_OWN_FOLDER = os.path.dirname(__file__)


class _NoRecord(defaultdict[int, list[Any]]):
    """IPython records all output once more; a flood would fill the memory."""

    def __init__(self) -> None:
        super().__init__(list)

    def __missing__(self, key: int) -> list[Any]:
        return []


class ConfinedShell(InteractiveShell):
    """A shell that reads and writes nothing but its cells and their outputs."""

    outputs: Outputs

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Take no folder: nothing is read from or written to a home."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Take no profile."""

    def init_virtualenv(self) -> None:
        """Look for no other environment."""

    def init_history(self) -> None:
        """Keep no record on disk or in memory."""
        self.history_manager = HistoryManager(
            shell=self, parent=self, enabled=False, hist_file=":memory:"
        )
        self.history_manager.outputs = _NoRecord()

    def init_hooks(self) -> None:
        """Let help open no pane beside the notebook."""
        super().init_hooks()
        # help (`len?`) opens a pane beside the notebook: it is no output
        self.set_hook("show_in_pager", page.as_hook(_nothing), 99)

    def init_magics(self) -> None:
        """Refuse those that run other programs."""
        super().init_magics()
        for name in _SCRIPTS:
            self.register_magic_function(_refusal(f"%%{name}"), "cell", name)
        self.register_magic_function(_refusal("%sx"), "line", "sx")
        for name in ("autoreload", "aimport"):
            self.register_magic_function(_nothing, "line", name)

    def _format_exception_for_storage(self, *args: object, **kwargs: object) -> list[str]:
        """Keep no traceback in a history: to make it takes as long as the one that is shown."""
        return []

    def collect(self, outputs: Outputs) -> None:
        """Let all output go to `outputs`."""
        self.outputs = outputs
        collect(outputs)

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        """Return the error with its traceback cut where the student's code ends.

        That is where ours begins; of an interrupt, where a library begins: to
        show its lines takes longer than the grader waits.
        """
        kind, error, trace = super()._get_exc_info(exc_tuple)
        foreign: tuple[str, ...] = (_OWN_FOLDER,)
        if issubclass(kind, KeyboardInterrupt | asyncio.CancelledError):
            foreign += FOLDERS
        step = trace and trace.tb_next  # the first is IPython's
        while step is not None and step.tb_next is not None:
            if step.tb_next.tb_frame.f_code.co_filename.startswith(foreign):
                step.tb_next = None
            step = step.tb_next
        return kind, error, trace

    def system(self, cmd: str) -> None:
        """Refuse ``!command`` with a line of text."""
        _refusal(f"!{cmd}")()
        self.user_ns["_exit_code"] = 1

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Refuse ``!!command``: there is no output."""
        self.system(cmd)
        return SList([]) if split else ""

    def ask_exit(self) -> None:
        """Go on: ``exit`` ends no grading."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Keep figures inline, whatever was asked for."""


def _refusal(command: str) -> Callable[..., None]:
    def refuse(line: str = "", cell: str = "") -> None:
        what = f"{command} {line}".strip()
        print(f"{what}: commands of the operating system are not run here.", file=sys.stderr)

    return refuse


def _nothing(*args: object, **kwargs: object) -> None:
    """In place of autoreload too: modules stay as they are, and to look costs time."""
