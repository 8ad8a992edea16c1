"""The ``cs_lib`` of a release: the course's modules as the assignment hands them out, and the kit.

Grading gives a worker the same.
"""

import ast
import fnmatch
from importlib.resources import files as package_files
from pathlib import PurePosixPath

from autograder.course.folder import Assignment
from autograder.course.kit import FOLDER, check_data, has_files, kit_files
from autograder.course.settings import EVERYTHING, Module
from autograder.errors import InstructorError
from autograder.handout.manifest import manifest
from autograder.handout.skeleton import build_skeleton
from autograder.kit.datasets.registry.own_copies import FILE as OWN_COPIES

FACES = ("budget.py", "check.py", "handin.py")
"""The names by which students reach the kit, as ``python -m cs_lib.check``."""
DATA_FACE = "datasets.py"
FORMER = ("explain", "notebook_tests", "numeric")
TEMPLATES = package_files("autograder") / "handout" / "templates"


def library_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the ``cs_lib`` that a student gets, as ``{"cs_lib/layers.py": source}``.

    What ``assignment.toml`` names comes from the course, the rest from the kit.

    Raises
    ------
    InstructorError
        ``assignment.toml`` or a module is not as it must be.
    """
    library = assignment.course.library
    files = {**_faces(assignment), **_verbatim_files(assignment)}
    for name, module in assignment.config.modules.items():
        files[name] = _skeleton(assignment, name, module).encode()
    for package in sorted({parent for name in files for parent in PurePosixPath(name).parents}):
        init = (package / "__init__.py").as_posix()
        if init not in files and (library / init).exists():
            files[init] = _package(assignment, init).encode()
    files |= kit_files(assignment.config.data)
    files[f"{FOLDER}/assignment.json"] = manifest(assignment, files)
    return {f"cs_lib/{name}": content for name, content in sorted(files.items())}


def former_names() -> dict[str, bytes]:
    """Return modules for hand-ins of older releases, in which the kit had no folder of its own.

    Such a release had ``cs_lib/numeric.py`` and its like, and a student may have
    imported them; a worker gets these beside what `library_files` returns.
    """
    leads = "import sys\n\nfrom cs_lib.kit import {0}\n\nsys.modules[__name__] = {0}\n"
    return {f"cs_lib/{name}.py": leads.format(name).encode() for name in FORMER}


def _faces(assignment: Assignment) -> dict[str, bytes]:
    """Return the modules that lead to the kit, and the course's word on its data."""
    data, library = assignment.config.data, assignment.course.library
    check_data(data, library / OWN_COPIES, f"assignments/{assignment.name}/assignment.toml")
    names = (*FACES, DATA_FACE) if has_files(data) else FACES
    files = {name: (TEMPLATES / "cs_lib" / name).read_bytes() for name in names}
    if has_files(data) and (library / OWN_COPIES).exists():
        files[OWN_COPIES] = (library / OWN_COPIES).read_bytes()
    return files


def _verbatim_files(assignment: Assignment) -> dict[str, bytes]:
    library = assignment.course.library
    names = [
        path.relative_to(library).as_posix()
        for path in sorted(library.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    files: dict[str, bytes] = {}
    for pattern in assignment.config.files:
        matched = fnmatch.filter(names, pattern)
        if not matched:
            raise InstructorError(
                f"assignments/{assignment.name}/assignment.toml: files: expected files of cs_lib "
                f'like "{pattern}", found none. Correct the pattern or take it out.'
            )
        files |= {name: (library / name).read_bytes() for name in matched}
    return files


def _skeleton(assignment: Assignment, name: str, module: Module) -> str:
    path = assignment.course.library / name
    where = assignment.course.shown(path)
    if not path.exists():
        raise InstructorError(
            f'assignments/{assignment.name}/assignment.toml: modules."{name}": expected {where}, '
            "found no such file. Correct the path, which is below cs_lib."
        )
    text = path.read_text(encoding="utf-8")
    return build_skeleton(text, where, module, assignment.name, _Names(assignment))


def _package(assignment: Assignment, name: str) -> str:
    """Return a package's ``__init__.py`` with only those re-exports that the release has."""
    path = assignment.course.library / name
    available = _Names(assignment)
    text = path.read_text(encoding="utf-8")
    lines: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.append(ast.get_source_segment(text, node) or "")
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [alias for alias in node.names if available(node.module, alias.name)]
            if names:
                lines.append(ast.unparse(ast.ImportFrom(node.module, names, 0)))
        else:
            raise InstructorError(
                f"{assignment.course.shown(path)}, line {node.lineno}: expected a docstring and "
                "`from cs_lib.… import …` in a package, got other code. Move it into a module."
            )
    return "\n\n".join(lines) + "\n" if lines else ""


class _Names:
    """Says whether a release has a name of ``cs_lib``."""

    def __init__(self, assignment: Assignment) -> None:
        self.config = assignment.config
        self.library = assignment.course.library
        self._data = (DATA_FACE,) if has_files(self.config.data) else ()

    def __call__(self, module: str, name: str) -> bool:
        if module.partition(".")[0] != "cs_lib" or module.startswith(f"cs_lib.{FOLDER}"):
            return True
        path = "/".join(module.split(".")[1:])
        if (self.library / path).is_dir():
            return self._has_file(f"{path}/{name}.py".lstrip("/")) or self._exported(path, name)
        return self._has(f"{path}.py", name)

    def _has(self, path: str, name: str) -> bool:
        if self._is_verbatim(path):
            return True
        module = self.config.modules.get(path)
        if module is None:
            return False
        handed_out = {entry.partition(".")[0] for entry in (*module.todo, *module.given)}
        return name in handed_out or EVERYTHING in handed_out or name.isupper()

    def _has_file(self, path: str) -> bool:
        return path in self.config.modules or self._is_verbatim(path)

    def _is_verbatim(self, path: str) -> bool:
        return any(
            fnmatch.fnmatch(path, pattern) for pattern in (*FACES, *self._data, *self.config.files)
        )

    def _exported(self, package: str, name: str) -> bool:
        init = self.library / package / "__init__.py"
        return init.exists() and any(
            isinstance(node, ast.ImportFrom)
            and node.module is not None
            and any((alias.asname or alias.name) == name for alias in node.names)
            and self(node.module, name)
            for node in ast.parse(init.read_text(encoding="utf-8")).body
        )
