"""The modules that a notebook imports from its course, read as its cells are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from autograder.slicing import words
from autograder.slicing.cells import Beyond, parse, parse_cell
from autograder.slicing.effects import Effects
from autograder.slicing.records import Function
from autograder.slicing.statements import Reader, bound_names


def imports_of(body: Iterable[ast.stmt]) -> dict[str, str]:
    """Return what names stand for that are bound by imports alone: ``{"np": "numpy"}``."""
    return _agreed([_names_in(body)])


def imports_of_cells(sources: Iterable[str]) -> dict[str, str]:
    """Return the same of a notebook's cells.

    Raises
    ------
    Beyond
    """
    return _agreed(map(_names_in_cell, sources))


_Names = tuple[list[tuple[str, str]], set[str]]
"""Names and origins of what is imported, and the names that are bound otherwise."""


def _agreed(parts: Iterable[_Names]) -> dict[str, str]:
    found: dict[str, str] = {}
    several: set[str] = set()
    for imported, others in parts:
        several |= others
        several |= {name for name, origin in imported if found.setdefault(name, origin) != origin}
    return {name: origin for name, origin in found.items() if name not in several}


@lru_cache(maxsize=4096)  # the course's own cells come back in each submission
def _names_in_cell(source: str) -> _Names:
    return _names_in(parse_cell(source).body)


def _names_in(body: Iterable[ast.stmt]) -> _Names:
    imported: list[tuple[str, str]] = []
    others: list[ast.stmt] = []
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imported += _bound(node)
        else:
            others.append(node)
    return imported, bound_names(others)


def _bound(node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        module = f"{words.LIBRARY}.{module}" if node.level else module
        return [(alias.asname or alias.name, f"{module}.{alias.name}") for alias in node.names]
    return [
        (
            alias.asname or alias.name.partition(".")[0],
            alias.name if alias.asname else alias.name.partition(".")[0],
        )
        for alias in node.names
    ]


@dataclass(frozen=True)
class Module:
    """What was read of one module."""

    functions: tuple[Function, ...]
    imports: tuple[str, ...]
    """Origins of all that it imports, anywhere in it."""
    given: bool = False
    """Whether it is the course's own."""


class Library:
    """The modules of the course that a notebook can reach.

    Parameters
    ----------
    modules : dict of str to Module
        By dotted name.
    """

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules
        self._reached: dict[str, frozenset[str]] = {}

    @property
    def functions(self) -> list[Function]:
        """The functions of all modules."""
        return [function for module in self._modules.values() for function in module.functions]

    @property
    def effects(self) -> Effects:
        """What the functions of the modules do: of the course's own it is found once."""
        names = frozenset(self.given)
        given = tuple(item for item in self.functions if item.scope in names)
        own = [item for item in self.functions if item.scope not in names]
        return Effects(own, names, _effects_of(given, names))

    @property
    def given(self) -> set[str]:
        """The names of the modules that the course gives."""
        return {name for name, module in self._modules.items() if module.given}

    def reached_from(self, origin: str) -> frozenset[str]:
        """Return the modules that something imported may use, by their dotted names."""
        if origin not in self._reached:
            self._reached[origin] = frozenset(self._all_reached_from(origin))
        return self._reached[origin]

    def _all_reached_from(self, origin: str) -> set[str]:
        found: set[str] = set()
        todo = [origin]
        while todo:
            for name in _modules_of(todo.pop(), self._modules):
                if name not in found:
                    found.add(name)
                    todo += self._modules[name].imports
        return found


@lru_cache(maxsize=64)
def _effects_of(functions: tuple[Function, ...], given: frozenset[str]) -> Effects:
    return Effects(functions, given)


