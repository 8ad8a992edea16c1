"""What is mutated: every function that a student writes, as the reference has it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course.folder import Assignment
from autograder.course.settings import EVERYTHING, Module
from autograder.handout.regions import find_regions
from autograder.kit.magics import without_magics

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Target:
    """A function or method with a solution region.

    Parameters
    ----------
    place : str
        Module, as ``cs_lib.layers``, or notebook by name.
    name : str
        ``affine_forward`` or ``Linear.forward``.
    source : str
        Its own lines, dedented.
    solution : frozenset of int
        Those of its lines, counted from 1, that the student writes.
    cell : int
        Index of its notebook cell; −1 for a module's function.
    """

    place: str
    name: str
    source: str
    solution: frozenset[int]
    cell: int = -1

    @property
    def in_notebook(self) -> bool:
        """Whether it stands in a notebook, not in a module."""
        return self.cell >= 0

    @property
    def label(self) -> str:
        """The name a report shows: ``layers.affine_forward``, ``notebook digits: fn``."""
        if self.in_notebook:
            return f"{self.place}.ipynb: {self.name}"
        return f"{self.place.removeprefix('cs_lib.')}.{self.name}"


def targets(assignment: Assignment) -> list[Target]:
    """List all functions of an assignment that have a solution region."""
    found: list[Target] = []
    for path, module in assignment.config.modules.items():
        if module.todo:
            text = (assignment.course.library / path).read_text(encoding="utf-8")
            place = "cs_lib." + path.removesuffix(".py").replace("/", ".")
            found += _in_text(text, place, path, module)
    for name, notebook in assignment.sources.items():
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code" and "BEGIN SOLUTION" in cell.source:
                where = f"{name}.ipynb, cell {index + 1}"
                found += _in_text(cell.source, name, where, None, index)
    return found


def _in_text(
    text: str, place: str, where: str, module: Module | None, cell: int = -1
) -> Iterator[Target]:
    lines = text.splitlines()
    regions = find_regions(lines, where)
    for name, node in _definitions(ast.parse(without_magics(text))):
        if module is not None and not _is_todo(name, module):
            continue
        # A region's end marker is a comment behind the last statement, so not in the node.
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        inside = {
            number
            for region in regions
            for number in range(region.begin + 1, region.end)
            if first <= number < last
        }
        if inside:
            source = textwrap.dedent("\n".join(lines[first:last])) + "\n"
            solution = frozenset(number - first + 1 for number in inside)
            yield Target(place, name, source, solution, cell)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, Definition):
                    yield f"{node.name}.{method.name}", method


def _is_todo(name: str, module: Module) -> bool:
    names = {name, name.split(".")[0], EVERYTHING}
    return bool(names & set(module.todo))
