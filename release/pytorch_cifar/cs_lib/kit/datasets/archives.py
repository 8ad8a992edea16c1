"""Unpack only what the registry names, each file checked before it is used."""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from .errors import FetchError
from .records import matches
from .registry.dataset import DataFile


def unpack(archive: Path, contents: Sequence[DataFile], folder: Path) -> None:
    """Unpack the named files of a tar archive.

    Names, links, devices and modes of the archive itself are never used to write anything, so it
    cannot reach outside ``folder``.

    Parameters
    ----------
    archive : Path
    contents : sequence of DataFile
        Files to take, with their checksums.
    folder : Path
        Made if it is missing.

    Raises
    ------
    FetchError
        If a file is missing, is not a regular file, or has another checksum.
    """
    try:
        with tarfile.open(archive) as tar:
            for file in contents:
                _unpack_one(tar, file, folder / file.name)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FetchError(
            f"{archive.name}: expected a tar archive, got one that cannot be read ({error}). "
            "Fetch it again, or use another --mirror."
        ) from None


def _unpack_one(tar: tarfile.TarFile, file: DataFile, target: Path) -> None:
    try:
        member = tar.getmember(file.name)
    except KeyError:
        raise FetchError(
            f"{Path(str(tar.name)).name}: expected it to hold {file.name}, found no such member. "
            "Use another --mirror."
        ) from None
    source = tar.extractfile(member) if member.isreg() else None
    if source is None:
        raise FetchError(
            f"{Path(str(tar.name)).name}: {file.name}: expected a regular file, got a link or a "
            "device. Use another --mirror."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    if file.checksum is not None and not matches(target, file.checksum):
        raise FetchError(
            f"{Path(str(tar.name)).name}: {file.name}: expected checksum {file.checksum}, got "
            "another. Use another --mirror."
        )
