"""An assignment as one parcel of bytes: all that grading reads of a course folder.

A machine that has no course folder unpacks it, and grades as the course's own would.
"""

import contextlib
import hashlib
import io
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course.folder import Assignment, Course
from autograder.course.kit import data_files
from autograder.errors import InstructorError
from autograder.kit.datasets.folders import SYNTHETIC_FOLDER

_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", ".cache"}
KEPT = 4
"""Parcels that stay unpacked on a machine, for the next run."""
PASSAGE = 0o711
"""Workers that have given up their user's rights go through these folders to the data sets."""


@dataclass(frozen=True)
class Parcel:
    """An assignment, packed.

    Attributes
    ----------
    assignment : str
        Its name.
    digest : str
        Of all that is in it: equal courses give equal digests.
    content : bytes
        A tar archive.
    """

    assignment: str
    digest: str
    content: bytes


def pack(assignment: Assignment) -> Parcel:
    """Pack what grading an assignment reads.

    Submissions, results, the gradebook and the course key are not in it.
    """
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for path in _files(assignment):
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(assignment.course.root).as_posix())
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return Parcel(assignment.name, _digest(file.getvalue()), file.getvalue())


def _files(assignment: Assignment) -> Iterator[Path]:
    course = assignment.course
    folders = [assignment.folder, course.shared_checks, course.library]
    folders += [assignment.source, assignment.release]
    files = [course.datasets / "README.md"]
    for data in assignment.config.data:
        files += data_files(data, course.datasets)  # they may lie flat there
        folders += [course.datasets / data, course.datasets / SYNTHETIC_FOLDER / data]
    files += [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in dict.fromkeys(files):
        if path.is_file() and _LEFT_OUT.isdisjoint(path.relative_to(course.root).parts):
            yield path


def unpack(parcel: Parcel, cache: Path) -> Assignment:
    """Return the assignment of a parcel, unpacked below a folder of this machine.

    Raises
    ------
    InstructorError
        The bytes are not those that were packed.
    """
    place = cache / parcel.digest
    if not place.is_dir():
        found = _digest(parcel.content)
        if found != parcel.digest:
            raise InstructorError(
                f"{parcel.assignment}: expected the parcel {parcel.digest}, got {found}. "
                "It was damaged on its way: run the command again."
            )
        cache.mkdir(mode=PASSAGE, parents=True, exist_ok=True)
        _forget_oldest(cache)
        _extract(parcel.content, place)
    return unpacked(parcel.assignment, parcel.digest, cache)


def extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack an archive of ours; Python 3.11.2, which Debian 12 has, knows no filters yet."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)


def _extract(content: bytes, place: Path) -> None:
    """Unpack beside the place and move there, so that nobody finds half an assignment."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as temporary:
        new = Path(temporary) / "course"
        new.mkdir(mode=PASSAGE)
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            extract(archive, new)
        for folder in new.iterdir():
            if folder.is_dir() and folder.name != "datasets":
                folder.chmod(0o700)  # solutions
        with contextlib.suppress(FileExistsError):  # another worker was first
            new.rename(place)


def _forget_oldest(cache: Path) -> None:
    parcels = [path for path in cache.iterdir() if re.fullmatch("[0-9a-f]{32}", path.name)]
    for path in sorted(parcels, key=lambda path: path.stat().st_mtime)[: -KEPT + 1]:
        shutil.rmtree(path, ignore_errors=True)


def unpacked(assignment: str, digest: str, cache: Path) -> Assignment:
    """Return the assignment of a parcel that was unpacked before."""
    return Course(cache / digest).assignment(assignment)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
