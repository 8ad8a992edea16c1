"""The outer wall of level A: the zygote in namespaces of its own, on a read-only root.

Bubblewrap builds it where it is installed and works; else `launch` does the same by hand.
"""

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from autograder.sandbox.paths import DEVICES, Places, command
from autograder.sandbox.system import (
    CAP_DAC_READ_SEARCH,
    CAP_KILL,
    CAP_SETGID,
    CAP_SETUID,
    CAP_SYS_ADMIN,
)

SCRATCH = "/scratch"
"""Where each worker mounts its private folder; not /tmp, where packages may lie."""
EMPTY = (SCRATCH, "/tmp")

_NAMES = {
    CAP_DAC_READ_SEARCH: "CAP_DAC_READ_SEARCH",
    CAP_KILL: "CAP_KILL",
    CAP_SETGID: "CAP_SETGID",
    CAP_SETUID: "CAP_SETUID",
    CAP_SYS_ADMIN: "CAP_SYS_ADMIN",
}


def kept_capabilities(*, as_root: bool, read_all: bool) -> list[int]:
    """Return what the zygote keeps.

    To mount a worker's folder, and as root to make the worker somebody else.
    """
    kept = [CAP_SYS_ADMIN]
    if as_root:
        kept += [CAP_SETUID, CAP_SETGID, CAP_KILL]
    if read_all:
        kept.append(CAP_DAC_READ_SEARCH)
    return kept


def bubblewrap(places: Places, capabilities: Sequence[int], *, as_root: bool) -> list[str]:
    """Return the command that runs what follows it inside the outer wall."""
    words = [find_bubblewrap() or "bwrap", "--as-pid-1", "--unshare-cgroup-try"]
    words += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    if not as_root:
        words += ["--unshare-user", "--uid", "0", "--gid", "0"]
    words += ["--cap-drop", "ALL"]
    for number in capabilities:
        words += ["--cap-add", _NAMES[number]]
    # Folders that bubblewrap makes on the way to a mount are closed to all but their owner.
    for folder in _folders([*places.real, *DEVICES, *(path for path, _ in places.links)]):
        words += ["--dir", folder]
    for path in places.real:
        words += ["--ro-bind", path, path]
    for path, target in places.links:
        words += ["--symlink", target, path]
    for device in DEVICES:
        words += ["--dev-bind", device, device]
    for folder in EMPTY:
        words += ["--dir", folder]
    return [*words, "--remount-ro", "/", "--chdir", "/", "--"]


def _folders(paths: Iterable[str]) -> list[str]:
    """Return every folder above the paths, outermost first."""
    return sorted({str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"/"})


def by_hand(places: Places, capabilities: Sequence[int], *, as_root: bool) -> list[str]:
    """Return the same without bubblewrap."""
    settings = {
        "real": places.real,
        "links": places.links,
        "capabilities": list(capabilities),
        "as_root": as_root,
    }
    return [*command("autograder.sandbox.launch"), json.dumps(settings)]


def find_bubblewrap() -> str | None:
    """Return the path of bubblewrap, None where it is not installed."""
    return shutil.which("bwrap", path=os.defpath)
