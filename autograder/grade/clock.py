"""The time that a submission may take, kept in one place."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Clock:
    """Runs from its start, and stands still while the grader works for itself.

    Parameters
    ----------
    seconds : float
        What the submission may take in all.
    now : callable
        Gives the time in seconds.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._now = now
        self._end = now() + seconds
        self._paused_at: float | None = None

    @property
    def left(self) -> float:
        """Seconds that are left; not above zero where the time is up."""
        return self._end - (self._now() if self._paused_at is None else self._paused_at)

    def give(self, seconds: float) -> None:
        """Give back time: what was done in it is done again."""
        self._end += seconds

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let the clock stand still inside; a pause within a pause is part of it."""
        if self._paused_at is not None:
            yield
            return
        self._paused_at = self._now()
        try:
            yield
        finally:
            self._end += self._now() - self._paused_at
            self._paused_at = None
