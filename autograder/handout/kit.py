"""The kit's own part of a release: ``cs_lib/kit`` and the thin faces that lead to it.

What students run is what the grader runs: these files are the installed package's own.
"""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath

from autograder import kit
from autograder.errors import InstructorError
from autograder.kit.datasets.errors import DatasetError
from autograder.kit.datasets.registry import DATASETS, FAMILY
from autograder.kit.datasets.registry.own_copies import FILE, own_copies

FOLDER = "kit"
DATA = "datasets"
TEMPLATES = files("autograder") / "handout" / "templates"
FACES = ("budget.py", "check.py", "handin.py", "datasets.py")
"""By which names students reach the kit, as ``python -m cs_lib.check``."""


def kit_files(data: Collection[str]) -> dict[str, bytes]:
    """Return the kit as a release has it, by path below ``cs_lib``.

    Parameters
    ----------
    data : collection of str
        The data sets of the assignment: only what loads these, and makes their
        stand-ins, is part of it.
    """
    root = _root()
    paths = set(_always()) | (_data_paths(_families(data)) if _families(data) else set())
    return {f"{FOLDER}/{path}": (root / path).read_bytes() for path in sorted(paths)}


def faces(data: Collection[str]) -> dict[str, bytes]:
    """Return the modules that lead to the kit, by path below ``cs_lib``."""
    wanted = [name for name in FACES if name != "datasets.py" or _families(data)]
    return {name: (TEMPLATES / "cs_lib" / name).read_bytes() for name in wanted}


def data_script(data: Collection[str]) -> dict[str, bytes]:
    """Return the script that fetches the data of an assignment, if it has some."""
    name = "get_datasets.sh"
    return {name: (TEMPLATES / "release" / name).read_bytes()} if _families(data) else {}


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


def _families(data: Collection[str]) -> set[str]:
    """Return the families of the data sets that are files."""
    return {FAMILY[name] for name in data if name in FAMILY and not DATASETS[name].in_package}


def _root() -> Path:
    return Path(kit.__file__).parent


@cache
def _modules() -> frozenset[str]:
    """The kit's modules, by path in it."""
    return frozenset(path.relative_to(_root()).as_posix() for path in _root().rglob("*.py"))


def _always() -> Iterator[str]:
    return (path for path in _modules() if PurePosixPath(path).parts[0] != DATA)


def _data_paths(families: Collection[str]) -> set[str]:
    """Return the data set tools, and of what is about single families that of these alone."""
    own = {f"{DATA}/{part}{name}.py" for name in families for part in ("", "registry/", "synthetic/")}
    found: set[str] = set()
    waiting = [f"{DATA}/__init__.py", f"{DATA}/__main__.py", *(own & _modules())]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(path)
    return found


@cache
def _imports(path: str) -> tuple[str, ...]:
    """Return the modules of the kit that a module imports, in a function too."""
    tree = ast.parse((_root() / path).read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    names = {name for node in nodes for name in _imported(path, node)}
    packages = {parent / "__init__" for name in names for parent in PurePosixPath(name).parents}
    wanted = {f"{name}.py" for name in names | {package.as_posix() for package in packages}}
    return tuple(sorted(wanted & {name for name in _modules() if name.startswith(DATA)}))


def _imported(path: str, node: ast.ImportFrom) -> Iterator[str]:
    """Yield what a relative import may mean: a module, a package, or modules of a package."""
    base = PurePosixPath(path).parents[node.level - 1]
    base = base.joinpath(*node.module.split(".")) if node.module else base
    yield base.as_posix()
    yield (base / "__init__").as_posix()
    yield from ((base / alias.name).as_posix() for alias in node.names)
