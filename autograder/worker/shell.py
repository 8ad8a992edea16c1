"""Notebook cells in IPython's shell, without a kernel: outputs as nbformat has them."""

import asyncio
import base64
import builtins
import getpass
import io
import json
import sys
import types
from collections import defaultdict
from typing import Any

from IPython.core.display_trap import DisplayTrap
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.utils.text import SList
from traitlets import Any as AnyTrait

_NO_COMMANDS = "{}: commands of the operating system are not run here."


class Outputs:
    """The outputs of the running cell, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.start()

    def start(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._left = self.limit
        self._clear_next = False
        self._by_display_id: dict[str, dict[str, Any]] = {}
        self._pieces: list[str] = []

    def stream(self, name: str, text: str) -> None:
        text = self._cut(text)
        if not text:
            return
        self._make_room()
        last = self.items[-1] if self.items else {}
        if last.get("name") != name:
            self._join()
            self.items.append({"output_type": "stream", "name": name, "text": ""})
        self._pieces.append(text)

    def add(self, item: dict[str, Any], display_id: str | None = None) -> None:
        self._make_room()
        size = len(json.dumps(item))
        if size > self._left:
            self.stream("stderr", "[an output is left out: too much output]\n")
            return
        self._left -= size
        self._join()
        self.items.append(item)
        if display_id is not None:
            self._by_display_id[display_id] = item

    def update(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        item = self._by_display_id.get(display_id)
        size = len(json.dumps(data))
        if item is not None and size <= self._left:
            self._left -= size
            item["data"], item["metadata"] = data, metadata

    def clear(self, wait: bool) -> None:
        self._clear_next = True
        if not wait:
            self._make_room()

    def finish(self) -> list[dict[str, Any]]:
        self._join()
        return self.items

    def _make_room(self) -> None:
        if self._clear_next:
            left = self._left
            self.start()
            self._left = left

    def _join(self) -> None:
        if self._pieces:
            self.items[-1]["text"] += "".join(self._pieces)
            self._pieces = []

    def _cut(self, text: str) -> str:
        if len(text) <= self._left:
            self._left -= len(text)
            return text
        text, self._left = text[: self._left], 0
        return text + "\n[output cut: too much output]\n" if text else ""


class OutputStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    encoding = "UTF-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs = outputs
        self.name = f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.stream(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    outputs = AnyTrait()

    def publish(  # type: ignore[override]
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
        data, metadata = _as_json(data), _as_json(metadata or {})
        if update:
            self.outputs.update(display_id, data, metadata)
        else:
            item = {"output_type": "display_data", "data": data, "metadata": metadata}
            self.outputs.add(item, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait)


class _ResultHook(DisplayHook):
    """Displays the value of a cell's last expression."""

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
                "data": _as_json(format_dict),
                "metadata": _as_json(md_dict or {}),
            }
        )


def _as_json(bundle: dict[str, Any]) -> dict[str, Any]:
    """A mime bundle as a notebook file holds it."""
    plain = {
        str(key): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for key, value in bundle.items()
    }
    result: dict[str, Any] = json.loads(json.dumps(plain, default=repr))
    return result


class _NoRecord(defaultdict[int, list[Any]]):
    """IPython records all output once more; a flood would fill the memory."""

    def __init__(self) -> None:
        super().__init__(list)

    def __missing__(self, key: int) -> list[Any]:
        return []


class CourseShell(InteractiveShell):
    """IPython's shell with outputs collected, no history file and no subprocesses."""

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

    def init_magics(self) -> None:
        super().init_magics()
        self.register_magics(_CourseMagics)

    def collect(self, outputs: Outputs) -> None:
        """Let all output go to `outputs`."""
        self.outputs = outputs
        self.display_pub.outputs = outputs
        self.displayhook.outputs = outputs
        sys.stdout = OutputStream(outputs, "stdout")
        sys.stderr = OutputStream(outputs, "stderr")

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except BaseException:
            text = ""
        self.outputs.add(
            {
                "output_type": "error",
                "ename": str(etype.__name__),
                "evalue": text[:10_000],
                "traceback": [str(line)[:20_000] for line in stb][:100],
            }
        )

    def system(self, cmd: str) -> None:
        print(_NO_COMMANDS.format("!" + cmd), file=sys.stderr)
        self.user_ns["_exit_code"] = 1

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        self.system(cmd)
        return SList([]) if split else ""

    def ask_exit(self) -> None:
        pass

    def enable_gui(self, gui: str | None = None) -> None:
        pass  # figures are inline, whatever was asked for


@magics_class
class _CourseMagics(Magics):
    """Magics that would start a process, or cost time for nothing."""

    @line_magic
    def autoreload(self, line: str) -> None:
        """Nothing: modules do not change while a notebook is graded."""

    @line_magic
    def aimport(self, line: str) -> None:
        """Nothing, as `autoreload`."""

    @cell_magic
    def script(self, line: str, cell: str = "") -> None:
        """Refused."""
        print(_NO_COMMANDS.format("%%script"), file=sys.stderr)


def _refuse_script(name: str) -> Any:
    def refuse(line: str, cell: str = "") -> None:
        print(_NO_COMMANDS.format(f"%%{name}"), file=sys.stderr)

    return refuse


def no_input(prompt: object = "", stream: object = None) -> str:
    """In place of `input`, `getpass`: as a kernel without a person answers."""
    __tracebackhide__ = True
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def make_shell(limit: int) -> CourseShell:
    """The one shell of this process, with inline figures."""
    CourseShell.colors = "nocolor"
    shell = CourseShell.instance()
    shell.collect(Outputs(limit))
    for name in ("bash", "sh", "perl", "ruby", "python", "python2", "python3", "pypy", "sx", "!"):
        shell.register_magic_function(_refuse_script(name), "cell", name)
    autoreload = types.ModuleType("IPython.extensions.autoreload")
    autoreload.load_ipython_extension = lambda shell: None  # type: ignore[attr-defined]
    sys.modules[autoreload.__name__] = autoreload
    builtins.input = no_input
    getpass.getpass = no_input
    shell.enable_matplotlib("inline")
    return shell


class CellRunner:
    """Runs cells one after the other, as a kernel would.

    Parameters
    ----------
    figures : bool
        False closes figures without rendering them.
    """

    def __init__(self, shell: CourseShell, figures: bool) -> None:
        self.shell = shell
        self._loop: asyncio.AbstractEventLoop | None = None
        if not figures:
            _close_figures(shell)

    def run(self, source: str) -> tuple[BaseException | None, list[dict[str, Any]]]:
        """Run one cell; the error it ended with, if any, and its outputs."""
        self.shell.outputs.start()
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(self._run(source))
        error: BaseException | None = None
        try:
            result = self._loop.run_until_complete(task)
            error = result.error_before_exec or result.error_in_exec
        except KeyboardInterrupt as interrupt:  # while it awaited
            error = interrupt
            task.cancel()
            self.shell.showtraceback()
        return error, self.shell.outputs.finish()

    async def _run(self, source: str) -> ExecutionResult:
        """As ipykernel's do_execute: plain cells too run while a loop is running."""
        shell = self.shell
        failed = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, failed = source, sys.exc_info()
        if not shell.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=failed
        ):
            return shell.run_cell(source, store_history=True)
        result = None
        try:
            result = await shell.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=failed,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result


def _close_figures(shell: CourseShell) -> None:
    from matplotlib import pyplot
    from matplotlib_inline import backend_inline

    shell.events.unregister("post_execute", backend_inline.flush_figures)
    backend_inline.show = lambda close=None, block=None: None
    shell.events.register("post_execute", lambda: pyplot.close("all"))
