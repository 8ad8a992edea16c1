"""The graded cells of an instructor's notebook: where the points are."""

from collections.abc import Mapping
from dataclasses import dataclass
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

    ``kind`` is "check" for a test cell, which a hidden check of the same name
    grades, and "manual" for a written answer or task.
    """

    name: str
    notebook: str
    index: int
    max_score: float
    kind: Literal["check", "manual"]


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read an instructor's notebook as nbformat version 4.

    Raises
    ------
    InstructorError
        The file is not a notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise InstructorError(f"{path}: expected a Jupyter notebook, got: {error}.") from None


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
        The metadata of a cell is not as it must be, or two cells share a name: a name
        stands for one check in the whole assignment.
    """
    found: dict[str, GradedCell] = {}
    for name, notebook in notebooks.items():
        check_cells(notebook.cells, f"{folder}/{name}.ipynb")
        for index, cell in enumerate(notebook.cells):
            graded = _graded_cell(name, index, cell)
            if graded is None:
                continue
            if graded.name in found:
                other = found[graded.name]
                raise InstructorError(
                    f'{folder}/{name}.ipynb, cell {index + 1}: grade_id "{graded.name}" '
                    f"stands already in {other.notebook}.ipynb, cell {other.index + 1}. "
                    "Give each graded cell of the assignment a name of its own."
                )
            found[graded.name] = graded
    return list(found.values())


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
