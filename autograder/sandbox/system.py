"""The few Linux calls that Python 3.11 has no function for."""

import contextlib
import ctypes
import functools
import os
import platform
from collections.abc import Sequence
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MS_REMOUNT, MS_RDONLY = 0x20, 0x1
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS = 1, 4, 8
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38

CAP_DAC_READ_SEARCH, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN = 2, 5, 6, 7, 21
LAST_CAPABILITY = 63
MOST_DESCRIPTORS = 1 << 16  # more than any process of ours opens
_CAPABILITY_VERSION = 0x20080522

# The two calls glibc has no wrapper for and whose number differs between machines, or is new.
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR = 442


@functools.cache
def libc() -> ctypes.CDLL:
    """Return the C library.

    Raises
    ------
    OSError
        This is not Linux.
    """
    if platform.system() != "Linux":
        raise OSError(f"expected Linux, got {platform.system()}")
    return ctypes.CDLL(None, use_errno=True)


def pid_of(pidfd: int) -> int | None:
    """Return the number that a process has here, whatever it is called in a namespace of its own.

    Returns
    -------
    int or None
        None where it has ended, or cannot be seen from here.
    """
    with contextlib.suppress(OSError, KeyError):
        told = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
        pid = int(dict(line.split(":\t") for line in told.splitlines())["Pid"])
        return pid if pid > 0 else None
    return None


def checked(name: str, result: int) -> int:
    """Return the result of a C call, or raise its error with the call's name."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(name: str, number: int, *arguments: object) -> int:
    """Make a system call by its number.  Integers are passed as C longs.

    Raises
    ------
    OSError
    """
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return checked(name, libc().syscall(ctypes.c_long(number), *longs))


def prctl(option: int, argument: int = 0, pointer: object = None) -> None:
    zero = ctypes.c_ulong(0)
    third = zero if pointer is None else pointer
    checked(f"prctl({option})", libc().prctl(option, ctypes.c_ulong(argument), third, zero, zero))


def unshare(flags: int) -> None:
    checked("unshare", libc().unshare(flags))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    result = libc().mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()
    )
    checked(f"mount {target}", result)


def unmount(target: str) -> None:
    checked(f"umount {target}", libc().umount2(target.encode(), MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"pivot_root: its number on {platform.machine()} is not known")
    syscall("pivot_root", number, new.encode(), old.encode())


def make_read_only(target: str, *, devices: bool) -> None:
    """Make a mount and all mounts below it read-only, without set-uid programs."""

    class Attributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]

    bits = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | (0 if devices else MOUNT_ATTR_NODEV)
    attributes = Attributes(bits, 0, 0, 0)
    syscall(
        f"mount_setattr {target}",
        _MOUNT_SETATTR,
        AT_FDCWD,
        target.encode(),
        AT_RECURSIVE,
        ctypes.byref(attributes),
        ctypes.sizeof(attributes),
    )


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def capabilities() -> set[int]:
    """Return the capabilities in force."""
    sets = (_Sets * 2)()
    header = _Header(_CAPABILITY_VERSION, 0)
    checked("capget", libc().capget(ctypes.byref(header), ctypes.byref(sets)))
    bits = sets[0].effective | sets[1].effective << 32
    return {number for number in range(LAST_CAPABILITY + 1) if bits >> number & 1}


def set_capabilities(numbers: Sequence[int]) -> None:
    """Keep these capabilities, give up all others for good."""
    bits = sum(1 << number for number in numbers)
    sets = (_Sets * 2)(
        _Sets(bits & 0xFFFFFFFF, bits & 0xFFFFFFFF, 0), _Sets(bits >> 32, bits >> 32, 0)
    )
    header = _Header(_CAPABILITY_VERSION, 0)
    checked("capset", libc().capset(ctypes.byref(header), ctypes.byref(sets)))
