"""The zygote: imports what student code may want once, then forks a worker at each request.

Started by `autograder.wall.zygote` as a fresh interpreter with a clean environment.
It never runs student code itself.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.machinery
import importlib.util
import logging
import os
import select
import signal
import socket
import sys
import sysconfig
import threading
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import autograder
from autograder import sandbox
from autograder.wire import Caps, Value, admit_all
from autograder.wire.channel import Channel, Closed

if TYPE_CHECKING:
    from autograder.worker.confined import ConfinedShell

_OUTPUT = 1 << 20
_KEPT_FINDERS = (
    importlib.machinery.BuiltinImporter,
    importlib.machinery.FrozenImporter,
    importlib.machinery.PathFinder,
)


class Forker:
    """Forks workers and reaps them, as the grader asks over the control socket."""

    def __init__(self, control: Channel) -> None:
        self.control = control
        self.children: set[int] = set()

    def prepare(
        self,
        wall: bytes,
        preload: list[str],
        packages: list[str],
        cells: bool,
        figures: bool,
        warm: bool,
        library: dict[str, bytes],
        own: list[str],
        wanted: list[str],
        environment: dict[str, str],
    ) -> None:
        """Import once what all workers need, and close the way to the rest."""
        _isolate(packages)
        _preload(preload, figures=figures)
        from autograder.worker import ahead, bare, loop, modules, tensors

        modules.compile_once(library)
        self.ahead = ahead.Ahead(library, own, wanted, environment)
        self.run_worker = loop.run
        self.shell = _shell(figures=figures, warm=warm) if cells else bare.Bare(_OUTPUT)
        tensors.warm_up()
        autograder.__path__ = []  # no more of the engine can be imported
        self.wall = sandbox.prepare(wall)
        gc.freeze()

    def serve(self) -> None:
        """Fork and reap, and join pages, as long as the grader asks."""
        while True:
            name, args = self.control.receive(max_fds=1)
            fds, self.control.received_fds = self.control.received_fds, []
            if name == "fork":
                self._fork(fds[0], *args)
            elif name == "reap":
                self.control.send(self._reap(*args))
            elif name == "join":
                self.control.send(sandbox.join_pages(*args))

    def _fork(self, wire: int, policy: dict[str, Value], caps: dict[str, int]) -> None:
        child = os.fork()
        if child == 0:
            self._become_worker(wire, policy, caps)
        os.close(wire)
        self.children.add(child)
        pidfd = os.pidfd_open(child)
        self.control.send(child, fds=(pidfd,))
        os.close(pidfd)

    def _reap(self, child: int) -> int:
        """Wait status of a child that has ended, -1 for one that has not."""
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid == 0:
            return -1
        self.children.discard(child)
        return status

    def _become_worker(self, wire: int, policy: dict[str, Value], caps: dict[str, int]) -> None:
        try:
            os.setsid()
            self.shell.outputs.limit = policy.pop("output_kb") * 1024
            home = self.wall.enter(sandbox.Policy(wire=wire, **policy))
            os.dup2(1, 2)  # from here on, what is written to it is the submission's
            if home:
                os.chdir(home)
                os.environ["HOME"] = os.environ["TMPDIR"] = home
            gc.enable()
            channel = Channel(socket.socket(fileno=wire), Caps(**caps), admit=admit_all)
            channel.send("locked")
            self.run_worker(channel, self.shell, self.ahead)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(1)

    def end(self) -> None:
        """Kill what is left of the workers."""
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _shell(*, figures: bool, warm: bool) -> ConfinedShell:
    """Return the shell that runs cells, perhaps with some run already."""
    from autograder.worker import cells, shell

    made = shell.make_shell(_OUTPUT, figures=figures)
    if warm:
        gc.freeze()  # all this stays, and the shell looks for garbage when it is reset
        cells.warm_up(made)
    return made


def _preload(names: list[str], *, figures: bool) -> None:
    """Import what is installed of the named modules.

    The zygote may have no folder it can write to, and matplotlib insists on
    one for its configuration and the list of fonts.
    """
    nowhere = os.environ["HOME"]
    found = importlib.util.find_spec("matplotlib")
    if found is not None and found.origin is not None:
        rc = os.path.join(os.path.dirname(found.origin), "mpl-data", "matplotlibrc")
        os.environ["MATPLOTLIBRC"] = rc
    if found is not None and figures:
        import matplotlib

        matplotlib.get_configdir = matplotlib.get_cachedir = lambda: nowhere
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "tqdm" in sys.modules:
        bar = sys.modules["tqdm"].tqdm
        bar.monitor_interval = 0  # no thread of its own
        bar.set_lock(threading.RLock())  # not one for several processes: each worker would make it


def _isolate(packages: list[str]) -> None:
    """Keep the standard library and installed packages on the path, and nothing else.

    An editable installation puts the course folder there, and with it the
    reference solutions.
    """
    paths = sysconfig.get_paths()
    kept = {paths["stdlib"], paths["platstdlib"], *packages}
    kept |= {os.path.join(path, "lib-dynload") for path in kept}
    sys.path[:] = [path for path in sys.path if path in kept]
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder in _KEPT_FINDERS]
    sys.path_importer_cache.clear()


@contextlib.contextmanager
def _ending_with(control: Channel) -> Iterator[None]:
    """End this process when the grader has gone, while it is too busy to listen.

    The thread that sees to it has ended with the block: what forks has one thread.
    """
    done, finish = os.pipe()
    poll = select.poll()
    for descriptor in (control.socket.fileno(), done):
        poll.register(descriptor, 0)  # that the other end is closed is told all the same

    def watch() -> None:
        if done not in dict(poll.poll()):
            os._exit(0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        os.close(finish)
        watcher.join()
        os.close(done)


def main() -> None:
    """Run until the grader has gone."""
    control = Channel(socket.socket(fileno=int(sys.argv[1])), Caps())
    sys.argv[1:] = []  # student code may parse it
    zygote = Forker(control)
    try:
        settings: dict[str, Any] = control.receive()
        with _ending_with(control):
            zygote.prepare(**settings)
        control.send("ready", fds=(os.pidfd_open(os.getpid()),))
        zygote.serve()
    except Closed:
        pass  # the grader has gone
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        zygote.end()
        os._exit(0)


if __name__ == "__main__":
    main()
