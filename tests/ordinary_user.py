"""Run tests once more as an ordinary user, when the tests run as root.

The user gets a copy of the engine and the tests.  Where Python lies in a folder
that is closed to him, as in root's home, it is opened in a mount namespace of its
own; where that is not allowed either, the test that asked is skipped and says so.
"""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import system
from autograder.sandbox.paths import readable

ROOT = Path(__file__).parent.parent
ONCE_MORE = "TESTS_ONCE_MORE"
"""Set in the environment of tests that another user has run already."""
USER = 60705  # not in the range that workers of root use


def run_tests(*paths, timeout=600):
    """Run the tests of the given paths as an ordinary user; skip where that cannot be done."""
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    with tempfile.TemporaryDirectory(prefix="ordinary-user-") as folder:
        copy = Path(folder) / "course"
        for name in ("autograder", "tests"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignore)
        for name in ("pyproject.toml", "requirements.txt", "nbgrader_config.py"):
            shutil.copy(ROOT / name, copy)
        for path in [Path(folder), *Path(folder).rglob("*")]:
            os.chown(path, USER, USER)
        arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", folder + "/tmp"]
        ended = subprocess.run(
            [sys.executable, __file__, *arguments, *paths],
            cwd=copy,
            env={
                **os.environ,
                "HOME": folder,
                "TMPDIR": folder,
                "PYTHONPATH": str(copy),
                ONCE_MORE: "1",
            },
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    if ended.returncode == CANNOT:
        pytest.skip(f"NOT run as an ordinary user: {ended.stderr.strip()}")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    print(ended.stdout)


CANNOT = 99


def main():
    """Become the user, with Python in reach, and run the interpreter with our arguments."""
    try:
        _open_the_way(readable())
    except OSError as error:
        print(f"Python is closed to others and cannot be opened: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])


def _open_the_way(places):
    """Replace each closed folder on the way by an open one that holds only what is needed."""
    behind = {path: folder for path in places.real if (folder := _closed_folder(path))}
    links = [(path, target) for path, target in places.links if _closed_folder(path)]
    if not behind:
        return
    system.unshare(system.CLONE_NEWNS)
    system.mount("none", "/", "", system.MS_REC | system.MS_PRIVATE)
    opened = {path: os.open(path, os.O_PATH) for path in behind}
    for folder in set(behind.values()):
        system.mount("none", folder, "tmpfs", 0, "mode=755")
    for path, number in opened.items():
        source = f"/proc/self/fd/{number}"
        os.makedirs(path if os.path.isdir(source) else os.path.dirname(path), exist_ok=True)
        if not os.path.isdir(source):
            Path(path).touch()
        system.mount(source, path, "", system.MS_BIND)
    for path, target in links:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def _closed_folder(path):
    """Return the outermost folder above a path that others may not pass."""
    above = [folder for folder in reversed(Path(path).parents) if folder.exists()]
    return next((str(f) for f in above if not f.stat().st_mode & stat.S_IXOTH), None)


if __name__ == "__main__":
    main()
