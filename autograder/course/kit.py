"""The kit's part of an assignment's ``cs_lib``: what students run, and only their data sets.

The files are the installed package's own, so students run what the grader runs.
"""

import re
import sys
from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath

from autograder import kit
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.kit.datasets.errors import DatasetError, DatasetNotFoundError
from autograder.kit.datasets.folders import find
from autograder.kit.datasets.registry import DATASETS, FAMILY
from autograder.kit.datasets.registry.own_copies import own_copies

FOLDER = "kit"
DATA = "datasets"


def kit_files(data: Collection[str]) -> dict[str, bytes]:
    """Return the kit as a release has it, by path below ``cs_lib``.

    Parameters
    ----------
    data : collection of str
        The data sets of the assignment: only what loads these, and makes their
        stand-ins, is part of it.
    """
    root = _root()
    paths = set(_always())
    if has_files(data):
        paths |= _data_paths(frozenset(FAMILY[name] for name in data if name in FAMILY))
    return {f"{FOLDER}/{path}": (root / path).read_bytes() for path in sorted(paths)}


def has_files(data: Collection[str]) -> bool:
    """Whether one of the data sets is more than what a Python package brings."""
    return any(name in DATASETS and not DATASETS[name].in_package for name in data)


def data_files(name: str, folder: Path, source: str = "auto") -> list[Path]:
    """Return the files of a data set that lies below a folder, none where it does not.

    Parameters
    ----------
    source : {"auto", "real", "synthetic"}
        As for `autograder.kit.datasets.folders.find`.
    """
    try:
        place = find(name, source, [folder]).folder
    except DatasetNotFoundError:
        return []
    return [place / file.name for file in DATASETS[name].files]


def check_data(data: Collection[str], own: Path, where: str) -> None:
    """Raise if an assignment names data that is not known, or the course's own file is wrong.

    Parameters
    ----------
    own : Path
        The course's ``cs_lib/datasets.toml``, which need not be there.
    where : str
        The file that names the data, for the message.

    Raises
    ------
    InstructorError
    """
    for name in data:
        if name not in DATASETS:
            raise InstructorError(
                f'{where}: data: expected one of {", ".join(DATASETS)}, got "{name}". Correct it; '
                "data of your own goes into cs_lib as a module, or to students by other ways."
            )
    if own.exists():
        try:
            own_copies(DATASETS, own.read_text(encoding="utf-8"))
        except (DatasetError, UnicodeDecodeError) as error:
            raise InstructorError(f"{own.parent.parent.name}/{error}") from None


def run_datasets(course: Course, arguments: list[str]) -> int:
    """Run the command line of the data set tools for a course; return its exit code.

    Raises
    ------
    InstructorError
        The course's library does not lead to the kit.
    """
    sys.path.insert(0, str(course.assignments_folder))
    try:
        tools = import_module("cs_lib.kit.datasets.__main__")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("cs_lib"):
            raise
        raise InstructorError(
            f"{course.shown(course.library)}: expected kit/__init__.py, which leads to the kit, "
            "found none. Run `autograder init .` here: it adds what is missing."
        ) from None
    used = {name for assignment in course.assignments() for name in assignment.config.data}
    code: int = tools.main(arguments, [name for name in DATASETS if name in used])
    return code


def _root() -> Path:
    return Path(kit.__file__).parent


@cache
def _modules() -> frozenset[str]:
    """The kit's modules, by path in it."""
    return frozenset(path.relative_to(_root()).as_posix() for path in _root().rglob("*.py"))


def _always() -> Iterator[str]:
    return (path for path in _modules() if PurePosixPath(path).parts[0] != DATA)


@cache
def _data_paths(families: frozenset[str]) -> set[str]:
    """Return the data set tools, and of what is about single families that of these alone."""
    own = {
        f"{DATA}/{part}{name}.py" for name in families for part in ("", "registry/", "synthetic/")
    }
    found: set[str] = set()
    waiting = [f"{DATA}/__init__.py", f"{DATA}/__main__.py", *(own & _modules())]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(path)
    return found


_RELATIVE = re.compile(r"^[ \t]*from (\.+)([\w.]*) import (\([^)]*\)|[^#\n]*)", re.MULTILINE)


@cache
def _imports(path: str) -> tuple[str, ...]:
    """Return the modules of the kit that a module imports, in a function too."""
    text = (_root() / path).read_text(encoding="utf-8")  # to parse it takes ten times as long
    names = {name for found in _RELATIVE.findall(text) for name in _imported(path, *found)}
    packages = {parent / "__init__" for name in names for parent in PurePosixPath(name).parents}
    wanted = {f"{name}.py" for name in names | {package.as_posix() for package in packages}}
    return tuple(sorted(wanted & {name for name in _modules() if name.startswith(DATA)}))


def _imported(path: str, dots: str, module: str, names: str) -> Iterator[str]:
    """Yield what a relative import may mean: a module, a package, or modules of a package."""
    base = PurePosixPath(path).parents[len(dots) - 1]
    base = base.joinpath(*module.split(".")) if module else base
    yield base.as_posix()
    yield (base / "__init__").as_posix()
    yield from ((base / name).as_posix() for name in re.findall(r"\w+", names))
