"""Resource limits of a worker: memory, processor time, files, threads."""

import ctypes
import os
import resource
from collections.abc import Mapping

from autograder.sandbox.levels import Policy
from autograder.sandbox.system import libc

_MIB = 1 << 20
_STACK = 8 * _MIB  # a recursion without end dies of a fault it cannot turn into memory


def address_space() -> int:
    """Return how much address space this process uses, in bytes.

    Inside the wall there is no /proc to read it from, so the limit itself is
    asked: lowered until one page more does not fit.
    """
    page = resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, (1 << 47) // page  # one page does not fit below low, fits at high
    while high - low > 1:
        middle = (low + high) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle * page, before[1]))
        fits = _one_page_fits(page)
        resource.setrlimit(resource.RLIMIT_AS, before)
        low, high = (low, middle) if fits else (middle, high)
    return low * page


def _one_page_fits(page: int) -> bool:
    mmap, munmap = libc().mmap, libc().munmap
    mmap.restype = ctypes.c_void_p
    private_anonymous = 0x22
    address = mmap(None, ctypes.c_size_t(page), 0, private_anonymous, -1, ctypes.c_long(0))
    if address == ctypes.c_void_p(-1).value:
        return False
    munmap(ctypes.c_void_p(address), ctypes.c_size_t(page))
    return True


def threads_of_this_user() -> int:
    """Return how many threads run under this user number, by /proc; 0 where there is none."""
    own = os.getuid()
    total = 0
    for entry in os.scandir("/proc") if os.path.isdir("/proc") else ():
        if not entry.name.isdigit():
            continue
        try:
            if entry.stat().st_uid == own:
                total += len(os.listdir(f"/proc/{entry.name}/task"))
        except OSError:
            continue  # ended meanwhile
    return total


def limits(policy: Policy, *, in_use: int) -> Mapping[int, int]:
    """Return the limits of a worker but that on threads.

    Parameters
    ----------
    policy : Policy
    in_use : int
        Address space that the zygote had before it took up the submission, in bytes.
    """
    return {
        resource.RLIMIT_AS: in_use + policy.memory_mb * _MIB,
        resource.RLIMIT_CPU: policy.cpu_seconds,
        resource.RLIMIT_FSIZE: policy.file_mb * _MIB,
        resource.RLIMIT_NOFILE: policy.open_files,
        resource.RLIMIT_STACK: _STACK,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_NICE: 0,
    }


def apply(limits: Mapping[int, int]) -> None:
    """Set limits for good; none is raised above what this process may have."""
    for kind, value in limits.items():
        # A second after the signal that tells of the processor time, the kernel kills.
        wanted = value + 1 if kind == resource.RLIMIT_CPU else value
        hard = resource.getrlimit(kind)[1]
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (min(value, allowed), allowed))
