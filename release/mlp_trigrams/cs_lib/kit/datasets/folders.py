"""Where data sets lie: the folders that are searched, and the one to write to."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import DatasetNotFoundError
from .origin import read_origin
from .registry import get_dataset
from .registry.dataset import Dataset

SYNTHETIC_FOLDER = "synthetic"
_LEVELS_UP = 5
"""Deep enough for ``submitted/<student>/<assignment>`` in a course folder."""


@dataclass(frozen=True)
class Location:
    """Where one data set lies.

    Attributes
    ----------
    folder : Path
        The folder below which the registry's file names hold.
    origin : str or None
        None for the real data; else the label that the synthetic files carry in themselves.
    """

    name: str
    folder: Path
    origin: str | None = None

    @property
    def synthetic(self) -> bool:
        """True if the files are not the real data set."""
        return self.origin is not None


def home_folder() -> Path | None:
    """The course's own ``datasets`` folder, or the one beside a released assignment.

    Never inside an assignment's folder: nbgrader refuses to submit a folder over 100 MB.

    Returns
    -------
    Path or None
        None where this package is no part of a ``cs_lib`` that was loaded from files.
    """
    library = sys.modules[__name__.partition(".")[0]]
    file = getattr(library, "__file__", None) if library.__name__ == "cs_lib" else None
    if not file or not _is_file(Path(file)):
        return None
    home = Path(file).resolve().parent.parent
    for folder in [home, *home.parents][:_LEVELS_UP]:
        if _is_file(folder / "datasets" / "README.md"):
            return folder / "datasets"
    return home.parent / "datasets"


def search_folders() -> list[Path]:
    """Folders that are searched for data sets, in order.

    Returns
    -------
    list of Path
        ``$COURSEDATA``, the places of the usual Jupyter servers, the course's own folder, and the
        temporary folder, if there is one, that synthetic data goes to where nothing else can be
        written.
    """
    folders = [Path(os.environ["COURSEDATA"])] if os.environ.get("COURSEDATA") else []
    folders += [Path("/coursedata"), Path("../../coursedata")]
    folders += [Path("~/work/coursedata").expanduser()]
    return folders + _own_folders()


def _own_folders() -> list[Path]:
    """The places of synthetic data, as far as there are any, the first to be written to first."""
    return [folder for folder in (home_folder(), temporary_folder()) if folder is not None]


def temporary_folder() -> Path | None:
    """The user's own folder below the system's temporary one; None where nothing can be written."""
    user = os.environ.get("USER") or os.environ.get("USERNAME") or "user"
    try:
        return Path(tempfile.gettempdir()) / f"cs_lib_datasets_{user}"
    except FileNotFoundError:  # behind a process wall, or on a full disk
        return None


def candidates(dataset: Dataset, roots: list[Path]) -> list[Location]:
    """Every place below ``roots`` that has all files of a data set, real ones first."""
    found: list[Location] = []
    if dataset.in_package:
        return found
    for root in roots:
        for base in (root, root / SYNTHETIC_FOLDER):
            for folder in (base / dataset.name, *(base / sub for sub in dataset.folders), base):
                if all(_readable(folder / file.name) for file in dataset.files):
                    origin = read_origin(folder / dataset.files[0].name)
                    found.append(Location(dataset.name, folder, origin))
    return sorted(found, key=lambda location: location.synthetic)


def _readable(path: Path) -> bool:
    return _is_file(path) and os.access(path, os.R_OK)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder on the way may not be entered
        return False


def find(name: str, source: str = "auto", roots: list[Path] | None = None) -> Location:
    """Find a data set on this machine.

    Parameters
    ----------
    name : str
        Name in the registry, such as ``"cifar10"``.
    source : {"auto", "real", "synthetic"}
        Which kind to accept; ``"auto"`` prefers real files to synthetic ones, wherever they lie.
    roots : list of Path, optional
        Folders to search instead of `search_folders`.

    Returns
    -------
    Location

    Raises
    ------
    DatasetNotFoundError
        If no folder has all its files, or it comes with a Python package.
    """
    dataset = get_dataset(name)
    if dataset.in_package:
        raise DatasetNotFoundError(
            f"{name}: expected files, but it comes with a Python package: {dataset.format}. "
            "Load it from there."
        )
    roots = search_folders() if roots is None else roots
    for location in candidates(dataset, roots):
        if source == "auto" or location.synthetic == (source == "synthetic"):
            return location
    raise DatasetNotFoundError(
        f"{name}: expected {', '.join(file.name for file in dataset.files)} in one folder, found "
        f"none in {', '.join(str(root) for root in roots)}. Run `python -m cs_lib.datasets {name}` "
        f"to fetch it, or `python -m cs_lib.datasets --synthetic {name}` for a synthetic stand-in."
    )


def writable(folder: Path) -> bool:
    """Can files be made in ``folder``, which need not exist yet?"""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def destination() -> Path:
    """The folder to write to when the user names none.

    Returns
    -------
    Path
        The first of ``$COURSEDATA``, the course's own folder and the temporary folder that can be
        written.

    Raises
    ------
    DatasetNotFoundError
        If none can.
    """
    folders = [Path(os.environ["COURSEDATA"])] if os.environ.get("COURSEDATA") else []
    folders += _own_folders()
    for folder in folders:
        if writable(folder):
            return folder
    raise DatasetNotFoundError(
        f"datasets: expected a folder to write to, got none of "
        f"{', '.join(map(str, folders)) or 'this machine'}. Name one with --dest, "
        "or ask staff to put the data in $COURSEDATA."
    )
