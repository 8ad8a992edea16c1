"""Files that are written whole or not at all."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import InstructorError

STANDARD_OUTPUT = "-"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a run that is killed, never sees half of it.

    Only a regular file is replaced. Into a device, a pipe or the target of a link the bytes
    go as they are, as ``open(path, "wb")`` would write them.
    """
    with naming(path):
        _write(path, content)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say in an OSError which file it is about: of a full disk the system does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not _is_replaceable(path):
        path.write_bytes(content)
        return
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:30]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, by their paths in it; folders are made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _is_replaceable(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def write_text(place: str, text: str) -> None:
    """Write to a file, or to standard output where the place is ``-``.

    Raises
    ------
    InstructorError
        The file cannot be written.
    """
    if place == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    path = Path(place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8"))
    except OSError as error:
        raise InstructorError(
            f"{path}: expected a place to write the result, got: {error.strerror}. "
            "Choose another path."
        ) from None


def readable_to_all(folder: Path) -> None:
    """Let every user read what lies in a folder: workers are none of those who made it."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
