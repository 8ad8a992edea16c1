"""One worker, supervised: asked one thing at a time, with a deadline.

A worker that hangs, dies or answers nonsense costs the request it was asked,
never the grader.
"""

import contextlib
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self, TypeVar

from autograder.text import printable
from autograder.wall.handles import Handles
from autograder.wall.limits import Limits
from autograder.wall.process import Process
from autograder.wall.replies import (
    CallInfo,
    CellRun,
    Places,
    StudentError,
    call_result,
    call_results,
    cell_outputs,
    no_result,
    read_form,
    student_error,
)
from autograder.wall.turns import LONG, Turns
from autograder.wire import BadReply, Remote, Value, encode
from autograder.wire.channel import Channel, Closed, Expired

Result = TypeVar("Result")
Executor = Literal["inprocess", "kernel"]
GRACE = 0.5  # seconds between the soft interrupt and the kill
_PUT_OFF = 1 << 17  # bytes of requests that may wait for the next one
_EXIT_SECONDS = 1  # from the end of its connection to the end of a process
_END_SECONDS = 5


class Worker:
    """One forked child that holds a submission; a context manager.

    Every method that makes the child do something raises `StudentError` where
    the submission is at fault.  What needs no answer waits, and goes with the next request:
    to send a message and to wait for another costs more than most requests themselves.
    After a kill `alive` is False.  `locked` says that it is behind the wall.
    """

    def __init__(
        self,
        process: Process,
        channel: Channel,
        limits: Limits,
        reap: Callable[[Process], int | None],
    ) -> None:
        self.last_call = CallInfo()
        self.alive = True
        self.locked = False
        self._process = process
        self._channel = channel
        self._limits = limits
        self._reap = reap
        self._handles = Handles()
        channel.admit = self._handles.admit
        self._turns = Turns(process.pid_here)
        channel.patience, channel.on_long_wait = LONG, self._turns.let_go
        self._deadlines: list[float] = []
        self._put_off: list[_PutOff] = []
        self._sent_first: list[_PutOff] = []
        self._has_set_names = False
        self._printed = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the child if it still runs, and give back what it cost."""
        if self.alive:
            self._end()

    def await_lock(self) -> None:
        """Wait until the child is behind the wall; only then it gets the submission."""
        deadline = min(self._deadlines)
        try:
            self.locked = self._channel.receive(deadline) == "locked"
        except Expired:
            self._end()
            raise StudentError("timeout", "no start in time") from None
        except (Closed, BadReply):
            pass
        if not self.locked:
            raise self._breach("no start")

    def load(
        self,
        modules: Mapping[str, bytes | None],
        environment: Mapping[str, str],
        *,
        figures: bool,
        executor: Executor,
    ) -> None:
        """Import modules in the place of those before: bytes, None for what it was forked with."""
        self._request("load", dict(modules), dict(environment), figures, executor)

    def change(self, modules: Mapping[str, bytes]) -> None:
        """Put modules in the place of those of the same names, and import all anew."""
        self._later("change", dict(modules))

    @property
    def answer_bytes(self) -> int:
        """Size of the last answer; its arrays are views of so many bytes."""
        return self._channel.received_bytes

    @property
    def most_answer_bytes(self) -> int:
        return self._channel.caps.buffers

    def get(self, remote: Remote) -> Value:
        """What the reference stands for: plain data, or a `Remote` for everything else."""
        return self._request("get", remote)

    def get_all(self, remotes: Sequence[Remote]) -> list[Value]:
        """What each reference stands for, in one exchange."""
        answer = self._request("get_all", list(remotes))
        if type(answer) is not tuple or len(answer) != len(remotes):
            raise self._breach("no values")
        return list(answer)

    def form(self, remote: Remote) -> Value:
        """What the reference stands for; for an array of finite numbers as many zeros."""
        answer = self._request("form", remote)
        return self._read(lambda: read_form(answer, self._channel.caps.buffers))

    def set(self, remote: Remote, value: Value) -> None:
        """Set the attribute or item that the reference's path ends in.

        It waits for the next request, or for `settle`; so does the error where it cannot be
        set, with the reference's root as `StudentError.set_before`.
        """
        self._has_set_names |= remote.root == "notebook"
        self._later("set", remote, value, root=remote.root)

    def settle(self) -> None:
        """Set now what is still to be set."""
        if self.alive and any(waits.root for waits in self._put_off):
            self._request("nothing")

    def call(
        self, remote: Remote, args: Sequence[Value] = (), kwargs: Mapping[str, Value] = {}
    ) -> Value:
        """Call what the reference stands for; `last_call` tells more."""
        self.last_call = CallInfo()
        start = time.monotonic()
        answer = self._request("call", remote, tuple(args), dict(kwargs))
        value, changed = self._read(lambda: call_result(answer, args, kwargs))
        self.last_call = CallInfo(changed, self._printed, time.monotonic() - start)
        return value

    def call_all(
        self, calls: Sequence[tuple[Remote, tuple[Value, ...], dict[str, Value]]]
    ) -> tuple[list[tuple[Value, Places]], StudentError | None]:
        """Call one thing after the other in one exchange: references, arguments, keywords.

        Returns
        -------
        results : list of (value, places)
            What each has given, and which of its arguments it has modified; up to the first
            that fails.
        error : StudentError or None
            Of that one.
        """
        answer = self._request("call_all", list(calls))
        return self._read(lambda: call_results(answer, [call[1:] for call in calls]))

    def run_cell(
        self, source: str, seconds: float, number: int | None = None, *, valued: bool = False
    ) -> CellRun:
        """Run a notebook cell; its errors and a soft timeout are part of the result.

        Parameters
        ----------
        number : int, optional
            What the cell is called in tracebacks; by default it is counted.
        valued : bool
            Whether its last value is wanted, as text.

        Raises
        ------
        StudentError
            The worker is gone: the cell ignored the interrupt, or crashed.
        """
        start = time.monotonic()
        with self.time_limit(seconds):
            answer, too_late = self._exchange("run_cell", (source, number, valued))
        result = self._result(answer)
        try:
            outputs, count, failure, value = result
            outputs = cell_outputs(outputs)
            if value is not None and type(value) is not str:
                raise TypeError("no text")
            value = value and printable(value, 100, keep="")
            error = None if failure is None else student_error(failure).message
        except (BadReply, TypeError, ValueError):
            raise self._breach("no cell outputs") from None
        status: Literal["ok", "error", "timeout"] = "ok" if error is None else "error"
        if too_late is not None:
            status, error = "timeout", too_late.message
        count = count if type(count) is int else None
        return CellRun(status, outputs, count, error, time.monotonic() - start, value)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files into the folder in which the submission's notebook runs."""
        self._request("put", dict(files))

    def enter(self, folder: Path) -> None:
        """Let the submission's notebook run in a folder that it can only read."""
        self._request("enter", str(folder))

    def pixels(self, content: bytes, kind: str, most: int, side: int) -> Value:
        """Width, height and pixels of a picture; None for pixels where there are above `most`."""
        return self._request("pixels", content, kind, most, side)

    def seed(self, seed: int) -> None:
        """Seed the worker's global random generators."""
        self._later("seed", seed)

    def checkpoint(self) -> None:
        """From here on, remember which notebook names are set from outside."""
        self._later("checkpoint")
        self._has_set_names = False

    def rollback(self) -> None:
        """Put back the notebook names set since the checkpoint, if there are any."""
        if self._has_set_names:
            self._has_set_names = False
            self._request("rollback")

    def forget(self) -> None:
        """Drop every ``object:…`` that the worker keeps for the grader, if there is any.

        At once: what that takes is not to be charged to what comes next.
        """
        if self._handles:
            self._request("forget")
            self._handles.forget()

    @contextlib.contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Deadline for all requests inside, on top of those already set."""
        self._deadlines.append(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._deadlines.pop()

    # --- requests ---

    def _later(self, name: str, *args: Value, root: str = "") -> None:
        """Put a request off until the next one, as it is now; where that is much, do it now."""
        frame, *more = encode((name, args), self._channel.caps)
        waiting = sum(len(each.frame) for each in self._put_off)
        if more or waiting + len(frame) > _PUT_OFF:
            self._request(name, *args)
        else:
            self._put_off.append(_PutOff(bytes(frame), root))

    def _request(self, name: str, *args: Value) -> Value:
        answer, too_late = self._exchange(name, args)
        if too_late is not None:
            raise too_late
        return self._result(answer)

    def _exchange(self, name: str, args: tuple[Value, ...]) -> tuple[Value, StudentError | None]:
        """Ask; give the answer, and a timeout where the child was interrupted for it."""
        if not self.alive:
            raise StudentError("crash", "the process of this submission has ended before")
        number = secrets.randbits(62)
        start = time.monotonic()
        deadline = min(self._deadlines, default=start + self._limits.check_seconds)
        too_late = None
        try:
            self._turns.join()
            self._channel.expect_silence()
            first = b"".join(waited.frame for waited in self._put_off)
            self._channel.send((number, first, name, args), deadline)
            self._sent_first, self._put_off = self._put_off, []
            try:
                answer = self._channel.receive(deadline)
            except Expired:
                too_late = StudentError("timeout", no_result(deadline - start))
                self._process.signal(signal.SIGINT)
                answer = self._channel.receive(time.monotonic() + GRACE)
        except (Expired, Closed) as failure:
            if isinstance(failure, Closed) and too_late is None:
                raise self._death() from None
            self._end()
            raise StudentError("timeout", no_result(deadline - start)) from None
        except BadReply as error:
            raise self._breach(str(error)) from None
        if type(answer) is not tuple or len(answer) != 5 or type(answer[0]) is not int:
            raise self._breach("no answer")
        if answer[0] != number:
            raise self._breach("an answer to another question")
        return answer[1:], too_late

    def _result(self, answer: Value) -> Value:
        status, result, printed, done = answer
        if type(printed) is not str or type(status) is not str or status not in ("ok", "error"):
            raise self._breach("no result")
        if type(done) is not int or not 0 <= done <= len(self._sent_first):
            raise self._breach("no result")
        self._printed = printable(printed, self._limits.output_kb << 10, keep="\n\t")
        if status == "ok":
            return result
        error = self._read(lambda: student_error(result))
        if done < len(self._sent_first):
            error.set_before = self._sent_first[done].root
        raise error

    def _read(self, read: Callable[[], Result]) -> Result:
        """Read an answer; what cannot be read is a breach."""
        try:
            return read()
        except BadReply as error:
            raise self._breach(str(error)) from None

    def _breach(self, what: str) -> StudentError:
        self._end()
        return StudentError(
            "crash",
            f"the submission's process did not answer as it should ({what}), and was stopped. "
            "Code that is graded must leave alone file descriptors that it has not opened, "
            "and the modules that run it.",
        )

    def _death(self) -> StudentError:
        if not self._process.wait(_EXIT_SECONDS):
            return self._breach("a closed connection")
        status = self._end()
        if status is None:
            return StudentError("crash", "the process of this submission has ended unexpectedly")
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            return StudentError("crash", f"the process ended itself with exit code {code}")
        if -code == signal.SIGKILL:
            return StudentError("memory", "the process was killed: it used too much memory")
        if -code == signal.SIGXCPU:
            return StudentError("timeout", "the process used all its processor time, stopped")
        name = signal.strsignal(-code) or f"signal {-code}"
        hint = " (compiled code failed, or a recursion had no end)" * (-code == signal.SIGSEGV)
        return StudentError("crash", f"the process crashed: {name}{hint}")

    def _end(self) -> int | None:
        """Kill, reap and close; the wait status the child had.

        To leave the dying to itself and fork the next one meanwhile is no
        faster: both need the same locks on the zygote's memory.
        """
        self.alive = False
        self._turns.part()
        self._channel.close()
        self._process.signal(signal.SIGKILL)
        self._process.wait(_END_SECONDS)
        status = self._reap(self._process)
        self._process.close()
        return status


class _PutOff(NamedTuple):
    """A request that waits for the next one."""

    frame: bytes
    root: str
    """Of what it sets, "" where it sets nothing."""