def read_library(
    origins: Iterable[str], modules: Mapping[str, bytes], trusted: Mapping[str, bytes]
) -> Library:
    """Read the modules that can be reached from what a notebook imports.

    Parameters
    ----------
    origins : iterable of str
        As ``cs_lib.layers.affine_forward``.
    modules, trusted : dict of str to bytes
        All modules by path, and those that the course gives.

    Raises
    ------
    Beyond
        Of a student's module that cannot be followed.
    """
    sources = {_dotted(path): path for path in modules if path.endswith(".py")}
    found: dict[str, Module] = {}
    todo = list(origins)
    while todo:
        for name in _modules_of(todo.pop(), sources):
            if name not in found:
                path = sources[name]
                content = modules[path]
                found[name] = _read_module(name, content, trusted.get(path) == content)
                todo += found[name].imports
    return Library(found)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _modules_of(origin: str, modules: Mapping[str, object]) -> list[str]:
    """Return the modules that an import of something runs: it, and the packages around it."""
    parts = origin.split(".")
    names = [".".join(parts[: length + 1]) for length in range(len(parts))]
    return [name for name in names if name in modules]


@lru_cache(maxsize=1024)  # what the course gives comes back with each submission
def _read_module(name: str, content: bytes, trusted: bool) -> Module:
    try:
        tree = parse(content.decode("utf-8-sig"))
    except (SyntaxError, UnicodeDecodeError):
        return Module((), ())  # cannot be imported
    imports = imports_of(tree.body)
    reader = Reader(imports)
    for node in tree.body:
        try:
            reader.statement(node)
        except Beyond:
            if not trusted:
                raise
    functions = tuple(replace(function, scope=name) for function in reader.facts.functions)
    return Module(functions, tuple(dict.fromkeys(_imported(name, tree))), trusted)


def _imported(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the origins of all that a module imports, in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = module.split(".")
            for up in (node.level, node.level - 1):  # from a module, or from a package
                package = ".".join([*parts[: len(parts) - up], *filter(None, [node.module])])
                yield from (f"{package}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (origin for _, origin in _bound(node))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def packages_imported(starts: Iterable[str], modules: Mapping[str, bytes]) -> set[str]:
    """Return what texts import of other packages, themselves or through modules of the course.

    What is imported inside a function is left out: it may never be called. So is what a module
    imports where it is the main program.

    Parameters
    ----------
    starts : iterable of str
        Cells, or parts of them.
    modules : dict of str to bytes
    """
    found = _imported_through(starts, modules)
    return {origin for origin in found if origin.partition(".")[0] != words.LIBRARY}


def library_imported(starts: Iterable[str], modules: Mapping[str, bytes]) -> set[str]:
    """Return what texts import of the course's library, themselves or through these modules."""
    found = _imported_through(starts, modules)
    return {origin for origin in found if origin.partition(".")[0] == words.LIBRARY}


def import_lines(paths: Iterable[str]) -> list[str]:
    """Return statements that import modules, by their paths."""
    return [f"import {_dotted(path)}" for path in paths]


def _imported_through(starts: Iterable[str], modules: Mapping[str, bytes]) -> set[str]:
    sources = {_dotted(path): path for path in modules if path.endswith(".py")}
    found: set[str] = set()
    seen: set[str] = set()
    todo = [("", text) for text in starts]
    while todo:
        module, text = todo.pop()
        for origin in _imported_at_once(module, text):
            found.add(origin)
            for name in _modules_of(origin, sources):
                if name not in seen:
                    seen.add(name)
                    todo.append((name, modules[sources[name]].decode("utf-8", "replace")))
    return found


def _imported_at_once(module: str, text: str) -> list[str]:
    try:
        tree = parse_cell(text)
    except Beyond:
        return []
    later = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    body = [node for node in tree.body if not isinstance(node, later)]
    if module:  # a cell is the main program
        body = [node for node in body if not _is_of_the_main_program(node)]
    return list(_imported(module, ast.Module(body, [])))


def _is_of_the_main_program(node: ast.stmt) -> bool:
    """Whether it is ``if __name__ == "__main__":`` without an else."""
    match node:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"),
                ops=[ast.Eq()],
                comparators=[ast.Constant(value="__main__")],
            ),
            orelse=[],
        ):
            return True
    return False
