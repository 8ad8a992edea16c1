"""The reference solution, in the grader's own process: `reference` as a check sees it."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.course.extras import extras_of
from autograder.course.folder import Assignment
from autograder.course.kit import kit_files
from autograder.course.notebooks import GradedCell
from autograder.errors import InstructorError
from autograder.kit.magics import without_magics

PACKAGE = "cs_lib"
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Reference:
    """The course's ``cs_lib`` and the definitions of the source notebooks.

    Parameters
    ----------
    assignment : Assignment
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._folder = assignment.course.assignments_folder
        self._namespaces: dict[tuple[str, int], _Definitions] = {}

    def module(self, dotted: str) -> ModuleType:
        """Import a module of the reference library, as ``layers``.

        Raises
        ------
        InstructorError
            There is none, or it cannot be imported.
        """
        _make_importable(self._folder)
        try:
            return importlib.import_module(f"{PACKAGE}.{dotted}")
        except ImportError as error:
            raise InstructorError(
                f"assignments/{PACKAGE}: expected a module {dotted}, got: {error}. "
                "Correct the name in checks.py, or the import."
            ) from error

    def function(self, dotted: str) -> Callable[..., Any] | None:
        """Return a function or method, as ``network.Linear.forward``; None if there is none.

        Names lead into packages, modules and classes of the library, never into what
        those import. Of an assignment with a package that the grader does without, as torch,
        there is none: it runs in workers alone.

        Parameters
        ----------
        dotted : str
            From the check that asks, or from what it asked of the worker: never from an
            answer of the worker.
        """
        if extras_of(self.assignment.config.requirements):
            return None
        _make_importable(self._folder)
        found: Any = importlib.import_module(PACKAGE)
        for name in dotted.split("."):
            if not _is_own(found) or name.startswith("__"):
                return None
            found = getattr(found, name, None) or _submodule(found, name)
        return found if callable(found) else None

    def defined(self, cell: GradedCell, name: str) -> Any:
        """Return an import, function or class of a source notebook above a grade cell.

        What it uses is run before it, and nothing else of the notebook: no training, no plots,
        and no import of a library that only plots.

        Raises
        ------
        KeyError
            There is none of this name.
        """
        key = (cell.notebook, cell.index)
        if key not in self._namespaces:
            path = self._notebook(cell)
            self._namespaces[key] = _Definitions(path, self._code_above(cell))
        _make_importable(self._folder)
        return self._namespaces[key].get(name)

    def definitions(
        self,
        cell: GradedCell,
        change: Callable[[str], str],
        names: Collection[str] | None = None,
    ) -> str:
        """Return the source of what `defined` runs for some names, after a change to each cell's.

        Parameters
        ----------
        names : collection of str, optional
            By default all that there are.
        """
        found = _Definitions(self._notebook(cell), map(change, self._code_above(cell)))
        return "\n".join(ast.unparse(node) for node in found.source(names))

    def _code_above(self, cell: GradedCell) -> list[str]:
        return self._code[cell.notebook][: cell.index]

    @cached_property
    def _code(self) -> dict[str, list[str]]:
        return {name: code_cells(book) for name, book in self.assignment.sources.items()}

    def _notebook(self, cell: GradedCell) -> Path:
        return self.assignment.source / f"{cell.notebook}.ipynb"

    @cached_property
    def sources(self) -> dict[str, bytes]:
        """The reference's modules as a worker takes them: ``cs_lib/layers.py`` and so on."""
        library = self.assignment.course.library
        own = {path.relative_to(library).as_posix(): path for path in library.rglob("*.py")}
        files = {name: path.read_bytes() for name, path in own.items()}
        files |= kit_files(self.assignment.config.data)  # in the course it is the installed one
        return {f"{PACKAGE}/{name}": content for name, content in files.items()}

    @property
    def taken(self) -> list[str]:
        """The files that are taken from a hand-in, as ``cs_lib/layers.py``."""
        books = (path.name for path in self.assignment.notebooks)
        return [*self.assignment.config.student_modules, *books]

    def view(self, cell: GradedCell | None) -> ReferenceView:
        """Return what a check gets as `reference`."""
        return ReferenceView(self, "", cell)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Packages below cs_lib, dotted."""
        library = self.assignment.course.library
        folders = (path.parent.relative_to(library) for path in library.rglob("*.py"))
        return frozenset(".".join(folder.parts) for folder in folders if folder.parts)


class ReferenceView:
    """``reference.layers.affine_forward``, ``reference.notebook.optimize_f``."""

    __slots__ = ("_cell", "_path", "_reference")

    def __init__(self, reference: Reference, path: str, cell: GradedCell | None) -> None:
        self._reference, self._path, self._cell = reference, path, cell

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "notebook" and not self._path and self._cell is not None:
            return _Members(self._reference, self._cell)
        path = f"{self._path}.{name}" if self._path else name
        if path in self._reference.packages:
            return ReferenceView(self._reference, path, self._cell)
        return self._reference.module(path)


class _Definitions:
    """The imports and definitions of a notebook's cells, each run when it is asked for."""

    def __init__(self, path: Path, sources: Iterable[str]) -> None:
        self._path = path
        self._nodes = [
            (number, node) for number, nodes in _definitions(path, sources) for node in nodes
        ]
        self._names: dict[str, Any] = {"__name__": path.stem}
        self._run: set[int] = set()

    def get(self, name: str) -> Any:
        wanted = self._needed([name])
        for position in sorted(wanted - self._run):
            number, node = self._nodes[position]
            with _located(self._path, number):
                code = compile(ast.Module([node], []), f"{self._path.name}, cell {number}", "exec")
                exec(code, self._names)
        self._run |= wanted
        return self._names[name]

    def source(self, names: Collection[str] | None) -> list[ast.stmt]:
        """Return what some names need, or all."""
        wanted = range(len(self._nodes)) if names is None else sorted(self._needed(names))
        return [self._nodes[position][1] for position in wanted]

    def _needed(self, names: Iterable[str]) -> set[int]:
        """Return the places of what binds some names, and of what that uses."""
        wanted, todo, seen = set[int](), list(names), set[str]()
        while todo:
            used = todo.pop()
            if used in seen:
                continue
            seen.add(used)
            for position, (_, node) in enumerate(self._nodes):
                if position not in wanted and used in _binds(node):
                    wanted.add(position)
                    todo += _uses(node)
        return wanted


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return {node.name}


