"""The trusted side of the process wall: a warm zygote, and workers forked from it.

The grader asks a worker one thing at a time and waits at most until a deadline.
A worker that hangs, dies or answers nonsense costs the request it was asked,
never the grader.
"""

import signal
import site
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from autograder import sandbox
from autograder.errors import AutograderError
from autograder.wall.limits import Limits
from autograder.wall.process import Process
from autograder.wall.processor import torch_kernels
from autograder.wall.replies import CallInfo, CellRun, StudentError
from autograder.wall.supervised import Executor, Worker
from autograder.wire import BadReply, Caps, Remote, Value
from autograder.wire.channel import Channel, Closed, Expired

__all__ = ["CallInfo", "CellRun", "Remote", "StudentError", "Worker", "Zygote", "preload_for"]

_BASE = ("numpy", "numpy.linalg", "numpy.random")
_LAZY = ("numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.testing", "encodings.utf_8_sig")
"""Loaded only when used, which at level C is too late: nothing can be opened then."""
_SLOW = ("tomllib",)
"""Of Python's own what `cs_lib` imports and takes a worker more than a millisecond."""
PRELOADS = {
    "numpy": (*_BASE, *_LAZY, *_SLOW),
    "matplotlib": ("matplotlib.pyplot",),
    "scipy": ("scipy.special", "scipy.io", "scipy.ndimage"),
    "scikit-learn": ("sklearn.datasets",),
    "h5py": ("h5py",),
    "tqdm": ("tqdm.auto",),
    "pooch": ("pooch", "requests", "filelock"),
    # an optimizer imports the compiler, which takes seconds, and its first step the last of these
    "torch": ("torch", "torch.utils.data", "torch._dynamo", "torch.profiler._cupti_monitor"),
}
"""What students import of a package, by its name in requirements.txt."""

_USUAL = tuple(name for name in PRELOADS if name != "torch")
_STOP_SECONDS = 2
_PACKAGE = Path(__file__).resolve().parents[1]
_BOOT = (
    "import gc, sys; gc.disable(); sys.path.insert(0, sys.argv.pop()); "
    "from autograder.worker.__main__ import main; main()"
)


def preload_for(requirements: Iterable[str]) -> tuple[str, ...]:
    """Return the modules to import once for all workers of an assignment.

    What is left out costs each worker that imports it the time, and at level C
    it cannot be imported at all.  What is taken in costs each fork: scikit-learn
    1.5 ms, all others together 1 ms.
    """
    names = {"numpy", "matplotlib", "tqdm", *requirements}
    return tuple(module for name in PRELOADS if name in names for module in PRELOADS[name])


def preload_of(imported: Iterable[str]) -> tuple[str, ...]:
    """Return those modules of what can be imported once that somebody's code imports.

    Parameters
    ----------
    imported : iterable of str
        As ``scipy.special.expit``.
    """
    names = {".".join(name.split(".")[:length]) for name in imported for length in (1, 2)}
    every = [module for modules in PRELOADS.values() for module in modules]
    wanted = {*_BASE, *names, *(PRELOADS["torch"] if "torch" in names else ())}
    return tuple(module for module in every if module in wanted)


