"""The files inside a submission: a folder, a zip or a tar, read as hostile.

Nothing is unpacked to disk, no link is followed, and no more than asked for is
read, so that neither a name nor a size in an archive can do harm.
"""

import bz2
import errno
import gzip
import os
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, cast

from autograder.errors import SubmissionError

MOST_ENTRIES = 10_000
MOST_FOLDERS_DEEP = 16
LONGEST_NAME = 255
LARGEST_ARCHIVE = 512 << 20  # bytes, a packed tar's after unpacking too
NOISE = frozenset(
    {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".DS_Store"}
    | {".venv", "venv", "site-packages"}
)
"""What editors, systems and environments leave behind: nobody's work."""
INNER = 0.25
"""An archive inside a submission may be so much of the size of one, and hold so many files."""
MOST_INNER = 8
"""Archives inside a submission that are looked into."""
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")

_DIRECTORY_ENTRY = b"PK\x01\x02"


class Refused(Exception):
    """One entry is not taken; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A file in a submission.

    Attributes
    ----------
    name : str
        Its path with slashes, as the archive gives it.
    refusal : str
        Why it is not to be read, empty where it may be.
    content : callable
        Returns at most the asked number of bytes; raises `Refused`.
    noise : bool
        A program left it; of a whole folder there is this one entry.
    """

    name: str
    refusal: str
    content: Callable[[int], bytes]
    noise: bool = False


def is_archive(name: str) -> bool:
    """Tell by its name whether a file is an archive of a kind that is read."""
    return name.lower().endswith(ENDINGS)


def inner_entries(entry: Entry, opened: ExitStack) -> list[Entry]:
    """Return the files of an archive inside a submission, their names behind its own.

    Contents may be read until ``opened`` closes.

    Raises
    ------
    SubmissionError, Refused
        It cannot be read, or is too large.
    """
    largest = int(INNER * LARGEST_ARCHIVE)
    content = entry.content(largest + 1)
    if len(content) > largest:
        raise Refused(f"larger than {largest >> 20} MB")
    folder = opened.enter_context(tempfile.TemporaryDirectory())
    path = Path(folder) / "archive"
    path.write_bytes(content)
    found = opened.enter_context(entries(path, INNER))
    return [replace(inner, name=f"{entry.name}/{inner.name.removeprefix('./')}") for inner in found]


@contextmanager
def entries(path: Path, times: float = 1) -> Iterator[list[Entry]]:
    """Yield the files of a folder, zip or tar; contents may be read until the block ends.

    Parameters
    ----------
    times : float
        How many submissions it may hold: so many times their limits are its own.

    Raises
    ------
    SubmissionError
        It is none of these, or has too many files.
    """
    if path.is_symlink():
        raise SubmissionError(f"{path.name}: expected a folder or a file, got a link.")
    if path.is_dir():
        yield _limited(_folder(str(path), times), path.name, times)
        return
    size = path.stat().st_size
    if size > times * LARGEST_ARCHIVE:
        raise SubmissionError(
            f"{path.name}: expected at most {int(times * LARGEST_ARCHIVE) >> 20} MB, "
            f"got {size >> 20} MB. Hand in without data sets."
        )
    with ExitStack() as opened:
        with _guarded(path.name):
            found = _limited(_archive(path, opened, times), path.name, times)
        yield found


def _archive(path: Path, opened: ExitStack, times: float) -> Iterator[Entry]:
    file = opened.enter_context(path.open("rb"))
    # By its start: a tar that ends with a zip would pass for one by its end.
    if file.read(2) == b"PK":
        _count_zip(file, path.name, times)
        return _zip(opened.enter_context(zipfile.ZipFile(file)))
    return _tar(
        opened.enter_context(tarfile.open(fileobj=_unpacked(file, opened, times), mode="r:"))
    )


def _limited(found: Iterator[Entry], name: str, times: float) -> list[Entry]:
    kept, noise = [], set()
    for entry in found:
        parts = entry.name.split("/")
        first = next((at for at, part in enumerate(parts) if part in NOISE), None)
        if first is None:
            kept.append(entry)
        else:
            inside = "/" if parts[first + 1 :] else ""
            noise.add("/".join(parts[: first + 1]) + inside)
        if len(kept) + len(noise) > times * MOST_ENTRIES:
            raise _too_many(name, times)
    return [*kept, *(Entry(path, "left by a program", _nothing, True) for path in sorted(noise))]


