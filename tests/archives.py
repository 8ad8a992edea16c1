"""Archives that tests bring along."""

import tarfile
from pathlib import Path

from autograder.grade.parcel import extract


def unpack(path: Path, folder: Path) -> None:
    """Unpack a tar archive into a folder."""
    with tarfile.open(path) as archive:
        extract(archive, folder)