class Zygote:
    """A warm process from which every worker is forked; a context manager.

    Parameters
    ----------
    level : Level, optional
        Sandbox level; the best this machine gives by default.
    data : Path, optional
        Folder of data sets that submissions may read.
    allow_unsafe : bool
        Accept level D.
    preload : sequence of str
        Modules imported once for all workers, as `preload_for` gives them; those not
        installed are left out.
    executor : {"inprocess", "kernel"}
        What runs notebook cells in a worker: IPython's shell, or ipykernel's kernel.
    start_seconds : float
        How long to wait for the zygote and for each worker to be ready.
    cells : bool
        Whether workers may be asked to run cells; at level C they may in any case.
    figures : bool
        Whether matplotlib is among what is imported once; at level C it is in any case, as is
        all that students may use: nothing can be imported later there.
    warm : bool
        Whether some cells are run once for all workers; at level C they are in any case. Without,
        a worker that runs cells is slower to begin, by a tenth of a second where one fails.
    many : bool
        Whether dozens of workers will be forked: each costs less then, after a start that costs
        more.
    library : mapping
        Modules as most workers have them, ``{"cs_lib/layers.py": source}``: compiled once for all.
    own : collection of str
        Which of these a student writes.
    wanted : collection of str
        What most workers import of the others, as ``cs_lib.datasets.load_digits``: once for all.
    environment : mapping
        Variables as most workers have them.

    Raises
    ------
    SandboxUnavailable
        The machine cannot give the level.
    """

    def __init__(
        self,
        *,
        level: sandbox.Level | None = None,
        data: Path | None = None,
        beside: Path | None = None,
        allow_unsafe: bool = False,
        preload: Sequence[str] | None = None,
        executor: Executor = "inprocess",
        start_seconds: float = Limits().start_seconds,
        cells: bool = True,
        figures: bool = True,
        warm: bool = True,
        many: bool = False,
        library: Mapping[str, bytes] = {},
        own: Collection[str] = (),
        wanted: Collection[str] = (),
        environment: Mapping[str, str] = {},
    ) -> None:
        self.level = sandbox.choose(level, allow_unsafe=allow_unsafe)
        self._plan = sandbox.plan(self.level, data=data, beside=beside, readable=[_PACKAGE])
        self.features = self._plan.features
        self._data = data
        later = self.level is not sandbox.Level.C
        self._cells = cells or not later or executor == "kernel"
        self._figures = figures or not later or executor == "kernel"
        self._warm = warm or not later
        usual = preload_for(_USUAL) if preload is None or not later else ()
        self._preload = list(dict.fromkeys([*usual, *(preload or ())]))
        self._executor = executor
        self._many = many
        self._forked_with = dict(library)
        self._library: dict[str, Value] = {
            "library": self._forked_with,
            "own": list(own),
            "wanted": sorted(wanted),
            "environment": dict(environment),
        }
        self._start_seconds = start_seconds
        if executor == "kernel":
            self._preload.append("autograder.worker.kernel")
        self._lock = threading.Lock()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._inner: Process | None = None  # the zygote itself; _process may be the wall around it
        try:
            self._start_patiently()
        except BaseException:
            self._log.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and every worker."""
        with self._lock:
            self._stop()
        self._log.close()

    def worker(
        self,
        modules: Mapping[str, bytes],
        limits: Limits,
        *,
        environment: Mapping[str, str] = {},
        figures: bool = True,
    ) -> Worker:
        """Fork a worker that can import `modules`.

        Parameters
        ----------
        modules : mapping
            ``{"cs_lib/layers.py": source}``; the only files the worker sees.
        environment : mapping
            Variables to set on top of the clean environment.
        figures : bool
            Whether people look at what notebook cells show: figures are rendered, and errors have
            the lines around them; never at level C.

        Raises
        ------
        AutograderError
            The wall cannot be built.
        StudentError
            The memory limit has no room even for the modules.
        """
        with self._lock:
            try:
                process, channel = self._fork(limits)
            except Closed:
                self._stop()
                self._start_patiently()
                process, channel = self._fork(limits)
        worker = Worker(process, channel, limits, self._reap)
        try:
            self._fill(worker, modules, environment, figures)
        except BaseException:
            worker.close()
            raise
        return worker

    def _fill(
        self,
        worker: Worker,
        modules: Mapping[str, bytes],
        environment: Mapping[str, str],
        figures: bool,
    ) -> None:
        # level C opens no files, and figures need fonts
        figures = figures and self.level is not sandbox.Level.C
        known = self._forked_with
        files = {path: None if known.get(path) == text else text for path, text in modules.items()}
        try:
            with worker.time_limit(self._start_seconds):
                worker.await_lock()
                worker.load(files, environment, figures=figures, executor=self._executor)
        except StudentError as error:
            if error.cause == "timeout":  # nothing of the submission has run yet
                raise self._too_slow("worker", "a process behind the wall") from None
            if worker.locked:
                raise
            raise self._failure("worker", "a process behind the wall") from None

    def _reap(self, process: Process) -> int | None:
        """Wait status of a worker that has ended, None where it cannot be had."""
        with self._lock:
            try:
                status = self._ask("reap", process.pid)
            except (Closed, Expired, BadReply):
                return None
        return status if type(status) is int and status >= 0 else None

    # --- the zygote process ---

    def _start_patiently(self) -> None:
        """Start the zygote; on a machine that is busy for the moment, the second time."""
        try:
            self._start()
        except Expired:
            try:
                self._start()
            except Expired:
                raise self._too_slow("zygote", "a process ready to fork") from None

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        python = [sys.executable, "-s", "-P", "-B"]
        boot = ["-c", _BOOT, str(theirs.fileno()), str(_PACKAGE.parent)]
        self._log.truncate(0)
        with theirs:
            self._process = subprocess.Popen(
                self._plan.command([*python, *boot]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                env=self._environment(),
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = Channel(ours, Caps())
        settings = {
            "wall": self._plan.settings,
            "preload": self._preload,
            "cells": self._cells,
            "figures": self._figures,
            "warm": self._warm,
            **self._library,
            "packages": site.getsitepackages(),
        }
        try:
            self._control.send(settings)
            self._control.receive(time.monotonic() + self._start_seconds, max_fds=1)
            pidfd = self._control.received_fds.pop()
            self._inner = Process(0, pidfd)
            if self._many:
                self._ask("join", sandbox.own_memory(pidfd))
        except Expired:
            self._stop()
            raise
        except (Closed, BadReply, IndexError):
            self._stop()
            raise self._failure("zygote", "a process ready to fork") from None

    def _too_slow(self, where: str, expected: str) -> AutograderError:
        return AutograderError(
            f"{where}: expected {expected} within {self._start_seconds:g} s, there was none. The "
            "machine is too busy or too slow: run fewer --jobs, or raise start_seconds below "
            "[limits] in assignment.toml."
        )

    def _failure(self, where: str, expected: str) -> AutograderError:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else "nothing"
        return AutograderError(
            f"{where}: expected {expected}, got: {reason[:1000]}. Run `autograder doctor`."
        )

    def _environment(self) -> dict[str, str]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": "/dev/null",  # no folder can be made below it, not by root either
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "HDF5_USE_FILE_LOCKING": "FALSE",  # the system call is refused
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "CUDA_VISIBLE_DEVICES": "",  # graded on the CPU; what has asked a GPU cannot be forked
            "TORCHINDUCTOR_CACHE_DIR": "/",  # PyTorch makes this folder when it is imported
            **torch_kernels(),
        }
        for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB"):
            environment[f"{library}_NUM_THREADS"] = "1"
        if self._data is not None:
            environment["COURSEDATA"] = str(self._data)
        return environment

    def _stop(self) -> None:
        self._control.close()  # the zygote ends by itself, and its workers with it
        if self._inner is not None:
            if not self._inner.wait(_STOP_SECONDS):
                self._inner.signal(signal.SIGKILL)
            self._inner.close()
            self._inner = None
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, name: str, *args: Value, fds: tuple[int, ...] = ()) -> Value:
        deadline = time.monotonic() + self._start_seconds
        try:
            self._control.send((name, args), deadline, fds=fds)
            return self._control.receive(deadline, max_fds=1)
        except (Expired, BadReply):
            self._control.close()  # whatever comes next would answer another question
            raise

    def _fork(self, limits: Limits) -> tuple[Process, Channel]:
        caps = Caps(buffers=limits.reply_mb << 20)
        ours, theirs = socket.socketpair()
        policy = {
            "memory_mb": limits.memory_mb,
            "disk_mb": limits.disk_mb,
            "file_mb": limits.file_mb,
            "open_files": limits.open_files,
            "threads": limits.threads,
            "cpu_seconds": int(2 * limits.submission_seconds) + 1,
            "output_kb": limits.output_kb,
        }
        try:
            with theirs:
                pid = self._ask("fork", policy, vars(caps), fds=(theirs.fileno(),))
            pidfd = self._control.received_fds.pop()
        except (Closed, Expired, BadReply, IndexError):
            ours.close()
            raise Closed from None
        return Process(pid, pidfd), Channel(ours, caps, watch=pidfd)
