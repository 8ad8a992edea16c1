"""Import of a submission's modules from source bytes, and from nothing else."""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from collections.abc import Mapping, Sequence
from functools import lru_cache


class SourceFinder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of a submission.

    Parameters
    ----------
    files : mapping of str to bytes
        ``{"cs_lib/layers.py": source}``; files that are no modules can be read
        by ``pkgutil.get_data``.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.paths: dict[str, str] = {}
        for path in files:
            if path.endswith(".py"):
                self._register(path)

    def _register(self, path: str) -> None:
        parts = path.removesuffix(".py").split("/")
        if parts[-1] == "__init__":
            parts.pop()
        else:
            for depth in range(1, len(parts)):
                # a folder without __init__.py is an empty package
                self.paths.setdefault(".".join(parts[:depth]), "")
        self.paths[".".join(parts)] = path

    def install(self) -> None:
        """Put the finder first, in the place of one before, and forget what was imported."""
        others = [finder for finder in sys.meta_path if not isinstance(finder, SourceFinder)]
        sys.meta_path[:] = [self, *others]
        for name in self.paths:
            sys.modules.pop(name, None)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module among the bytes that were given."""
        if fullname not in self.paths:
            return None
        file = self.paths[fullname]
        is_package = self.is_package(fullname)
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=file, is_package=is_package)
        spec.has_location = bool(file)
        return spec

    def is_package(self, fullname: str) -> bool:
        """Whether a name is a folder, with an ``__init__.py`` or without."""
        file = self.paths[fullname]
        return not file or file.endswith("__init__.py")

    def get_source(self, fullname: str) -> str | None:
        """Return the text of a module, for tracebacks."""
        return _decoded(self.files.get(self.paths[fullname], b""))

    def get_data(self, path: str) -> bytes:
        """Return the bytes of a file beside a module."""
        try:
            return self.files[path]
        except KeyError:
            raise FileNotFoundError(f"{path}: no such file in the submission") from None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's code in its namespace; tracebacks show its source."""
        file = self.paths[module.__name__]
        if file:
            source = self.files[file]
            text = _decoded(source)
            if text is not None:
                linecache.cache[file] = (len(source), None, text.splitlines(True), file)
            exec(_compiled(source, file), module.__dict__)


def compile_once(files: Mapping[str, bytes]) -> None:
    """Compile modules that all workers to come import as they are."""
    for path, source in files.items():
        if path.endswith(".py"):
            with contextlib.suppress(SyntaxError):  # told where it is imported
                _compiled(source, path)


@lru_cache(maxsize=1024)  # the reference is loaded anew with each known mistake
def _compiled(source: bytes, file: str) -> types.CodeType:
    """Compile a source as Python reads a file: by its byte order mark and encoding cookie.

    Raises
    ------
    SyntaxError
        It does not; Python's own error would name neither file nor remedy.
    """
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SyntaxError(f"{file}: saved as UTF-16; save it as UTF-8")
    if b"\x00" in source:
        raise SyntaxError(f"{file}: holds null bytes, so it is no text; save it anew as UTF-8")
    try:
        return compile(source, file, "exec", dont_inherit=True)
    except SyntaxError:
        if _decoded(source) is not None:
            raise
        # Only where Python trips over it: in a comment it reads what is no UTF-8, too.
        raise SyntaxError(f"{file}: in no encoding that Python reads; save it as UTF-8") from None


def _decoded(source: bytes) -> str | None:
    try:
        return importlib.util.decode_source(source)
    except (SyntaxError, UnicodeDecodeError):
        return None
