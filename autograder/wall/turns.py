"""Grader and worker on one processor: of the two one is always waiting for the other.

On two processors each answer wakes one that sleeps, which can cost more than a short answer does,
most of all on a virtual machine.  A worker that is long at work is let go, with whatever it has
started; where the kernel moves it, because others want the same processor, the grader follows.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

LONG = 0.01
"""Seconds after which a worker is long at work."""
_ALL: set[int] = getattr(os, "sched_getaffinity", lambda _: set())(0)
_RAN_ON = 36
"""Place of the processor among the fields of ``/proc/PID/stat``, from the state on."""


class Turns:
    """Where the calling thread and a process run.

    All of it only saves time: where something is not allowed, both stay where they are.

    Parameters
    ----------
    pid : int, optional
        Of the process; without it nothing is done.
    """

    def __init__(self, pid: int | None) -> None:
        self._pid = pid if len(_ALL) > 1 else None
        self._together = False

    def join(self) -> None:
        """Keep the process where it is, and go there."""
        if self._pid is None or self._together:
            return
        try:
            here = {_processor_of(self._pid)}
            os.sched_setaffinity(self._pid, here)
            os.sched_setaffinity(0, here)
        except OSError:  # not allowed, or the process is gone
            self.part()
            self._pid = None
        else:
            self._together = True

    def let_go(self) -> None:
        """Let the process run wherever it may, and all that it has started."""
        if self._pid is not None:
            self._together = False
            for task in _tasks(self._pid):
                _anywhere(task)

    def part(self) -> None:
        """Let both run wherever they may."""
        if self._pid is not None:
            self.let_go()
            _anywhere(0)


def _anywhere(task: int) -> None:
    with contextlib.suppress(OSError):
        os.sched_setaffinity(task, _ALL)


def _processor_of(pid: int) -> int:
    """Return the processor that a process ran on last."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[_RAN_ON])


def _tasks(pid: int) -> Iterator[int]:
    """Yield the threads of a process and of its descendants."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield int(task.name)
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text().split():
                    yield from _tasks(int(child))
