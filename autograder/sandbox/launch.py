"""Run a program inside the outer wall of level A, built by hand.

Started as `autograder.sandbox.namespaces.by_hand` says, with its settings and the
program as arguments.  The outer process waits; the program is process 1 of a
process namespace of its own and takes all that is in it along when it ends.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from autograder.sandbox import system
from autograder.sandbox.namespaces import EMPTY
from autograder.sandbox.paths import DEVICES

_BASE = "/tmp"  # only a place to mount the new root on
_OLD = "/.old"


def main() -> NoReturn:
    """Run the program in the new namespaces and end with its exit status."""
    wanted, program = json.loads(sys.argv[1]), sys.argv[2:]
    _leave_namespaces(as_root=wanted["as_root"])
    child = os.fork()
    if not child:
        _become(program, wanted)
    os.closerange(3, system.MOST_DESCRIPTORS)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def _become(program: Sequence[str], wanted: dict[str, Any]) -> NoReturn:
    system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    build_root(wanted["real"], wanted["links"])
    _limit_capabilities(wanted["capabilities"])
    os.execv(program[0], list(program))


def _leave_namespaces(*, as_root: bool) -> None:
    flags = system.CLONE_NEWNS | system.CLONE_NEWPID | system.CLONE_NEWNET | system.CLONE_NEWIPC
    flags |= system.CLONE_NEWUTS
    user, group = os.getuid(), os.getgid()
    if as_root:
        system.unshare(flags)
        return
    system.unshare(flags | system.CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"0 {user} 1"),
        ("gid_map", f"0 {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def build_root(real: Iterable[str], links: Iterable[tuple[str, str]]) -> None:
    """Move to a root that holds nothing but the given paths, read-only."""
    system.mount("none", "/", "", system.MS_REC | system.MS_PRIVATE)
    system.mount("none", _BASE, "tmpfs", system.MS_NOSUID | system.MS_NODEV, "mode=755")
    os.mkdir(_BASE + _OLD)
    os.chdir(_BASE)
    system.pivot_root(".", _BASE + _OLD)
    os.chdir("/")
    for path in real:
        _bind(path, devices=False)
    for path in DEVICES:
        _bind(path, devices=True)
    for path, target in links:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
    for folder in EMPTY:
        os.makedirs(folder, exist_ok=True)
    system.unmount(_OLD)
    os.rmdir(_OLD)
    safe = system.MS_NOSUID | system.MS_NODEV
    system.mount("none", "/", "", system.MS_REMOUNT | system.MS_BIND | system.MS_RDONLY | safe)


def _bind(path: str, *, devices: bool) -> None:
    source = _OLD + path
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
    system.mount(source, path, "", system.MS_BIND | system.MS_REC)
    system.make_read_only(path, devices=devices)


def _limit_capabilities(kept: Sequence[int]) -> None:
    """Give up what is not kept; as user 0 the program gets all that stays in the bounding set."""
    for number in set(range(system.LAST_CAPABILITY + 1)) - set(kept):
        with contextlib.suppress(OSError):  # numbers this kernel does not know
            system.prctl(system.PR_CAPBSET_DROP, number)
