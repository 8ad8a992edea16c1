"""The worker: answers one request after the other until the grader hangs up."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.wire import DTYPES, MAX_DIMENSIONS, NotPlain, Remote, Value, decode_frames
from autograder.wire.channel import Channel, Closed
from autograder.worker import tensors
from autograder.worker.ahead import Ahead
from autograder.worker.bare import Bare
from autograder.worker.errors import describe, is_a, type_name
from autograder.worker.modules import SourceFinder
from autograder.worker.objects import ImportFailed, Missing, Objects, array_copies, changed
from autograder.worker.pictures import pixels

if TYPE_CHECKING:  # IPython is there only where cells run
    from autograder.worker.cells import CellRunner
    from autograder.worker.confined import ConfinedShell


class Responder:
    """State of one forked child; each ``do_…`` method answers a request of that name."""

    def __init__(self, channel: Channel, shell: ConfinedShell | Bare, ahead: Ahead) -> None:
        self.channel = channel
        self.shell = shell
        self.ahead = ahead
        self.finder = SourceFinder({})
        self.cells: CellRunner | None = None
        self.objects = Objects(self._has_module, lambda: self.shell.user_ns)
        self.saved: dict[str, Any] = {}
        self.figures = True
        self.executor = "inprocess"
        self.done = 0  # of the requests that were put off until the present one

    def serve(self) -> None:
        """Answer one request after the other, until the grader goes."""
        while True:
            self._serve_one()  # a function of its own: no large value outlives its request

    def _serve_one(self) -> None:
        number, first, name, args = self.channel.receive()
        self.done = 0
        try:
            # set each time, for student code may have changed it
            signal.signal(signal.SIGINT, signal.default_int_handler)
            answer = self._answer(first, name, args)
        except KeyboardInterrupt as error:  # came while an error was described
            answer = ("error", self._told(error), self._printed())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._send(number, (*answer, self.done))

    def _send(self, number: int, answer: tuple[Value, ...]) -> None:
        seen = self.objects.next_number
        try:
            self.channel.send((number, *answer), handle=self.objects.stand_in)
        except Closed:
            raise
        except Exception as error:  # nothing is sent before all is encoded
            self.objects.take_back(seen)
            cause = "memory" if is_a(error, MemoryError) else "exception"
            reason = str(error) if is_a(error, NotPlain) else type_name(error)
            message = f"the result cannot be sent to the grader: {reason}"
            failure = {"cause": cause, "type": "", "message": message, "frames": ()}
            self.channel.send((number, "error", failure, "", self.done))

    def _answer(self, first: bytes, name: str, args: tuple[Value, ...]) -> tuple[Value, ...]:
        """Do what was put off until this request, one after the other, then the request."""
        self.shell.outputs.start()
        try:
            for waited, given in decode_frames(first, self.channel.caps):
                self._do(waited, given)
                self.done += 1
            if first:
                self.shell.outputs.start()  # what they printed belongs to nothing
            return ("ok", self._do(name, args), self._printed())
        except BaseException as error:
            return ("error", self._told(error), self._printed())

    def _do(self, name: str, args: tuple[Value, ...]) -> Any:
        action: Callable[..., Any] = getattr(self, f"do_{name}")
        return action(*args)

    def _told(self, error: BaseException) -> Value:
        if is_a(error, Missing):
            return {"cause": "missing", "type": "", "message": str(error), "frames": ()}
        cause = "exception"
        if is_a(error, ImportFailed):
            cause = "import"
            error = error if error.__cause__ is None else error.__cause__
        return describe(error, cause, self._student_file)

    def _printed(self) -> str:
        items = self.shell.outputs.finish()
        return "".join(item["text"] for item in items if item["output_type"] == "stream")

    def _has_module(self, name: str) -> bool:
        return name in self.finder.paths

    def _student_file(self, file: str) -> str | None:
        if file in self.finder.files:
            return file
        cell = getattr(self.shell.compile, "_filename_map", {}).get(file)
        return None if cell is None else f"notebook cell {cell}"

    # --- requests ---

    def do_load(
        self,
        files: dict[str, bytes | None],
        environment: dict[str, str],
        figures: bool,
        executor: str,
    ) -> None:
        """Import modules from bytes; see ``Worker.load`` on the other side."""
        for name, value in environment.items():  # `update` looks through all kinds of mappings
            os.environ[name] = value
        known = self.ahead.files
        self.finder = SourceFinder(
            {path: known[path] if text is None else text for path, text in files.items()}
        )
        self.finder.install()
        self.ahead.put(self.finder, environment)
        self.figures = figures
        self.executor = executor

    def do_change(self, files: dict[str, bytes]) -> None:
        """Import modules anew, some of them with other text; see ``Worker.change``."""
        self.finder = SourceFinder({**self.finder.files, **files})
        self.finder.install()

    def do_get(self, remote: Remote) -> Any:
        """Return a value, as data or as a handle."""
        return self.objects.resolve(remote)

    def do_get_all(self, remotes: list[Remote]) -> tuple[Any, ...]:
        """Return several values."""
        return tuple(map(self.objects.resolve, remotes))

    def do_form(self, remote: Remote) -> tuple[Any, ...]:
        """Return dtype and shape of an array of finite numbers; of all else the value."""
        value: Any = self.objects.resolve(remote)
        plain = type(value) is np.ndarray and value.dtype in DTYPES
        if plain and value.ndim <= MAX_DIMENSIONS and 0 < value.nbytes <= self.channel.caps.buffers:
            return (value.dtype, value.shape) if np.isfinite(value).all() else (value,)
        return (value,)

    def do_set(self, remote: Remote, value: Value) -> None:
        """Bind a name, or change an attribute or an item."""
        if remote.root == "notebook" and len(remote.path) == 1:
            name = remote.path[0][1]
            self.saved.setdefault(name, self.shell.user_ns.get(name, _ABSENT))
        self.objects.set(remote, self.objects.local(value))

    def do_call(self, remote: Remote, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Any:
        """Call a function; its result and the arguments that it changed go back."""
        function = self.objects.function(remote)
        args, kwargs = self.objects.local(args), self.objects.local(kwargs)
        copies = array_copies(args, kwargs)
        result = function(*args, **kwargs)
        if isinstance(result, tuple) and hasattr(type(result), "_fields"):
            result = tuple(result)  # a named one; a cache inside of it stays what it is
        return (result, changed(copies))

    def do_call_all(self, calls: list[tuple[Any, ...]]) -> tuple[Value, ...]:
        """Call functions one after the other, up to the first that fails: results, and why."""
        results: list[Any] = []
        for call in calls:
            try:
                results.append(self.do_call(*call))
            except BaseException as error:
                return (tuple(results), self._told(error))
        return (tuple(results), None)

    def do_put(self, files: dict[str, bytes]) -> None:
        """Write files into the notebook's folder, and let it import what lies there."""
        for name, content in files.items():
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "wb") as file:
                file.write(content)
        self._import_from_here()

    def do_enter(self, folder: str) -> None:
        """Go to a folder, and let the notebook import what lies there."""
        os.chdir(folder)
        self._import_from_here()

    def _import_from_here(self) -> None:
        if "" not in sys.path:
            sys.path.insert(0, "")

    def do_run_cell(self, source: str, number: int | None, valued: bool) -> tuple[Value, ...]:
        """Run a notebook cell; its outputs go back.

        Where it is `valued`, its last value does so too, as text.
        """
        if self.cells is None:
            self.cells = self._make_runner()
            self.shell = self.cells.shell
        shell = self.cells.shell
        if number is not None:
            shell.execution_count = number
        error, outputs, value = self.cells.run(source)
        failure = error and describe(error, "exception", self._student_file)
        return (
            outputs,
            shell.execution_count - 1,
            failure,
            _as_text(value) if valued else None,
        )

    def _make_runner(self) -> CellRunner:
        assert not isinstance(self.shell, Bare)
        if self.executor == "kernel":
            from autograder.worker.kernel import KernelRunner  # heavy, and seldom wanted

            return KernelRunner(self.shell, figures=self.figures)
        from autograder.worker.cells import CellRunner

        return CellRunner(self.shell, figures=self.figures)

    def do_pixels(self, content: bytes, kind: str, most: int, side: int) -> Any:
        """Decode a picture; its pixels go back."""
        return pixels(content, kind, most, side)

    def do_seed(self, seed: int) -> None:
        """Seed all generators that student code may draw from."""
        random.seed(seed)
        np.random.seed(seed % 2**32)
        tensors.seed(seed)

    def do_nothing(self) -> None:
        """Answer: what was put off is done."""

    def do_checkpoint(self) -> None:
        """Note the notebook's names as they are."""
        self.saved = {}

    def do_rollback(self) -> None:
        """Bind the notebook's names as they were noted."""
        for name, value in self.saved.items():
            if value is _ABSENT:
                self.shell.user_ns.pop(name, None)
            else:
                self.shell.user_ns[name] = value
        self.saved = {}

    def do_forget(self) -> None:
        """Drop the objects that handles stand for."""
        self.objects.forget()


def _as_text(value: object) -> str | None:
    """Return a cell's last value as its output shows it, None where there is none."""
    if value is None:
        return None
    try:
        return repr(value)[:_VALUE]
    except BaseException:
        return ""


_VALUE = 100
"""Characters of a cell's last value: a number has fewer."""
_ABSENT = object()


def run(channel: Channel, shell: ConfinedShell | Bare, ahead: Ahead) -> None:
    """Serve until the grader hangs up, then leave without any clean-up of the student's."""
    try:
        Responder(channel, shell, ahead).serve()
    except Closed:
        os._exit(0)
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel would, and the grader knows it by that
