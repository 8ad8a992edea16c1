"""What a check keeps of what came back, to explain a failure with: no more than so many bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any


class Cut:
    """Stands where a value was that is not kept."""

    def __repr__(self) -> str:
        return "a value that was not kept"


CUT = Cut()
_SMALL = (bool, int, float, complex, str, bytes, type(None))


class Kept:
    """The answers that a check keeps, the last ones first of all.

    Parameters
    ----------
    limit : int
        Bytes; the newest answer is kept even where it is larger.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.cut = 0
        """Number of answers that are kept no longer."""
        self._total = 0
        self._answers: deque[tuple[int, Callable[[], None]]] = deque()

    def add(self, size: int, drop: Callable[[], None]) -> None:
        """Keep an answer of some bytes, and let others go for it.

        Parameters
        ----------
        drop : callable
            Lets it go when it is its turn.
        """
        self._answers.append((size, drop))
        self._total += size
        while self._total > self.limit and len(self._answers) > 1:
            oldest, let_go = self._answers.popleft()
            self._total -= oldest
            self.cut += 1
            let_go()

    @property
    def note(self) -> str:
        """What a result says of what was cut."""
        return (
            f"Explained by the last {self.limit >> 20} MB of what your code returned here: what "
            "came before was not kept. The verdict does not depend on it."
        )


def small(value: Any) -> Any:
    """Return a value that takes no room, and `CUT` for another."""
    return value if type(value) in _SMALL else CUT
