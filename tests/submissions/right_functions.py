"""Right solutions in other words, and wrong ones: functions in the place of the reference's.

``<assignment>/right_functions/<module>/<name>.py`` (or ``wrong_functions``) holds functions, and
methods of classes, of ``cs_lib/<module>.py``, and helpers of their own; what it leaves out is the
reference's. Its docstring says what is different. See README.md.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.submissions.overlay import FOLDER

RIGHT, WRONG = "right_functions", "wrong_functions"


@dataclass(frozen=True)
class Solution:
    """A file of functions.

    Parameters
    ----------
    file : str
        The module whose functions they are, as ``cs_lib/layers.py``.
    source : str
    """

    path: Path
    file: str
    source: str

    @property
    def about(self) -> str:
        """Its docstring."""
        return ast.get_docstring(ast.parse(self.source)) or ""

    @property
    def names(self) -> set[tuple[str, str]]:
        """What it defines, each with its module: functions, methods, helpers."""
        return {(self.file, name) for name in _names(ast.parse(self.source))}


def solutions(assignment: str, kind: str = RIGHT) -> list[Solution]:
    """Return all right ones of an assignment, or all wrong ones, by path."""
    folder = FOLDER / assignment / kind
    return [
        Solution(path, f"cs_lib/{path.parent.relative_to(folder).as_posix()}.py", path.read_text())
        for path in sorted(folder.rglob("*.py"))
    ]


def batches(found: Sequence[Solution]) -> list[list[Solution]]:
    """Put solutions together that define nothing twice: one submission for many."""
    made: list[list[Solution]] = []
    for solution in found:
        for batch in made:
            if not any(solution.names & other.names for other in batch):
                batch.append(solution)
                break
        else:
            made.append([solution])
    return made


def laid_over(reference: dict[str, bytes], batch: Sequence[Solution]) -> dict[str, bytes]:
    """Return the reference's files with the functions of some solutions in their place."""
    files = dict(reference)
    for solution in batch:
        module = ast.parse(files[solution.file])
        _put_all(ast.parse(solution.source).body, module)
        files[solution.file] = ast.unparse(module).encode()
    return files


def _names(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in _names(ast.Module(node.body, [])))
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def _put_all(nodes: Sequence[ast.stmt], module: ast.Module | ast.ClassDef) -> None:
    """Put statements in, and those that define a name once more, as a setter does, behind it."""
    again: list[ast.stmt] = []
    names: set[str] = set()
    for node in nodes:
        name = getattr(node, "name", "")
        if name and name in names:
            again.append(node)
        else:
            _put(node, module)
        names.add(name)
    module.body += again


def _put(node: ast.stmt, module: ast.Module | ast.ClassDef) -> None:
    """Put a statement in the place of the one that defines the same name, or add it."""
    if isinstance(node, ast.Expr):
        return  # the docstring
    if isinstance(node, ast.Import | ast.ImportFrom):
        module.body.insert(1, node)
        return
    for place, old in enumerate(module.body):
        if isinstance(node, ast.FunctionDef) and getattr(old, "name", "") == node.name:
            module.body[place] = node
            return
        if isinstance(node, ast.ClassDef) and getattr(old, "name", "") == node.name:
            assert isinstance(old, ast.ClassDef)
            _put_all(node.body, old)
            return
    module.body.append(node)
