"""Tell whether data sets are here, and whether their files are what they should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .folders import Location, candidates, search_folders
from .records import matches, read_records
from .registry import DATASETS, get_dataset
from .registry.dataset import Dataset


@dataclass(frozen=True)
class DatasetStatus:
    """A line of the list: the data set, and where it lies if it does."""

    dataset: Dataset
    location: Location | None

    @property
    def state(self) -> str:
        """``in package``, ``real``, ``synthetic`` or ``missing``."""
        if self.dataset.in_package:
            return "in package"
        if self.location is None:
            return "missing"
        return "synthetic" if self.location.synthetic else "real"


@dataclass(frozen=True)
class FileCheck:
    """One file: ``ok``, ``changed`` or ``unknown`` (no checksum to compare with)."""

    name: str
    status: str
    compared_with: str


@dataclass(frozen=True)
class VerifyResult:
    """One data set: ``ok`` unless it is missing or a file has changed."""

    name: str
    ok: bool
    folder: Path | None
    origin: str | None
    files: tuple[FileCheck, ...]
    message: str


def list_datasets(dest: Path | None = None) -> list[DatasetStatus]:
    """All data sets of the registry, each with its place on this machine.

    Parameters
    ----------
    dest : Path, optional
        Look in this folder only.
    """
    roots = [dest] if dest else search_folders()
    return [
        DatasetStatus(dataset, next(iter(candidates(dataset, roots)), None))
        for dataset in (DATASETS[name] for name in DATASETS)
    ]


def verify(names: Sequence[str], dest: Path | None = None) -> list[VerifyResult]:
    """Compare files with their published checksums, or else with the recorded ones.

    Parameters
    ----------
    names : sequence of str
        Names in the registry.
    dest : Path, optional
        Look in this folder only.

    Returns
    -------
    list of VerifyResult

    Raises
    ------
    DatasetError
        If a name is not in the registry.
    """
    roots = [dest] if dest else search_folders()
    return [_verify_one(get_dataset(name), roots) for name in names]


def _verify_one(dataset: Dataset, roots: Sequence[Path]) -> VerifyResult:
    if dataset.in_package:
        message = f"{dataset.name}: comes with scikit-learn"
        return VerifyResult(dataset.name, True, None, None, (), message)
    location = next(iter(candidates(dataset, list(roots))), None)
    if location is None:
        message = (
            f"{dataset.name}: expected its files in one folder, found none. "
            f"Run `python -m cs_lib.datasets {dataset.name}`."
        )
        return VerifyResult(dataset.name, False, None, None, (), message)
    checks = tuple(_check_file(dataset, location, file.name) for file in dataset.files)
    changed = [check.name for check in checks if check.status == "changed"]
    kind = location.origin or "real"
    compared = dict.fromkeys(check.compared_with for check in checks)
    what = f"{len(checks)} files, {' and '.join(compared)}"
    if changed:
        what = (
            f"{', '.join(changed)} not as expected, truncated or changed. "
            f"Run `python -m cs_lib.datasets --force {dataset.name}`."
        )
    message = f"{dataset.name}: {kind}, in {location.folder}: {what}"
    return VerifyResult(
        dataset.name, not changed, location.folder, location.origin, checks, message
    )


def _check_file(dataset: Dataset, location: Location, name: str) -> FileCheck:
    published = {file.name: file.checksum for file in dataset.files}[name]
    known = None if location.synthetic else published
    compared_with = f"checksums: {dataset.checksum_source}"
    if known is None:
        known = read_records(location.folder).get(name)
        compared_with = "as recorded when fetched or made"
    if known is None:
        return FileCheck(name, "unknown", "no checksum known")
    right = matches(location.folder / name, known)
    return FileCheck(name, "ok" if right else "changed", compared_with)
