"""What a worker may read: Python, its packages, shared libraries, fonts, time zones."""

import os
import stat
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
PACKAGE = Path(__file__).resolve().parents[1]
"""The engine's own folder; the folder above it is often the course, with the answers."""
_MOST_LINKS = 40  # as many as the kernel follows


@dataclass(frozen=True)
class Places:
    """Files and folders by their real path, and the links that lead to them."""

    real: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def python() -> list[str]:
    """Return what the running Python needs of its own.

    Never a whole prefix: a virtual environment may stand in the course folder.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base_lib = os.path.join(sys.base_prefix, "lib")
    packages = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [
        sys.executable,
        os.path.join(sys.prefix, "pyvenv.cfg"),
        os.path.join(sys.prefix, "lib", version),
        base_lib,
        os.path.join(sys.base_prefix, "bin", version),
        *packages,
    ]


def command(module: str) -> list[str]:
    """Return the command that runs ``main`` of one of our modules in a clean interpreter.

    The package need not be installed: an interpreter without the environment and
    the current folder would not find it.
    """
    start = f"import sys; sys.path.insert(0, sys.argv.pop(1)); from {module} import main; main()"
    return [sys.executable, "-I", "-B", "-c", start, str(PACKAGE.parent)]


def readable(extra: Iterable[Path] = ()) -> Places:
    """Return all that is read-only inside the wall, where it exists."""
    wanted = [*_SYSTEM, *python(), *(str(path.absolute()) for path in extra)]
    real: set[str] = set()
    links: dict[str, str] = {}
    for path in wanted:
        if os.path.exists(path):
            real.add(_follow(path, links))
    outermost = tuple(sorted(path for path in real if not _below(path, real - {path})))
    kept = tuple(sorted((a, b) for a, b in links.items() if not _below(a, outermost)))
    return Places(outermost, kept)


def _follow(path: str, links: dict[str, str]) -> str:
    """Return the real path, noting every link on the way."""
    for _ in range(_MOST_LINKS):
        walked = "/"
        parts = [part for part in path.split("/") if part]
        for place, part in enumerate(parts):
            step = os.path.join(walked, part)
            if os.path.islink(step):
                links[step] = os.readlink(step)
                rest = parts[place + 1 :]
                path = os.path.normpath(os.path.join(walked, links[step], *rest))
                break
            walked = step
        else:
            return walked
    raise OSError(f"{path}: more than {_MOST_LINKS} links on the way")


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder.rstrip("/") + "/") for folder in folders)


def open_to_all(path: str, *, parents: bool) -> bool:
    """Return whether a user without any right of his own can read below a path.

    Parameters
    ----------
    path : str
        A file or folder; of a folder the entries are looked at too.
    parents : bool
        Whether the folders on the way must be open as well.
    """
    if parents and not all(_allows(str(p), stat.S_IXOTH) for p in Path(path).parents):
        return False
    if not os.path.isdir(path):
        return _allows(path, stat.S_IROTH)
    if not _allows(path, stat.S_IROTH | stat.S_IXOTH):
        return False
    with os.scandir(path) as entries:
        return all(
            _allows(entry.path, stat.S_IROTH | (stat.S_IXOTH if entry.is_dir() else 0))
            for entry in entries
            if not entry.is_symlink()
        )


def _allows(path: str, bits: int) -> bool:
    return os.stat(path).st_mode & bits == bits
