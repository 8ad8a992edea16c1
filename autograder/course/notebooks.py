"""The graded cells of an instructor's notebook: where the points are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import nbformat

from autograder.course.cell_metadata import check_cells
from autograder.errors import InstructorError

EVERYBODYS_KERNEL = "python3"
"""The name under which ipykernel installs itself everywhere."""


@dataclass(frozen=True)
class GradedCell:
    """A cell that carries points.

    ``name`` is its ``grade_id``, or ``notebook/grade_id`` where several notebooks have
    one.  ``kind`` is "check" for a test cell, which a hidden check or its own code
    grades, and "manual" for a written answer or task.
    """

    name: str
    notebook: str
    index: int
    max_score: float
    kind: Literal["check", "manual"]

    @property
    def grade_id(self) -> str:
        """What its notebook calls it."""
        return grade_id_of(self.name)


def grade_id_of(name: str) -> str:
    """Return the ``grade_id`` of the cell that a result calls by this name."""
    return name.rpartition("/")[2]


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read an instructor's notebook as nbformat version 4, each cell with an id of its own.

    Raises
    ------
    InstructorError
        The file is not a notebook.
    """
    try:
        # Not by `nbformat.read`, which compiles a schema first, and only to log what differs.
        notebook = nbformat.convert(nbformat.reader.reads(path.read_text(encoding="utf-8")), 4)
    except (OSError, ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise InstructorError(f"{path}: expected a Jupyter notebook, got: {error}.") from None
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):  # before version 4.5 there were none
        if cell.get("id") in seen | {None}:
            cell["id"] = f"cell-{number}"
        seen.add(cell["id"])
    return notebook


def nbgrader_metadata(cell: nbformat.NotebookNode) -> dict[str, object]:
    """Return a cell's nbgrader metadata, empty where there is none."""
    metadata = cell.get("metadata", {}).get("nbgrader", {})
    return dict(metadata) if isinstance(metadata, dict) else {}


def find_graded_cells(
    notebooks: Mapping[str, nbformat.NotebookNode], folder: str
) -> list[GradedCell]:
    """List all cells that carry points, in the order of a run.

    Parameters
    ----------
    notebooks : dict of str to NotebookNode
        The instructor's notebooks by name.
    folder : str
        Where they lie, as a message shows it.

    Raises
    ------
    InstructorError
        The metadata of a cell is not as it must be, or two cells of a notebook share a name.
    """
    found: list[GradedCell] = []
    for name, notebook in notebooks.items():
        check_cells(notebook.cells, f"{folder}/{name}.ipynb")
        for index, cell in enumerate(notebook.cells):
            graded = _graded_cell(name, index, cell)
            if graded is not None:
                found.append(graded)
    count = Counter(cell.name for cell in found)
    return [
        replace(cell, name=f"{cell.notebook}/{cell.name}") if count[cell.name] > 1 else cell
        for cell in found
    ]


def _graded_cell(notebook: str, index: int, cell: nbformat.NotebookNode) -> GradedCell | None:
    metadata = nbgrader_metadata(cell)
    if not (metadata.get("grade") or metadata.get("task")):
        return None
    return GradedCell(
        name=str(metadata["grade_id"]),
        notebook=notebook,
        index=index,
        max_score=float(str(metadata.get("points") or 0)),
        kind="check" if is_test(cell) else "manual",
    )


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Whether a check grades a cell, and no person."""
    metadata = nbgrader_metadata(cell)
    by_hand = metadata.get("solution") or metadata.get("task")
    return bool(metadata.get("grade") and cell.cell_type == "code" and not by_hand)


def kernel_problem(notebook: nbformat.NotebookNode) -> str:
    """Return what students meet with a notebook's kernel, "" if they have it."""
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel == EVERYBODYS_KERNEL:
        return ""
    got = f'"{kernel}", which is of the machine it was written on' if kernel else "none"
    return (
        f'expected the kernel "{EVERYBODYS_KERNEL}", got {got}: students are asked for a kernel. '
        "Choose Python 3 (ipykernel) in Jupyter's menu Kernel, and save."
    )
