"""The data that notebooks load: stand-ins, and caches of it, made once for all submissions."""

import contextlib
from collections.abc import Collection, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.folder import Assignment
from autograder.course.kit import has_files
from autograder.kit.datasets.errors import DatasetError, DatasetNotFoundError
from autograder.kit.datasets.folders import find
from autograder.kit.datasets.registry import get_dataset
from autograder.write import readable_to_all


def stand_ins(
    assignment: Assignment, names: Collection[str] | None = None
) -> TemporaryDirectory[str] | None:
    """Return a folder with the stand-ins that each worker would make for itself, readable to all.

    None where the course has data, or needs none. What is made is the same each time.

    Parameters
    ----------
    names : collection of str, optional
        Of the assignment's data sets those that will be loaded; by default all.
    """
    wanted = [name for name in assignment.config.data if names is None or name in names]
    wanted = [name for name in wanted if has_files([name])]
    if not wanted or any(_is_there(name, assignment.course.datasets) for name in wanted):
        return None
    from autograder.kit.datasets import synthesize  # imports SciPy, which few gradings need

    folder = TemporaryDirectory(prefix="stand-ins-")
    with contextlib.suppress(DatasetError, ImportError, OSError):  # then each worker tries
        synthesize(wanted, Path(folder.name))
    readable_to_all(Path(folder.name))
    return folder


def read_ahead(assignment: Assignment) -> None:
    """Let caches lie beside real data that is slow to read: workers cannot write them."""
    from autograder.kit import datasets

    readers = {
        "cifar10": datasets.read_cifar10,
        "svhn": datasets.read_svhn,
        "svhn_extra": datasets.read_svhn_extra,
        "usps_digits": datasets.read_usps_digits,
    }
    for name in readers.keys() & assignment.config.data:
        failures = DatasetError, ImportError, MemoryError, OSError  # told by each worker
        with contextlib.suppress(*failures):
            readers[name](find(name, "real", [assignment.course.datasets]).folder)


def loaded_by(assignment: Assignment, code: Iterable[str]) -> list[str]:
    """Return the data sets of an assignment whose loader some code calls."""
    text = "\n".join(code)
    return [name for name in assignment.config.data if f"load_{name}(" in text]


def packages_to_read(names: Iterable[str]) -> set[str]:
    """Return what the loaders of data sets import."""
    files = [file.name for name in names for file in get_dataset(name).files]
    return {"scipy.io"} if any(name.endswith(".mat") for name in files) else set()


def _is_there(name: str, folder: Path) -> bool:
    try:
        find(name, roots=[folder])
    except DatasetNotFoundError:
        return False
    return True
