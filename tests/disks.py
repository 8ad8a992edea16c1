"""Run a command on a disk of its own that is full, or cannot be written; see `on_a_disk`.

The disk lies in a mount namespace of this process alone: nothing of it is seen, or
left, outside.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.sandbox import system
from tests.same import left_behind

SIZE = 8 << 20
CANNOT = 99


def on_a_disk(kind, course, *command, room=0):
    """Run a command in a course whose disk is full or cannot be written, and again when it can.

    Parameters
    ----------
    kind : {"full", "read-only"}
    course : Path
        Is copied onto the disk, and seen there at the same place.
    *command : str
        Of `autograder`.
    room : int
        Bytes that are left of the full disk.

    Returns
    -------
    list of dict
        ``code``, ``out`` and ``err`` of both runs; of the second after a full disk also ``left``,
        all that is there then.
    """
    arguments = [sys.executable, "-m", "tests.disks", kind, str(course), str(room), *command]
    ended = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if ended.returncode == CANNOT:
        pytest.skip(f"NOT tried on a disk that is {kind}: {ended.stderr.strip()}")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def main(kind, course, room, *command):
    """Mount the disk, copy the course there, and run the command twice."""
    copied = Path(course).with_name("copied")
    shutil.copytree(course, copied)
    try:
        system.unshare(system.CLONE_NEWNS)
        system.mount("none", "/", "", system.MS_REC | system.MS_PRIVATE)
        system.mount("none", course, "tmpfs", 0, f"size={SIZE},mode=755")
    except OSError as error:
        print(f"no disk can be mounted here: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    shutil.copytree(copied, course, dirs_exist_ok=True)
    os.chdir(course)
    if kind == "read-only":
        system.mount("none", course, "tmpfs", system.MS_REMOUNT | system.MS_RDONLY)
        first = run(command)
        system.mount("none", course, "tmpfs", system.MS_REMOUNT)
    else:
        filler = _filled(Path(course, "filler"), int(room))
        first = run(command)
        filler.unlink()
    again = run(command)
    if kind == "full":
        again["left"] = sorted(left_in(course))
    print(json.dumps([first, again]))


def left_in(course):
    """Return all that a run left behind, but for times, as JSON holds it."""
    left = left_behind(Course(Path(course)).assignment("tiny"))
    return [[str(name), str(value)] for part in left.values() for name, value in part.items()]


def _filled(filler, room):
    """Fill the disk but for some bytes."""
    with filler.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(bytes(4096)) == 4096:
                pass
        file.truncate(max(0, file.tell() - room))
    return filler


def run(command):
    """Run a command of `autograder` in this folder."""
    ended = subprocess.run(
        [sys.executable, "-m", "autograder", *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AUTOGRADER_KEY": "key"},
    )
    return {"code": ended.returncode, "out": ended.stdout, "err": ended.stderr}


if __name__ == "__main__":
    main(*sys.argv[1:])