def _too_many(name: str, times: float) -> SubmissionError:
    return SubmissionError(
        f"{name}: expected at most {int(times * MOST_ENTRIES)} files, got more. "
        "Hand in only the assignment's folder."
    )


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    """Turn whatever an archive library raises on hostile bytes into a readable error."""
    try:
        yield
    except SubmissionError:
        raise
    except Exception as error:
        raise SubmissionError(
            f"{name}: expected a zip or tar archive, got a damaged or unknown file "
            f"({type(error).__name__}). Make the archive again and submit it."
        ) from None


def _folder(root: str, times: float) -> Iterator[Entry]:
    waiting = [(root, "", 0)]
    while waiting:
        folder, prefix, depth = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                items = sorted(
                    islice(listing, int(times * MOST_ENTRIES) + 1), key=lambda found: found.name
                )
        except OSError as error:
            yield Entry(prefix, f"cannot be opened ({error.strerror})", _nothing)
            continue
        for item in items:
            name = prefix + item.name
            if not item.is_dir(follow_symlinks=False):
                yield _file(item, name)
            elif item.name in NOISE:
                yield Entry(f"{name}/", "", _nothing)
            elif depth < MOST_FOLDERS_DEEP:
                waiting.append((item.path, f"{name}/", depth + 1))
            else:
                yield Entry(f"{name}/", "lies too deep", _nothing)
        if len(waiting) > times * MOST_ENTRIES:
            raise _too_many(os.path.basename(root), times)


def _nothing(most: int) -> bytes:
    return b""


def _file(item: os.DirEntry[str], name: str) -> Entry:
    status = item.stat(follow_symlinks=False)
    return Entry(name, _refusal(status.st_mode, links=status.st_nlink), _opener(item.path))


def _refusal(mode: int, *, links: int = 1) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if not stat.S_ISREG(mode):
        return "no ordinary file"
    return "a hard link to another file" if links > 1 else ""


def _opener(path: str) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        try:
            # The file may have been changed since it was looked at: the open file is what counts.
            number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            what = "a symbolic link" if error.errno == errno.ELOOP else error.strerror
            raise Refused(f"cannot be read ({what})") from None
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise Refused("no ordinary file")
            return file.read(most)

    return content


def _count_zip(file: IO[bytes], name: str, times: float) -> None:
    """Refuse a zip with too many entries before the library makes an object of each."""
    count, tail = 0, b""
    file.seek(0)
    while block := file.read(1 << 20):
        count += (tail + block).count(_DIRECTORY_ENTRY)
        tail = block[-(len(_DIRECTORY_ENTRY) - 1) :]
    if count > times * MOST_ENTRIES:
        raise _too_many(name, times)
    file.seek(0)


def _zip(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        yield Entry(
            info.filename.replace("\\", "/"), _zip_refusal(info), _zip_reader(archive, info)
        )


def _zip_refusal(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) and (refusal := _refusal(mode)):
        return refusal
    if info.flag_bits & 1:
        return "protected by a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed by an unusual method"
    return ""


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        try:
            with archive.open(info) as file:
                return file.read(most)
        except Exception as error:  # lengths and checksums that lie, overlapping entries
            raise Refused(f"damaged in the archive ({type(error).__name__})") from None

    return content


def _unpacked(file: IO[bytes], opened: ExitStack, times: float) -> IO[bytes]:
    """Return a tar without its compression, in a nameless file of a limited size."""
    file.seek(0)
    start = file.read(3)
    file.seek(0)
    packed: IO[bytes]
    if start.startswith(b"\x1f\x8b"):
        packed = cast(IO[bytes], gzip.GzipFile(fileobj=file))
    elif start == b"BZh":
        packed = bz2.BZ2File(file)
    else:
        return file
    plain = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (closed with the rest)
    while block := packed.read(1 << 20):
        if plain.tell() > times * LARGEST_ARCHIVE:
            raise ValueError("unpacks to too much")
        plain.write(block)
    plain.seek(0)
    return plain


def _tar(archive: tarfile.TarFile) -> Iterator[Entry]:
    for info in archive:
        if not info.isdir():
            yield Entry(info.name, _tar_refusal(info), _tar_reader(archive, info))


def _tar_refusal(info: tarfile.TarInfo) -> str:
    if info.issym():
        return "a symbolic link"
    if info.islnk():
        return "a hard link to another file"
    return "" if info.isreg() and not info.issparse() else "no ordinary file"


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        try:
            file = archive.extractfile(info)
            return file.read(most) if file else b""
        except Exception as error:
            raise Refused(f"damaged in the archive ({type(error).__name__})") from None

    return content
