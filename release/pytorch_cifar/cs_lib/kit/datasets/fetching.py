"""Fetch data sets: find, lock, download, verify, unpack, place.

Everything is put together in ``<folder>/.staging`` and moved into place when it has been
verified, so a reader never sees half a file and a bad download leaves the old file alone.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import pooch
import requests

from .archives import unpack
from .downloads import TIMEOUT_SECONDS, ResumingDownloader
from .errors import DatasetError, FetchError
from .failures import explain_failure, worth_retrying
from .folders import candidates, destination, search_folders, writable
from .records import matches, read_records, record
from .registry import get_dataset
from .registry.dataset import Dataset, Download

LOCK_SECONDS = 3600
SPARE_BYTES = 16 << 20  # left free beside what the download takes


@dataclass(frozen=True)
class Options:
    """How to fetch.

    Attributes
    ----------
    mirror : str or None
        Address or folder that has the same file names; tried before the registry's addresses.
    force : bool
        Fetch although the files are there.
    attempts : int
        Attempts at one address that bring no new byte before it is given up.
    first_wait : float
        Seconds before the second attempt; doubled each time.
    """

    mirror: str | None = None
    force: bool = False
    progress: bool = True
    attempts: int = 4
    first_wait: float = 1.0
    timeout: tuple[float, float] = TIMEOUT_SECONDS
    say: Callable[[str], None] = print


@dataclass(frozen=True)
class FetchResult:
    """What became of one data set: ``ok``, where it lies, and a line for people."""

    name: str
    ok: bool
    folder: Path | None
    message: str


def fetch(
    names: Sequence[str], dest: Path | None = None, options: Options | None = None
) -> list[FetchResult]:
    """Fetch data sets, each on its own: one that fails does not stop the others.

    Parameters
    ----------
    names : sequence of str
        Names in the registry.
    dest : Path, optional
        Folder to write to; by default `cs_lib.datasets.folders.destination`, and then a data set
        that is already complete in any searched folder is left there.
    options : Options, optional

    Returns
    -------
    list of FetchResult

    Raises
    ------
    DatasetError
        If a name is not in the registry.
    """
    options = options or Options()
    datasets = [get_dataset(name) for name in names]
    results = []
    for dataset in datasets:
        try:
            results.append(_fetch_one(dataset, dest, options))
        except DatasetError as error:
            results.append(FetchResult(dataset.name, False, None, str(error)))
    return results


def _fetch_one(dataset: Dataset, dest: Path | None, options: Options) -> FetchResult:
    if dataset.in_package:
        return FetchResult(dataset.name, True, None, f"{dataset.name}: comes with scikit-learn")
    present = _present(dataset, [dest] if dest else search_folders())
    if present is not None and not options.force:
        return FetchResult(dataset.name, True, present, f"{dataset.name}: already in {present}")
    root = dest or destination()
    if not writable(root):
        raise FetchError(
            f"{dataset.name}: expected a folder to write to, got {root}, which is read-only. "
            "Name another with --dest."
        )
    folder, staging = root / dataset.name, root / ".staging" / dataset.name
    with _locked(staging, dataset.name, options):
        # Whoever held the lock before may just have fetched it.
        if not options.force and _present(dataset, [root]) is not None:
            message = f"{dataset.name}: already in {folder}"
            return FetchResult(dataset.name, True, folder, message)
        for download in dataset.downloads:
            _install(dataset, download, folder, staging, options)
    return FetchResult(dataset.name, True, folder, f"{dataset.name}: in {folder}{_said(dataset)}")


def _said(dataset: Dataset) -> str:
    unpublished = [file.name for file in dataset.files if file.checksum is None]
    if not unpublished:
        return ""
    return f" (no checksum is published for {', '.join(unpublished)}: recorded on this first fetch)"


def _present(dataset: Dataset, roots: Sequence[Path]) -> Path | None:
    """A folder that has the real data set, every file with its checksum."""
    for location in candidates(dataset, list(roots)):
        if not location.synthetic and all(
            file_is_right(location.folder, file.name, file.checksum) for file in dataset.files
        ):
            return location.folder
    return None


def file_is_right(folder: Path, name: str, known: str | None) -> bool:
    """Does a file have its published checksum, or else the recorded one, where there is one?"""
    known = known or read_records(folder).get(name)
    return known is None or matches(folder / name, known)


@contextmanager
def _locked(staging: Path, name: str, options: Options) -> Iterator[None]:
    staging.mkdir(parents=True, exist_ok=True)
    # All users of a shared folder must be able to open the lock that one of them made.
    lock = filelock.FileLock(staging / "lock", mode=0o666)
    try:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            options.say(f"{name}: another process fetches it into {staging.parent.parent}; waiting")
            lock.acquire(timeout=LOCK_SECONDS)
    except filelock.Timeout:
        raise FetchError(
            f"{name}: expected the lock {staging / 'lock'} within {LOCK_SECONDS} s, but another "
            "process holds it. Wait for that one, or end it and try again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _no_address(dataset: str, file: str) -> FetchError:
    return FetchError(
        f"{dataset}: {file} is handed out by the course, no public address is "
        f"known. Name where it lies, `--mirror FOLDER-or-URL`, or make a stand-in: "
        f"`python -m cs_lib.datasets --synthetic {dataset}`."
    )


def _install(
    dataset: Dataset, download: Download, folder: Path, staging: Path, options: Options
) -> None:
    """Bring one download into place, unpacked if it is an archive."""
    downloader = ResumingDownloader(
        staging / f"{download.name}.part",
        download.size,
        checked=download.checksum is not None,
        progress=options.progress,
        timeout=options.timeout,
    )
    try:
        check_space(dataset.name, folder, (download.size or 0) - downloader.have(), download)
        path = _download(dataset, download, downloader, staging, options)
        names = _put_in_place(path, download, folder, staging)
        unrecorded = [f.name for f in dataset.files if f.checksum is None and f.name in names]
        if unrecorded:
            record(folder, unrecorded)
    except OSError as error:
        raise FetchError(explain_failure(dataset.name, folder, error)) from None
    finally:
        shutil.rmtree(staging / "unpacked", ignore_errors=True)


def _put_in_place(path: Path, download: Download, folder: Path, staging: Path) -> list[str]:
    """Move what was downloaded, or is packed in it, into the data set's folder."""
    names, source = [download.name], staging
    if download.contents:
        names, source = [file.name for file in download.contents], staging / "unpacked"
        unpack(path, download.contents, source)
        path.unlink()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(source / name, folder / name)
    return names


