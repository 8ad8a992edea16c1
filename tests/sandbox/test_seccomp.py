"""The system calls a worker can and cannot make."""

import json
import os
import signal

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import seccomp

pyseccomp = pytest.importorskip("pyseccomp", reason="the filter needs libseccomp (Linux)")

REFUSED = [
    "accept",
    "accept4",
    "acct",
    "add_key",
    "adjtimex",
    "bind",
    "bpf",
    "capset",
    "chown",
    "chroot",
    "clock_settime",
    "connect",
    "delete_module",
    "execve",
    "execveat",
    "fanotify_init",
    "fchown",
    "fchownat",
    "finit_module",
    "flock",
    "fork",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "get_robust_list",
    "getxattr",
    "init_module",
    "inotify_init1",
    "io_cancel",
    "io_setup",
    "io_submit",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "lchown",
    "link",
    "linkat",
    "listen",
    "listxattr",
    "lookup_dcookie",
    "mbind",
    "memfd_create",
    "memfd_secret",
    "migrate_pages",
    "mincore",
    "mlock",
    "mlock2",
    "mlockall",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "mq_open",
    "msgget",
    "msgsnd",
    "name_to_handle_at",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "personality",
    "pidfd_getfd",
    "pidfd_open",
    "pidfd_send_signal",
    "pivot_root",
    "pkey_alloc",
    "process_madvise",
    "process_mrelease",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "reboot",
    "recvmmsg",
    "recvmsg",
    "remap_file_pages",
    "removexattr",
    "request_key",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "seccomp",
    "semget",
    "sendmmsg",
    "sendmsg",
    "set_mempolicy",
    "setdomainname",
    "setfsgid",
    "setfsuid",
    "setgid",
    "setgroups",
    "sethostname",
    "setns",
    "setpgid",
    "setpriority",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setrlimit",
    "setsid",
    "setsockopt",
    "settimeofday",
    "setuid",
    "setxattr",
    "shmat",
    "shmget",
    "signalfd4",
    "socket",
    "splice",
    "swapoff",
    "swapon",
    "sync",
    "syncfs",
    "syslog",
    "tee",
    "timer_create",
    "timerfd_create",
    "tkill",
    "truncate",
    "umount2",
    "unshare",
    "userfaultfd",
    "vfork",
    "vhangup",
    "vmsplice",
]

RAW = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def raw(number, *arguments):
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *longs)
    return os.strerror(ctypes.get_errno()) if result < 0 else result
"""


def number(name):
    return pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)


def test_what_is_not_allowed_is_refused_at_every_level(walled):
    known = {name: number(name) for name in REFUSED if number(name) >= 0}
    assert len(known) > 100
    source = RAW + (
        f"for name, number in {json.dumps(known)}.items():\n"
        "    report[name] = raw(number, 0, 0, 0, 0, 0, 0)\n"
    )
    report = walled.run(source)
    allowed = {name: report[name] for name in known if report[name] != "Operation not permitted"}
    assert allowed == {}


def test_calls_of_tomorrow_are_refused(walled):
    report = walled.run(RAW + "report['answer'] = raw(999, 0)")
    assert report["answer"] == "Operation not permitted"


def test_new_processes_are_refused_and_threads_work(walled):
    report = walled.run(
        RAW
        + f"""
import threading, subprocess
SIGCHLD, CLONE_VM, CLONE_PARENT = 17, 0x100, 0x8000
report["fork"] = attempt(os.fork)
report["clone"] = raw({number("clone")}, SIGCHLD, 0, 0, 0, 0)
report["clone with shared memory"] = raw({number("clone")}, CLONE_VM | SIGCHLD, 0, 0, 0, 0)
report["clone as sibling"] = raw({number("clone")}, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)
report["clone in a namespace"] = raw({number("clone")}, 0x10000000 | 0x10000, 0, 0, 0, 0)
report["clone3"] = raw({number("clone3")}, 0, 0)
report["program"] = attempt(subprocess.run, ["/bin/true"])
done = []
thread = threading.Thread(target=lambda: done.append(1)); thread.start(); thread.join()
report["thread"] = done
"""
    )
    for name in ("fork", "clone", "clone with shared memory", "clone as sibling"):
        assert report[name] == "Operation not permitted", name
    assert report["clone in a namespace"] == "Operation not permitted"
    assert report["clone3"] == "Function not implemented"
    assert "permitted" in report["program"]
    assert report["thread"] == [1]


def test_signals_reach_only_oneself(walled):
    report = walled.run(
        """
import os, signal
got = []
signal.signal(signal.SIGUSR1, lambda *_: got.append(1))
os.kill(os.getpid(), signal.SIGUSR1)
signal.pthread_kill(__import__("threading").get_ident(), signal.SIGUSR1)
report["own"] = got
for name, pid in {"all": -1, "group": 0, "parent": os.getppid() or 1, "init": 1}.items():
    report[name] = attempt(os.kill, pid, 0)
