"""Files that are written whole or not at all."""

import os
import sys
import tempfile
from pathlib import Path

from autograder.errors import InstructorError

STANDARD_OUTPUT = "-"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a run that is killed, never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


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
