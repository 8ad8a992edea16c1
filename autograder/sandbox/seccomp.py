"""Seccomp: which system calls a worker may make.

An allow-list: what is not named here is refused with EPERM, what a kernel adds
tomorrow too.  The grader builds the program once with libseccomp; a worker only
patches its own process number in and loads it.
"""

import ctypes
import errno
import functools
import os
import struct

from autograder.errors import SandboxUnavailable
from autograder.sandbox.system import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl

_MODE_FILTER = 2
_OWN_PID = 0x7EADBEEF  # stands for the worker's process number until it is known
_INSTRUCTION = struct.Struct("=HBBI")

_MEMORY = "brk madvise mmap mprotect mremap msync munmap"
_THREADS = """
    exit exit_group futex get_thread_area getcpu gettid membarrier restart_syscall rseq
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
    sched_getscheduler sched_yield set_robust_list set_tid_address
"""
_TIME = """
    alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep pause
    setitimer time times
"""
_SIGNALS = """
    rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
    sigaltstack
"""
_ABOUT_ITSELF = """
    getcwd getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom
    getresgid getresuid getrlimit getrusage getsid getuid sysinfo umask uname
"""
_DESCRIPTORS = """
    close close_range copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
    epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 fadvise64 fallocate fdatasync fstat
    fstatfs fsync ftruncate getpeername getsockname getsockopt lseek pipe pipe2 poll ppoll pread64
    preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readv recvfrom select sendfile shutdown
    write writev
"""
_FILES = """
    access chdir faccessat faccessat2 fchdir getdents64 lstat mkdir mkdirat newfstatat
    readlink readlinkat rename renameat renameat2 rmdir stat statfs statx symlink symlinkat unlink
    unlinkat
"""
# Landlock does not govern these: only where all but the private folder is mounted read-only.
_ATTRIBUTES = "chmod fchmod fchmodat utime utimensat utimes"
# glibc and others use older calls when told that these do not exist.
_UNKNOWN = "clone3 fchmodat2 openat2"

_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
"""F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW and the three OFD locks,
F_DUPFD_CLOEXEC, F_GETPIPE_SZ.  Not F_SETOWN and F_SETSIG, by which a process can send any signal
to another, nor leases and seals."""
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX"""
_PRCTL = (15, 16, 0x53564D41)
"""PR_SET_NAME PR_GET_NAME PR_SET_VMA"""
_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF
_AT_EMPTY_PATH = 0x1000


def available() -> bool:
    """Return whether libseccomp is there to build a program with."""
    try:
        import pyseccomp  # noqa: F401  (raises where the C library is missing)
    except (ImportError, RuntimeError, OSError):
        return False
    return True


@functools.cache
def build(*, files: bool, attributes: bool) -> bytes:
    """Build the program of a level.

    Parameters
    ----------
    files : bool
        Allow opening files; which ones is then for Landlock and the mounts to say.
    attributes : bool
        Allow changing the mode and times of files.

    Returns
    -------
    bytes
        BPF instructions for `install`.

    Raises
    ------
    SandboxUnavailable
        libseccomp is not installed.
    """
    if not available():
        raise SandboxUnavailable(
            "seccomp: expected the library libseccomp, found none. "
            "Install it (Debian, Ubuntu: apt install libseccomp2) and run again."
        )
    import pyseccomp

    program = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    program.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    names = _MEMORY + _THREADS + _TIME + _SIGNALS + _ABOUT_ITSELF + _DESCRIPTORS
    names += (_FILES if files else "") + (_ATTRIBUTES if attributes else "")
    for name in names.split():
        _rule(program, pyseccomp.ALLOW, name)
    for name in _UNKNOWN.split():
        _rule(program, pyseccomp.ERRNO(errno.ENOSYS), name)
    _conditional_rules(program, files=files)
    return _exported(program)


def _conditional_rules(program: object, *, files: bool) -> None:
    from pyseccomp import ALLOW, EQ, MASKED_EQ, Arg

    for command in _FCNTL:
        _rule(program, ALLOW, "fcntl", Arg(1, EQ, command))
    for request in _IOCTL:
        _rule(program, ALLOW, "ioctl", Arg(1, EQ, request))
    for option in _PRCTL:
        _rule(program, ALLOW, "prctl", Arg(0, EQ, option))
    thread = Arg(0, MASKED_EQ, _CLONE_THREAD | _CLONE_NAMESPACES, _CLONE_THREAD)
    _rule(program, ALLOW, "clone", thread)
    _rule(program, ALLOW, "kill", Arg(0, EQ, _OWN_PID))
    _rule(program, ALLOW, "tgkill", Arg(0, EQ, _OWN_PID))
    _rule(program, ALLOW, "prlimit64", Arg(0, EQ, 0), Arg(2, EQ, 0))  # asking, not setting
    # A datagram socket of a pair could still be sent from to any address; a stream cannot.
    stream = Arg(1, MASKED_EQ, _SOCK_TYPE_MASK, _SOCK_STREAM)
    _rule(program, ALLOW, "socketpair", Arg(0, EQ, _AF_UNIX), stream)
    _rule(program, ALLOW, "sendto", Arg(4, EQ, 0))
    if files:
        for name, flags in (("open", 1), ("openat", 2)):
            for accepted in _open_modes(flags):
                _rule(program, ALLOW, name, accepted)
    else:
        _rule(program, ALLOW, "newfstatat", Arg(3, EQ, _AT_EMPTY_PATH))


def _open_modes(flags: int) -> list[object]:
    """Return conditions on the flags of an open call.

    Landlock learned of truncation with its third version: before, opening for
    reading, or with the undocumented access mode 3, could empty a file.
    """
    from pyseccomp import MASKED_EQ, Arg

    mode, truncate = os.O_ACCMODE, os.O_TRUNC
    return [
        Arg(flags, MASKED_EQ, mode | truncate, os.O_RDONLY),
        Arg(flags, MASKED_EQ, mode, os.O_WRONLY),
        Arg(flags, MASKED_EQ, mode, os.O_RDWR),
    ]


def _rule(program: object, action: int, name: str, *conditions: object) -> None:
    import pyseccomp

    try:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    except OSError:
        return  # unknown to this libseccomp, so it stays refused
    program.add_rule(action, number, *conditions)  # type: ignore[attr-defined]


def _exported(program: object) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        program.export_bpf(file)  # type: ignore[attr-defined]
        file.seek(0)
        return file.read()


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(program: bytes) -> None:
    """Load a program for this process, for good.

    Raises
    ------
    OSError
    """
    own = b"".join(
        _INSTRUCTION.pack(code, yes, no, os.getpid() if value == _OWN_PID else value)
        for code, yes, no, value in _INSTRUCTION.iter_unpack(program)
    )
    loaded = _Program(len(own) // _INSTRUCTION.size, own)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(loaded))
