"""Checksums that were recorded here: of files for which none is published.

They lie in ``checksums.json`` beside the files, so that a later look can tell whether a file has
changed since it was fetched or made.
"""

import hashlib
import json
import os
from pathlib import Path

FILE_NAME = "checksums.json"


def read_records(folder: Path) -> dict[str, str]:
    """Recorded checksums of a data set's folder by file name; empty if there are none."""
    try:
        records = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return records if isinstance(records, dict) else {}


def record(folder: Path, names: list[str]) -> None:
    """Record the checksums of files as they are now, beside those already recorded."""
    records = read_records(folder) | {name: checksum(folder / name) for name in names}
    text = json.dumps(records, indent=2, sort_keys=True) + "\n"
    draft = folder / f"{FILE_NAME}.{os.getpid()}"
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, folder / FILE_NAME)


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Checksum of a file as ``algorithm:hex digits``."""
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


def matches(path: Path, known: str) -> bool:
    """Does a file have a checksum?"""
    return checksum(path, known.partition(":")[0]) == known