"""
    )
    assert report["own"] == [1, 1]
    for name in ("all", "group", "parent", "init"):
        assert report[name] == "Operation not permitted", name


def test_no_signal_by_way_of_a_descriptor(walled):
    report = walled.run(
        """
import fcntl, socket, os
one, two = socket.socketpair()
F_SETSIG, F_SETOWN_EX = 10, 15
for name, command in {"own": fcntl.F_SETOWN, "sig": F_SETSIG, "own_ex": F_SETOWN_EX}.items():
    report[name] = attempt(fcntl.fcntl, one, command, 1)
report["lease"] = attempt(fcntl.fcntl, one, fcntl.F_SETLEASE, 0)
FIOSETOWN, TIOCSTI = 0x8901, 0x5412
report["ioctl"] = attempt(fcntl.ioctl, one, FIOSETOWN, b"1234")
report["typing"] = attempt(fcntl.ioctl, one, TIOCSTI, b"x")
report["flags"] = attempt(fcntl.fcntl, one, fcntl.F_GETFL)
"""
    )
    for name in ("own", "sig", "own_ex", "lease", "ioctl", "typing"):
        assert report[name] == "Operation not permitted", name
    assert isinstance(report["flags"], int)


def test_sockets_only_as_a_stream_pair_without_addresses(walled):
    report = walled.run(
        """
import socket, asyncio
for name, family, kind in (
    ("tcp", socket.AF_INET, socket.SOCK_STREAM), ("udp", socket.AF_INET6, socket.SOCK_DGRAM),
    ("unix", socket.AF_UNIX, socket.SOCK_STREAM), ("netlink", socket.AF_NETLINK, socket.SOCK_RAW),
):
    report[name] = attempt(socket.socket, family, kind)
report["datagram pair"] = attempt(socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM)
report["packet pair"] = attempt(socket.socketpair, socket.AF_UNIX, socket.SOCK_SEQPACKET)
one, two = socket.socketpair()
one.send(b"x")
report["stream pair"] = two.recv(1).decode()
report["to an address"] = attempt(one.sendto, b"x", "\\0abstract")
report["connect"] = attempt(one.connect, "\\0abstract")
report["descriptor"] = attempt(socket.send_fds, one, [b"x"], [0])
async def nap():
    await asyncio.sleep(0)
    return "slept"
report["asyncio"] = asyncio.run(nap())
"""
    )
    refused = ("tcp", "udp", "unix", "netlink", "datagram pair", "packet pair")
    for name in (*refused, "to an address", "connect", "descriptor"):
        assert report[name] == "Operation not permitted", name
    assert report["stream pair"] == "x"
    assert report["asyncio"] == "slept"


def test_reading_cannot_truncate(filed, tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "data.txt").write_text("kept")
    report = filed.run(
        f"""
import os
path = {str(tmp_path / "data.txt")!r}
report["read"] = open(path).read()
report["truncate reading"] = attempt(os.open, path, os.O_RDONLY | os.O_TRUNC)
report["truncate by mode 3"] = attempt(os.open, path, 3 | os.O_TRUNC)
report["mode 3"] = attempt(os.open, path, 3)
report["truncate"] = attempt(os.truncate, path, 0)
report["write"] = attempt(open, path, "w")
report["mode"] = attempt(os.chmod, path, 0)
report["times"] = attempt(os.utime, path, (0, 0))
""",
        data=tmp_path,
    )
    assert report.pop("read") == "kept"
    assert [name for name, answer in report.items() if isinstance(answer, int)] == ["status"]
    assert (tmp_path / "data.txt").read_text() == "kept"


def test_nothing_can_be_opened_at_level_c():
    from tests.sandbox.conftest import GUESTS

    report = GUESTS["C"].run(
        """
import os
report["open"] = attempt(open, "/dev/null")
report["listing"] = attempt(os.listdir, "/")
report["stat"] = attempt(os.stat, "/etc/passwd")
report["fstat"] = os.fstat(0).st_size
report["chdir"] = attempt(os.chdir, "/")
report["link"] = attempt(os.readlink, "/proc/self/exe")
report["make"] = attempt(os.mkdir, "/tmp/x")
"""
    )
    for name in ("open", "listing", "stat", "chdir", "link", "make"):
        assert report[name] == "Operation not permitted", name
    assert report["fstat"] == 0


def test_another_calling_convention_kills(walled):
    """int 0x80 makes 32-bit system calls, which have other numbers."""
    if os.uname().machine != "x86_64":
        pytest.skip("only x86_64 has a second calling convention")
    report = walled.run(
        """
import ctypes, mmap
code = bytes.fromhex("b814000000cd80c3")  # mov eax, 20 (getpid); int 0x80; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""
    )
    assert report["status"] == -signal.SIGSYS


def test_without_libseccomp_there_is_no_filter(monkeypatch):
    monkeypatch.setattr(seccomp, "available", lambda: False)
    seccomp.build.cache_clear()
    with pytest.raises(SandboxUnavailable, match="libseccomp"):
        seccomp.build(files=True, attributes=True)
    seccomp.build.cache_clear()
