"""Stand-ins of the data that notebooks load, made once for all submissions where there are none."""

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.folder import Assignment
from autograder.course.kit import has_files
from autograder.kit.datasets.errors import DatasetError, DatasetNotFoundError
from autograder.kit.datasets.folders import find
from autograder.write import readable_to_all


def stand_ins(assignment: Assignment) -> TemporaryDirectory[str] | None:
    """Return a folder with the stand-ins that each worker would make for itself, readable to all.

    None where the course has data, or needs none. What is made is the same each time.
    """
    wanted = [name for name in assignment.config.data if has_files([name])]
    if not wanted or any(_is_there(name, assignment.course.datasets) for name in wanted):
        return None
    from autograder.kit.datasets import synthesize  # imports SciPy, which few gradings need

    folder = TemporaryDirectory(prefix="stand-ins-")
    with contextlib.suppress(DatasetError, ImportError, OSError):  # then each worker tries
        synthesize(wanted, Path(folder.name))
    readable_to_all(Path(folder.name))
    return folder


def _is_there(name: str, folder: Path) -> bool:
    try:
        find(name, roots=[folder])
    except DatasetNotFoundError:
        return False
    return True
