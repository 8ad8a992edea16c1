"""Frames over a socket, with a deadline: the same code on both sides of the wall.

Strictly request and answer: a frame may be followed by nothing until the other
side has spoken, so bytes after it, or before a request, are a breach.
"""

import math
import select
import socket
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.wire import (
    HEADER,
    Admit,
    BadReply,
    Caps,
    Remote,
    Tensor,
    Value,
    admit_none,
    decode,
    encode,
    frame_sizes,
)

_READ = 1 << 16
_FD = np.dtype(np.intc)


class Closed(Exception):
    """The other side is gone."""


class Expired(Exception):
    """The deadline passed."""


class Channel:
    """One end of a stream socket that carries frames.

    Parameters
    ----------
    sock : socket
        Unix stream socket; owned by the channel.
    caps : Caps
        The most that a frame may hold, in both directions.
    watch : int, optional
        A pidfd; when its process has ended the other side is gone, even
        where somebody else still holds the socket.
    admit : callable
        Gives what is taken for each `Remote` and `RandomGenerator` that comes in;
        by default there may be none.
    """

    def __init__(
        self,
        sock: socket.socket,
        caps: Caps,
        watch: int | None = None,
        admit: Admit = admit_none,
    ) -> None:
        self.socket = sock
        self.caps = caps
        self.admit = admit
        self.received_fds: list[int] = []
        self.received_bytes = 0  # of the last value
        self.patience = math.inf  # seconds of one wait until `on_long_wait` is called
        self.on_long_wait: Callable[[], None] = lambda: None
        self._watch = watch
        self._polls: dict[int, select.poll] = {}
        sock.setblocking(False)

    def close(self) -> None:
        """End the connection, once."""
        self.socket.close()

    def send(
        self,
        value: Value,
        deadline: float | None = None,
        *,
        handle: Callable[[object], Remote | Tensor] | None = None,
        fds: tuple[int, ...] = (),
    ) -> None:
        """Send one value, and file descriptors along with it.

        Raises
        ------
        NotPlain
            The value cannot travel; nothing was sent.
        Closed, Expired
        """
        for piece in encode(value, self.caps, handle):
            view = memoryview(piece)
            while view:
                view = view[self._send_some(view, deadline, fds) :]
                fds = ()

    def _send_some(self, view: memoryview, deadline: float | None, fds: tuple[int, ...]) -> int:
        while True:
            try:
                if fds:
                    return socket.send_fds(self.socket, [view], list(fds))
                return self.socket.send(view, socket.MSG_NOSIGNAL)
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError:
                raise Closed from None

    def receive(self, deadline: float | None = None, *, max_fds: int = 0) -> Value:
        """Receive one value; descriptors that came with it are in `received_fds`.

        Raises
        ------
        BadReply
            Not a value, more than the caps allow, or more than one frame.
        Closed, Expired
        """
        start = self._read_some(deadline, max_fds)
        while len(start) < HEADER.size:
            start += self._read_some(deadline)
        body_size, buffer_size = frame_sizes(start[: HEADER.size], self.caps)
        self.received_bytes = body_size + buffer_size
        rest = start[HEADER.size :]
        if len(rest) > body_size + buffer_size:
            raise BadReply("more than one answer")
        # empty: pages are touched only as far as bytes really arrive
        space = np.empty(body_size + buffer_size + 16, np.uint8)
        address = space.__array_interface__["data"][0]
        space = space[-(address + body_size) % 16 :][: body_size + buffer_size]
        view = space.data
        view[: len(rest)] = rest
        filled = len(rest)
        while filled < len(view):
            filled += self._read_into(view[filled:], deadline)
        return decode(bytes(view[:body_size]), space[body_size:], self.caps, self.admit)

    def expect_silence(self) -> None:
        """Check that the other side has not spoken unasked.

        Raises
        ------
        BadReply, Closed
        """
        try:
            if self.socket.recv(1, socket.MSG_PEEK):
                raise BadReply("an answer that was not asked for")
        except BlockingIOError:
            return
        except OSError:
            pass
        raise Closed

    def _read_some(self, deadline: float | None, max_fds: int = 0) -> bytes:
        def read() -> bytes:
            if not max_fds:
                return self.socket.recv(_READ)
            # not socket.recv_fds: it drops the flags, and every child would inherit them
            room = socket.CMSG_LEN(max_fds * _FD.itemsize)
            data, extra, _, _ = self.socket.recvmsg(_READ, room, socket.MSG_CMSG_CLOEXEC)
            for level, kind, content in extra:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    self.received_fds += np.frombuffer(content, _FD).tolist()
            return data

        data: bytes = self._retry(read, deadline)
        return data

    def _read_into(self, view: memoryview, deadline: float | None) -> int:
        count: int = self._retry(lambda: self.socket.recv_into(view), deadline)
        return count

    def _retry(self, read: Callable[[], Any], deadline: float | None) -> Any:
        while True:
            try:
                result = read()
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError:
                raise Closed from None
            if not result:
                raise Closed
            return result

    def _wait(self, event: int, deadline: float | None) -> None:
        poll = self._polls.get(event) or self._new_poll(event)
        seconds = math.inf if deadline is None else max(deadline - time.monotonic(), 0)
        ready = _polled(poll, min(seconds, self.patience))
        if not ready and seconds > self.patience:
            self.on_long_wait()
            ready = _polled(poll, seconds - self.patience)
        if not ready:
            raise Expired
        if self.socket.fileno() not in dict(ready):
            raise Closed

    def _new_poll(self, event: int) -> select.poll:
        """Return what waits for an event of the socket, or the end of the process beyond it."""
        poll = self._polls[event] = select.poll()
        poll.register(self.socket, event)
        if self._watch is not None:
            poll.register(self._watch, select.POLLIN)
        return poll


def _polled(poll: select.poll, seconds: float) -> list[tuple[int, int]]:
    return poll.poll(None if seconds == math.inf else seconds * 1000)
