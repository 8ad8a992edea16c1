"""The course's own modules, imported once by the zygote for all workers to come.

To run them takes a worker longer than most checks. Taken are only such that nobody could tell from
modules imported later: none that imports what a student writes, and none that does more at its
top than to define.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.machinery
import os
import random
import sys
import types
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from autograder.worker.modules import SourceFinder


class Ahead:
    """Modules that are there before a worker is forked.

    Parameters
    ----------
    files : mapping of str to bytes
        All that most workers can import: ``{"cs_lib/layers.py": source}``.
    own : collection of str
        Which of these a student writes.
    wanted : collection of str
        What most workers import of them, as ``cs_lib.datasets.load_digits``.
    environment : mapping of str to str
        Variables as most workers have them.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        own: Collection[str],
        wanted: Collection[str],
        environment: Mapping[str, str],
    ) -> None:
        os.environ.update(environment)
        self.files = dict(files)
        self._environment = dict(environment)
        self._modules: dict[str, types.ModuleType] = {}
        self._given = {path: text for path, text in files.items() if path not in own}
        with _seeded():
            defining = [path for path in self._given if _defines(files[path])]
            self._import(wanted, _DefiningFinder(files, defining))

    def _import(self, wanted: Collection[str], finder: _DefiningFinder) -> None:
        finder.install()
        for name in wanted:
            finder.refused = False
            with contextlib.suppress(Exception):  # told where a submission imports it
                _import(name, finder.paths)
            loaded = {each: sys.modules[each] for each in finder.paths if each in sys.modules}
            if not finder.refused:
                self._modules = loaded
            for each in loaded.keys() - self._modules.keys():
                del sys.modules[each]
        if any(map(self._is_hidden, self._modules)):
            self._modules = {}
        sys.meta_path.remove(finder)
        for name in finder.paths:
            sys.modules.pop(name, None)

    def _is_hidden(self, name: str) -> bool:
        """Whether a package gives another thing of a module's name until it is imported."""
        package, _, child = name.rpartition(".")
        lazy = vars(self._modules[package]).get("__getattr__") if package else None
        try:
            return lazy is not None and lazy(child) is not self._modules[name]
        except Exception:  # it has nothing of that name
            return False

    def put(self, finder: SourceFinder, environment: Mapping[str, str]) -> None:
        """Put the modules where imports look first, unless the finder would load other ones."""
        if environment != self._environment or not self._given.items() <= finder.files.items():
            return
        for name in finder.paths:  # packages keep what was imported from them
            package, _, child = name.rpartition(".")
            if name not in self._modules and package in self._modules:
                vars(self._modules[package]).pop(child, None)
        sys.modules.update(self._modules)


class _DefiningFinder(SourceFinder):
    """Loads some modules, and refuses all others that are not there yet.

    Attributes
    ----------
    refused : bool
        Whether it has done so.
    """

    def __init__(self, files: Mapping[str, bytes], loaded: Collection[str]) -> None:
        super().__init__(files)
        self._loaded = {"", *loaded}
        self.refused = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if self.paths.get(fullname) in self._loaded:
            return super().find_spec(fullname, path, target)
        root = fullname.partition(".")[0]
        if root in sys.stdlib_module_names or (root in self.paths and fullname not in self.paths):
            return None  # Python's own, or a module that there is not
        self.refused = True
        raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


@contextlib.contextmanager
def _seeded() -> Iterator[None]:
    """Let imports draw the same numbers in each run, and leave the generators as they were."""
    states = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _import(name: str, modules: Collection[str]) -> None:
    """Import a module, or the one that something stands in and then that."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        path = ".".join(parts[:length])
        if path not in modules:  # what a package imports when it is asked for
            getattr(sys.modules[".".join(parts[: length - 1])], parts[length - 1])
            return
        importlib.import_module(path)


def _defines(source: bytes) -> bool:
    """Whether a module does nothing but to define: what others see does not change by it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return all(map(_is_definition, tree.body))


def _is_definition(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return all(isinstance(target, (ast.Name, ast.Tuple)) for target in targets)
        case ast.AnnAssign(target=target):
            return isinstance(target, ast.Name)
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True  # what runs where it is the main program
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return isinstance(node, kinds)
