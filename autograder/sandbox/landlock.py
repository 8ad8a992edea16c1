"""Landlock: which files a worker may open, by three system calls.

No binding is kept by anyone for Python, and the three calls need none.  Their
numbers are the same on every architecture.

References
----------
Linux, ``Documentation/userspace-api/landlock.rst`` and ``include/uapi/linux/landlock.h``.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Iterable

from autograder.sandbox.system import libc, syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag of create_ruleset: tell the ABI
_PATH_BENEATH = 1
_NO_AUDIT_RECORDS = 1  # flag of restrict_self, ABI 7: a worker must not be able to flood the log

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG, MAKE_SYM = 1 << 7, 1 << 8, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

READ = READ_FILE | READ_DIR
DEVICE = READ_FILE | WRITE_FILE | TRUNCATE
PRIVATE = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE
PRIVATE |= MAKE_DIR | MAKE_REG | MAKE_SYM | REFER
_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract unix sockets, signals


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """Return the version of Landlock the kernel speaks.

    Raises
    ------
    OSError
        ENOSYS: not built in, or a container's filter refuses the call.
        EOPNOTSUPP: built in, but not among the security modules started at boot.
    """
    return syscall("landlock", _CREATE_RULESET, None, 0, _VERSION)


def _handled(version: int) -> int:
    bits = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    return (1 << bits) - 1


def restrict(version: int, rules: Iterable[tuple[int, int]]) -> None:
    """Allow this process the given rights and refuse it every other file for good.

    Needs ``no_new_privs`` or CAP_SYS_ADMIN.

    Parameters
    ----------
    version : int
        What `abi` returned.
    rules : iterable of (descriptor, rights)
        An open file or folder (``O_PATH`` is enough), and the rights below it.
    """
    handled = _handled(version)
    attributes = _Ruleset(handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = syscall("landlock", _CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for descriptor, rights in rules:
            rights &= handled
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                rights &= _OF_A_FILE
            rule = _PathBeneath(rights, descriptor)
            syscall("landlock", _ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        flags = _NO_AUDIT_RECORDS if version >= 7 else 0
        syscall("landlock", _RESTRICT_SELF, ruleset, flags)
    finally:
        os.close(ruleset)


def why_not() -> str | None:
    """Return why this kernel has no Landlock and what to do, or None where it has it."""
    try:
        libc()
        abi()
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return (
                "Landlock is built into this kernel but not switched on. Add landlock to the "
                "kernel's lsm= parameter (see /sys/kernel/security/lsm) and boot again."
            )
        if error.errno == errno.ENOSYS:
            return (
                "this kernel has no Landlock (it came with Linux 5.13). Use a newer kernel, or "
                "one built with CONFIG_SECURITY_LANDLOCK."
            )
        if error.errno == errno.EPERM:
            return (
                "the container's seccomp filter refuses Landlock. Use a newer Docker or Podman, "
                "whose default filter allows it, or run with --security-opt seccomp=unconfined."
            )
        return f"Landlock does not work here: {error}."
    return None
