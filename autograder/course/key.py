"""The secret course key, and the seed of every check that follows from it.

A student who knows the checks' code must not be able to compute their inputs:
the seed is a keyed hash that only the course can make.  The student's work is part of
it: what a message shows of the inputs is of no use to the next hand-in.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import InstructorError

KEY_VARIABLE = "AUTOGRADER_KEY"
KEY_FILE = "autograder.key"


def course_key(root: Path, warn: Callable[[str], None]) -> bytes:
    """Return the course key: ``$AUTOGRADER_KEY``, else the key file, made at first use.

    Raises
    ------
    InstructorError
        The file can be neither read nor made.
    """
    if value := os.environ.get(KEY_VARIABLE):
        return value.encode()
    path = root / KEY_FILE
    try:
        return _key_of(path, warn)
    except OSError as error:
        raise InstructorError(
            f"{path}: expected the course key in a file that this account can read, got: "
            f"{error.strerror}. Let its owner give you the right (chgrp and chmod g+r), or set "
            f"${KEY_VARIABLE} to the key: another key would draw other inputs."
        ) from None


def assignment_key(
    assignment: Assignment, warn: Callable[[str], None], *, alone: bool = False
) -> bytes:
    """Return the course key for an assignment; none is made where nothing is drawn by it.

    Parameters
    ----------
    alone : bool
        Whether a single submission is graded: where no key can be kept, it gets one of its own.

    Raises
    ------
    InstructorError
        The file can be neither read nor made.
    """
    if not assignment.checks.exists():
        return b""
    root = assignment.course.root
    try:
        return course_key(root, warn)
    except InstructorError:
        if not alone or (root / KEY_FILE).exists():
            raise
    warn(
        f"{KEY_FILE}: no course key, and none can be kept here: checks draw other inputs than in "
        f"the course's own run. Set ${KEY_VARIABLE} to have the same."
    )
    return secrets.token_bytes(32)


def _key_of(path: Path, warn: Callable[[str], None]) -> bytes:
    if not path.exists():
        _create(path)
        if os.environ.get("CI"):
            warn(
                f"{KEY_FILE}: made a new course key, as ${KEY_VARIABLE} is not set. Checks draw "
                f"other inputs here than in the course's own run. Set ${KEY_VARIABLE} in CI."
            )
    return path.read_bytes().strip()


def _create(path: Path) -> None:
    # Written aside and linked into place: of two runs that start at once, one key wins whole.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def check_seed(key: bytes, assignment: str, check: str, student: str, work: str) -> int:
    """Return the 128-bit seed of one check for one student.

    Parameters
    ----------
    work : str
        Digest of what the student handed in: the same work keeps its inputs.
    """
    return _seed(key, b"student", assignment, check, student, work)


def course_seed(key: bytes, assignment: str, check: str) -> int:
    """Return the 128-bit seed of what one check draws alike for all students."""
    return _seed(key, b"course", assignment, check)


def _seed(key: bytes, purpose: bytes, *names: str) -> int:
    message = "\0".join(names).encode()
    secret = hashlib.sha256(key).digest()
    digest = hashlib.blake2b(message, key=secret, digest_size=16, person=purpose)
    return int.from_bytes(digest.digest(), "big")