def check_space(name: str, folder: Path, to_come: int, download: Download) -> None:
    """Refuse a download that the disk has no room for.

    Raises
    ------
    FetchError
        If fewer bytes are free than the rest of the download and its contents take.
    """
    folder.mkdir(parents=True, exist_ok=True)
    need = max(to_come, 0) + download.unpacked_size + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < need:
        raise FetchError(
            f"{name}: expected {need / 1e6:,.0f} MB free for {folder}, got {free / 1e6:,.0f} MB. "
            "Free some space, or name a folder on another disk with --dest."
        )


def _download(
    dataset: Dataset,
    download: Download,
    downloader: ResumingDownloader,
    staging: Path,
    options: Options,
) -> Path:
    """Try the addresses in turn; return the verified file in ``staging``."""
    urls = list(download.urls)
    if options.mirror:
        urls.insert(0, _join(options.mirror, download.name))
    if not urls:
        raise _no_address(dataset.name, download.name)
    reasons = []
    for url in urls:
        try:
            return _from_one_address(url, download, downloader, staging, options)
        except (requests.RequestException, ValueError, FileNotFoundError) as error:
            reasons.append(explain_failure(dataset.name, url, error))
    raise FetchError(
        f"{dataset.name}: {download.name} could not be fetched.\n  "
        + "\n  ".join(reasons)
        + f"\n  To work without it: `python -m cs_lib.datasets --synthetic {dataset.name}`."
    )


def _join(mirror: str, name: str) -> str:
    if mirror.startswith(("http://", "https://", "file:")):
        return f"{mirror.rstrip('/')}/{name}"
    return str(Path(mirror).expanduser().absolute() / name)


def _from_one_address(
    url: str,
    download: Download,
    downloader: ResumingDownloader,
    staging: Path,
    options: Options,
) -> Path:
    pooch.get_logger().setLevel("WARNING")  # its lines name temporary paths; ours say enough
    failures, wait = 0, options.first_wait
    (staging / download.name).unlink(missing_ok=True)
    while True:
        before = downloader.have()
        try:
            path = pooch.retrieve(
                url,
                known_hash=download.checksum,
                fname=download.name,
                path=staging,
                downloader=downloader,
            )
            return Path(path)
        except ValueError:  # pooch: the checksum is not the known one
            if not downloader.resumed:
                raise
            downloader.resumed = False  # perhaps two versions were put together: once more, whole
        except requests.RequestException as error:
            failures = 1 if downloader.have() > before else failures + 1
            if not worth_retrying(error) or failures >= options.attempts:
                raise
            if failures == 1:
                wait = options.first_wait
            options.say(f"{download.name}: {error}; trying again in {wait:g} s")
            time.sleep(wait)
            wait *= 2
