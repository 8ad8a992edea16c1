"""A forked child, as the grader holds it."""

import contextlib
import os
import select
import signal

from autograder.sandbox import pid_of


class Process:
    """A forked child by its pidfd: valid across pid namespaces, never another process.

    ``pid`` is its number in the zygote's namespace, ``pid_here`` in the grader's.
    """

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self.pid_here = pid_of(pidfd)
        self._pidfd = pidfd

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to exactly this process."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within that time."""
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def close(self) -> None:
        """Give up the descriptor; the process goes on."""
        os.close(self._pidfd)
