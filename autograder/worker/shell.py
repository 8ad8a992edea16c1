"""IPython's shell as a kernel without a kernel: no history file, no processes, no input."""

import asyncio
import builtins
import getpass
import os
import sys
import types
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from IPython.core import page
from IPython.core.display_trap import DisplayTrap
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets import Any as AnyTrait

from autograder.worker.outputs import Outputs, OutStream, as_json

_SCRIPTS = ("script", "bash", "sh", "perl", "ruby", "python", "python2", "python3", "pypy", "sx")
_OWN_FOLDER = os.path.dirname(__file__)
_PATHS = sorted(filter(None, sys.path), key=len, reverse=True)
_FOLDERS = tuple(os.path.join(path, "") for path in _PATHS)


class _Publisher(DisplayPublisher):
    """Collects what cells display."""

    outputs = AnyTrait()

    def publish(  # type: ignore[override,unused-ignore]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        self._validate_data(data, metadata or {})
        display_id = (transient or {}).get("display_id")
        data, metadata = as_json(data), as_json(metadata or {})
        if update:
            self.outputs.update(display_id, data, metadata)
        else:
            item = {"output_type": "display_data", "data": data, "metadata": metadata}
            self.outputs.add(item, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait)


class _ResultHook(DisplayHook):
    """Collects the value of a cell's last expression."""

    outputs = AnyTrait()

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        self.outputs.add(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": as_json(format_dict),
                "metadata": as_json(md_dict or {}),
            }
        )


class _NoRecord(defaultdict[int, list[Any]]):
    """IPython records all output once more; a flood would fill the memory."""

    def __init__(self) -> None:
        super().__init__(list)

    def __missing__(self, key: int) -> list[Any]:
        return []


class CourseShell(InteractiveShell):
    """The shell in which the cells of a submission run."""

    outputs: Outputs

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        pass  # no folder of its own: nothing is read from or written to a home

    def init_profile_dir(self, profile_dir: object) -> None:
        pass

    def init_virtualenv(self) -> None:
        pass

    def init_history(self) -> None:
        self.history_manager = HistoryManager(
            shell=self, parent=self, enabled=False, hist_file=":memory:"
        )
        self.history_manager.outputs = _NoRecord()

    def init_display_pub(self) -> None:
        self.display_pub = _Publisher(parent=self, shell=self)

    def init_displayhook(self) -> None:
        self.displayhook = _ResultHook(parent=self, shell=self)
        self.display_trap = DisplayTrap(hook=self.displayhook)

    def init_hooks(self) -> None:
        super().init_hooks()
        # help (`len?`) opens a pane beside the notebook: it is no output
        self.set_hook("show_in_pager", page.as_hook(_nothing), 99)

    def init_magics(self) -> None:
        super().init_magics()
        for name in _SCRIPTS:
            self.register_magic_function(_refusal(f"%%{name}"), "cell", name)
        self.register_magic_function(_refusal("%sx"), "line", "sx")
        for name in ("autoreload", "aimport"):
            self.register_magic_function(_nothing, "line", name)

    def collect(self, outputs: Outputs) -> None:
        """Let all output go to `outputs`."""
        self.outputs = outputs
        self.display_pub.outputs = outputs
        self.displayhook.outputs = outputs
        sys.stdout = OutStream(outputs, "stdout")
        sys.stderr = OutStream(outputs, "stderr")

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        """Return the error with its traceback cut where the student's code ends.

        That is where ours begins; of an interrupt, where a library begins: to
        show its lines takes longer than the grader waits.
        """
        kind, error, trace = super()._get_exc_info(exc_tuple)
        foreign: tuple[str, ...] = (_OWN_FOLDER,)
        if isinstance(error, KeyboardInterrupt | asyncio.CancelledError):
            foreign += _FOLDERS
        step = trace and trace.tb_next  # the first is IPython's
        while step is not None and step.tb_next is not None:
            if step.tb_next.tb_frame.f_code.co_filename.startswith(foreign):
                step.tb_next = None
            step = step.tb_next
        return kind, error, trace

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except BaseException:
            text = "(its text cannot be shown)"
        self.outputs.error(str(etype.__name__), text, [_without_paths(line) for line in stb])

    def system(self, cmd: str) -> None:
        _refusal(f"!{cmd}")()
        self.user_ns["_exit_code"] = 1

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        self.system(cmd)
        return SList([]) if split else ""

    def ask_exit(self) -> None:
        pass

    def enable_gui(self, gui: str | None = None) -> None:
        pass  # figures are inline, whatever was asked for


def _refusal(command: str) -> Callable[..., None]:
    def refuse(line: str = "", cell: str = "") -> None:
        what = f"{command} {line}".strip()
        print(f"{what}: commands of the operating system are not run here.", file=sys.stderr)

    return refuse


def _nothing(*args: object, **kwargs: object) -> None:
    """In place of autoreload too: modules stay as they are, and to look costs time."""


def _without_paths(text: str) -> str:
    """A traceback line without the folders of this machine's libraries."""
    for folder in _FOLDERS:
        text = text.replace(folder, "")
    return text


def _refuse_input(function: str) -> Callable[..., str]:
    def refuse(prompt: object = "", stream: object = None) -> str:
        raise StdinNotImplementedError(
            f"{function} was called, but this frontend does not support input requests."
        )

    return refuse


def make_shell(limit: int) -> CourseShell:
    """Return the one shell of this process, with inline figures and all output collected.

    Parameters
    ----------
    limit : int
        Bytes of output a cell may have.
    """
    shell: CourseShell = CourseShell.instance()
    shell.collect(Outputs(limit))
    autoreload = types.ModuleType("IPython.extensions.autoreload")
    autoreload.load_ipython_extension = lambda shell: None  # type: ignore[attr-defined]
    sys.modules[autoreload.__name__] = autoreload
    builtins.input = _refuse_input("raw_input")
    getpass.getpass = _refuse_input("getpass")
    shell.enable_matplotlib("inline")
    return shell
