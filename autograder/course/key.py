"""The secret course key, and the seed of every check that follows from it.

A student who knows the checks' code must not be able to compute their inputs:
the seed is a keyed hash that only the course can make.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

KEY_VARIABLE = "AUTOGRADER_KEY"
KEY_FILE = "autograder.key"


def course_key(root: Path, warn: Callable[[str], None]) -> bytes:
    """Return the course key: ``$AUTOGRADER_KEY``, else the key file, made at first use."""
    if value := os.environ.get(KEY_VARIABLE):
        return value.encode()
    path = root / KEY_FILE
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


def check_seed(key: bytes, assignment: str, check: str, student: str) -> int:
    """Return the 128-bit seed of one check for one student."""
    message = "\0".join((assignment, check, student)).encode()
    digest = hashlib.blake2b(message, key=hashlib.sha256(key).digest(), digest_size=16)
    return int.from_bytes(digest.digest(), "big")
