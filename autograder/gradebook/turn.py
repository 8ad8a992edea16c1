"""One at a time: who works on an assignment's results, who holds the gradebook, who may write."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from autograder.course.database import PATIENCE
from autograder.course.folder import Assignment
from autograder.errors import InstructorError
from autograder.write import naming

LOCK = ".grading"
_PAUSE = 0.1


@contextmanager
def turn(assignment: Assignment, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other runs from writing an assignment's results while the block runs.

    Raises
    ------
    InstructorError
        Another run does it, or the course cannot be written.
    """
    for folder in (assignment.results, assignment.course.autograded, assignment.course.root):
        expect_writable(assignment, folder)
    assignment.results.mkdir(parents=True, exist_ok=True)
    path = assignment.results / LOCK
    with path.open("a+b", buffering=0) as file:  # what no disk takes is told once, not at the end
        if not _acquired(file.fileno(), patience):
            file.seek(0)
            raise _taken(assignment, path, patience, file.read(200).decode().strip())
        with naming(path):
            file.truncate(0)
            file.write(_who().encode())
        try:
            yield
        finally:
            file.truncate(0)


def _taken(assignment: Assignment, path: Path, patience: float, holder: str) -> InstructorError:
    holder = holder or "a process that does not say who it is"
    return InstructorError(
        f"{assignment.course.shown(path)}: expected no other run on {assignment.name}, "
        f"waited {patience:g} s for {holder}. Run the command again when that has ended."
    )


def _who() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now():%H:%M:%S}"


def _acquired(descriptor: int, patience: float) -> bool:
    """Whether a lock could be had; the kernel gives it back when a process ends, however."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def expect_writable(assignment: Assignment, folder: Path) -> None:
    """Expect that this account can write into a folder, or make it.

    Raises
    ------
    InstructorError
    """
    there = folder
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK | os.X_OK):
        raise InstructorError(
            f"{there}: expected a folder that this account can write to, got one that it cannot. "
            f"Ask its owner for the right, or grade {assignment.name} in a copy of the course."
        )


def holders(path: Path) -> str:
    """Name the other processes that have a file open, as far as this account may see them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone, or another account's
            opened = {os.path.realpath(entry) for entry in (process / "fd").iterdir()}
            if str(path.resolve()) in opened and process.name != str(os.getpid()):
                name = (process / "comm").read_text().strip()
                found.append(f"process {process.name} ({name})")
    return ", ".join(sorted(found)) or "a process of another account, or on another machine"
