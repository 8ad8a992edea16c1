"""Huge pages for the zygote: a fork and the end of a child go through every page that is mapped.

What a zygote has of its own memory is moved into pages of 2 MB, where the kernel does so at a
request (Linux 6.1).  A child that writes gets a small page of its own, as without.
"""

import contextlib
import ctypes
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.system import libc, pid_of

_MADV_COLLAPSE = 25
_HUGE = 1 << 21
_OWN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\])?")


def own_memory(pidfd: int) -> list[tuple[int, int]]:
    """Return where a process has memory that is no file's, in whole huge pages.

    It cannot look itself: a zygote of level A has no /proc.

    Returns
    -------
    list of (int, int)
        Start and end; empty where it cannot be read.
    """
    pid = pid_of(pidfd)
    if pid is None:
        return []
    with contextlib.suppress(OSError):
        lines = map(_OWN.fullmatch, Path(f"/proc/{pid}/maps").read_text().splitlines())
        found = [[int(address, 16) for address in line.groups()] for line in lines if line]
        whole = [(-(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE) for start, end in found]
        return [(start, end) for start, end in whole if start < end]
    return []


def join_pages(ranges: Iterable[tuple[int, int]]) -> int:
    """Move this process's memory there into huge pages, as far as the kernel does so.

    Returns
    -------
    int
        How many ranges were moved whole.
    """
    moved = 0
    for start, end in ranges:
        size = ctypes.c_size_t(end - start)
        moved += libc().madvise(ctypes.c_void_p(start), size, _MADV_COLLAPSE) == 0
    return moved
