"""The handles that a worker gives: all that an answer may refer to.

What a worker writes is a claim.  Of an answer only ``object:N`` without a path is
a handle: a number given before stands for what it stood for then, and a new one is
higher than all before it.  Names, paths, numbers that were given up or never given
belong to requests alone; an answer with one of them is a breach.
"""

from dataclasses import replace

from autograder.text import printable
from autograder.wire import BadReply, RandomGenerator, Remote

LONGEST_NAME = 80
"""Of a type, as messages show it."""
_KIND = "object:"


class Handles:
    """The handles that one worker has given and that have not been given up."""

    def __init__(self) -> None:
        self._live: dict[str, Remote] = {}
        self._highest = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._live)

    def admit(self, stand_in: Remote | RandomGenerator) -> Remote:
        """Return the handle that an answer speaks of.

        Raises
        ------
        BadReply
            It is none that this worker may give.
        """
        if not isinstance(stand_in, Remote) or stand_in.path:
            raise BadReply("a reference that is no handle")
        known = self._live.get(stand_in.root)
        if known is not None:
            return known
        kind, _, number = stand_in.root.partition(":")
        if f"{kind}:" != _KIND or number != str(int(number)) or int(number) <= self._highest:
            raise BadReply("a handle that it does not have")
        self._highest = int(number)
        shown = replace(stand_in, type_name=printable(stand_in.type_name, LONGEST_NAME, keep=""))
        self._live[shown.root] = shown
        return shown

    def forget(self) -> None:
        """Give up all handles; none of their numbers may come again."""
        self._live.clear()