def _uses(node: ast.stmt) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]


class _Members:
    def __init__(self, reference: Reference, cell: GradedCell) -> None:
        self._reference, self._cell = reference, cell

    def __getattr__(self, name: str) -> Any:
        try:
            return self._reference.defined(self._cell, name)
        except KeyError:
            raise InstructorError(
                f'reference.notebook.{name}: expected a function or class defined above "'
                f'{self._cell.name}" in {self._cell.notebook}.ipynb, found none. Variables are '
                "not run; compute them in the check."
            ) from None


def parameter_names(function: Callable[..., Any] | None) -> list[str]:
    """Return the names of a function's parameters, as far as they can be known."""
    if function is None:
        return []
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []
    return names[1:] if names[:1] == ["self"] else names


def _is_own(place: Any) -> bool:
    """Whether it is a package, module or class of the library."""
    if isinstance(place, ModuleType):
        return place.__name__.partition(".")[0] == PACKAGE
    return isinstance(place, type) and place.__module__.partition(".")[0] == PACKAGE


def _submodule(package: Any, name: str) -> ModuleType | None:
    """Import a module of a package, None where there is no such package or module."""
    dotted = f"{getattr(package, '__name__', '')}.{name}"
    if not hasattr(package, "__path__") or importlib.util.find_spec(dotted) is None:
        return None
    return importlib.import_module(dotted)


def _make_importable(folder: Path) -> None:
    """Put the reference library first on the path, and drop another course's one."""
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None and os.path.join(folder, PACKAGE) in loaded.__path__:
        return
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]
    if str(folder) in sys.path:
        sys.path.remove(str(folder))
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def code_cells(notebook: NotebookNode) -> list[str]:
    """Return the source of each cell of a notebook without its magics; "" of one of text."""
    return [
        without_magics(cell.source) if cell.cell_type == "code" else "" for cell in notebook.cells
    ]


def _definitions(path: Path, sources: Iterable[str]) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield number, imports and definitions of each cell."""
    for number, source in enumerate(sources, start=1):
        with _located(path, number):
            tree = _parsed(source)
        yield number, [node for node in tree.body if isinstance(node, _DEFINITIONS)]


@lru_cache(maxsize=512)  # of each version of a notebook only one cell is another
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


@contextmanager
def _located(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise InstructorError(
            f"{path}, cell {number}: expected imports and definitions that run by "
            f"themselves, got {type(error).__name__}: {error}."
        ) from error
