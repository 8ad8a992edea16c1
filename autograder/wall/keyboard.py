"""Ctrl-C, told apart from a KeyboardInterrupt that somebody's code has raised."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def keyboard() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C was pressed inside.

    What Ctrl-C does stays as it was.
    """
    presses: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return

    def pressed(number: int, frame: FrameType | None) -> None:
        presses.append(number)
        before(number, frame)

    signal.signal(signal.SIGINT, pressed)
    try:
        yield lambda: bool(presses)
    finally:
        signal.signal(signal.SIGINT, before)
