"""Who a worker is: never root, and where possible nobody else."""

import os
import random
from pathlib import Path

from autograder.sandbox.system import (
    CAP_DAC_READ_SEARCH,
    CAP_SETGID,
    CAP_SETUID,
    CLONE_NEWUSER,
    PR_SET_KEEPCAPS,
    capabilities,
    prctl,
    set_capabilities,
    unshare,
)

# Numbers that no distribution gives out: https://systemd.io/UIDS-GIDS/ calls 60706…61183 unused.
_UNUSED = range(60706, 61184)


def can_change() -> bool:
    """Return whether this process may become any user.

    That is root with its capabilities, in a user namespace that knows the unused numbers.
    """
    if os.geteuid() != 0 or not {CAP_SETUID, CAP_SETGID} <= capabilities():
        return False
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    ranges = [(int(first), int(count)) for first, _, count in map(str.split, lines)]
    return any(f <= _UNUSED[0] and _UNUSED[-1] < f + count for f, count in ranges)


def pick() -> int:
    """Return a user number for one worker, so that no two share limits or signals."""
    return random.SystemRandom().choice(_UNUSED)


def become(number: int, *, read_all: bool) -> None:
    """Become an unprivileged user for good.

    Parameters
    ----------
    number : int
    read_all : bool
        Keep the one capability to read what is not open to all: Python may lie in
        root's home.  Landlock and the mounts still say what that is.
    """
    if read_all:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    set_capabilities([CAP_DAC_READ_SEARCH] if read_all else [])


def become_nobody() -> None:
    """Leave the user namespace's root: a namespace of its own, without any user in it.

    The kernel counts threads per user and namespace, so the limit on threads
    becomes the worker's own.
    """
    unshare(CLONE_NEWUSER)
    set_capabilities([])
