"""A course small enough to be understood at a glance, written into a folder."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.folder import Assignment
from autograder.intake.select import Submission, read

ROOT = Path(__file__).parent.parent

LAYERS = '''"""Layers."""

import numpy as np

SCALE = 2.0
UNUSED = 3.0


def double(x):
    """Return SCALE times x.

    Parameters
    ----------
    x : ndarray, any shape
    """
    ### BEGIN SOLUTION
    return SCALE * np.asarray(x, dtype=float)
    ### END SOLUTION


def halve(x):
    """Return half of x."""
    return np.asarray(x, dtype=float) / 2.0


class Shift:
    """Adds a constant."""

    def __init__(self, by):
        self.by = by

    def forward(self, x):
        """Return x plus the constant."""
        ### BEGIN SOLUTION
        return np.add(x, self.by) + 0.0
        ### END SOLUTION


def elsewhere(x):
    """Belongs to another assignment."""
    ### BEGIN SOLUTION
    return np.asarray(x, dtype=float) * 123.0
    ### END SOLUTION
'''

CONFIG = """title = "A tiny assignment"

[modules."layers.py"]
todo = ["double", "Shift"]
given = ["halve"]
"""

CHECKS = '''"""Hidden checks of the tiny assignment."""

from autograder.checks import check, expect_close


@check
def double(student, reference, rng):
    """`double` returns twice its argument."""
    x = rng.standard_normal((3, 4))
    expect_close(student.layers.double(x), reference.layers.double(x))


@check
def shift(student, rng):
    """`Shift` adds its constant."""
    x = rng.standard_normal(5)
    expect_close(student.layers.Shift(1.5).forward(x), x + 1.5)


@check
def triple(notebook, rng):
    """`triple` returns three times its argument."""
    x = rng.standard_normal(4)
    expect_close(notebook.triple(x), 3 * x)
'''

SOLVED_TRIPLE = (
    "def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * np.asarray(x, dtype=float)\n"
    "    ### END SOLUTION\n"
)


def cell_metadata(name, **flags):
    standard = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **standard, **flags}}


def notebook():
    cells = [
        new_markdown_cell("# A tiny assignment", id="title"),
        new_code_cell("import numpy as np\nfrom cs_lib.layers import Shift, double", id="imports"),
        new_code_cell(
            "assert np.allclose(double(np.ones(2)), 2)",
            id="double",
            metadata=cell_metadata("double", grade=True, locked=True, points=2),
        ),
        new_code_cell(
            "assert Shift(1).forward(1) == 2",
            id="shift",
            metadata=cell_metadata("shift", grade=True, locked=True, points=1),
        ),
        new_code_cell(
            SOLVED_TRIPLE, id="triple-code", metadata=cell_metadata("triple-code", solution=True)
        ),
        new_code_cell(
            "assert triple(1) == 3",
            id="triple",
            metadata=cell_metadata("triple", grade=True, locked=True, points=1),
        ),
        new_markdown_cell(
            "Why twice?\n\n=== BEGIN MARK SCHEME ===\nBecause once is not enough for anybody.\n"
            "=== END MARK SCHEME ===",
            id="why",
            metadata=cell_metadata("why", task=True, locked=True, points=3),
        ),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write(root: Path) -> Path:
    """Write the course into an empty folder and return it."""
    assignment = root / "assignments" / "tiny"
    library = root / "assignments" / "cs_lib"
    source = root / "source" / "tiny"
    for folder in (assignment, library, source):
        folder.mkdir(parents=True)
    (library / "__init__.py").write_text('"""The course library."""\n')
    (library / "layers.py").write_text(LAYERS)
    (assignment / "assignment.toml").write_text(CONFIG)
    (assignment / "README.md").write_text("# A tiny assignment\n")
    (assignment / "checks.py").write_text(CHECKS)
    nbformat.write(notebook(), source / "tiny.ipynb")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copy(ROOT / "requirements.txt", root)
    return root


def solved() -> Submission:
    """A submission that earns all points."""
    return Submission(
        files={"cs_lib/layers.py": LAYERS.encode()},
        notebooks={"tiny": nbformat.writes(notebook()).encode()},
    )


def untouched(assignment: Assignment) -> Submission:
    """The release, handed in as it is."""
    return read(assignment.release, assignment)


def replace(submission: Submission, old: str, new: str) -> None:
    """Replace text in the submission's module."""
    text = submission.files["cs_lib/layers.py"].decode()
    assert old in text
    submission.files["cs_lib/layers.py"] = text.replace(old, new).encode()


def replace_cell(submission: Submission, name: str, source: str) -> None:
    """Replace the source of the cell with this id."""
    edited = _edited(submission)
    next(cell for cell in edited.cells if cell.id == name).source = source
    _store(submission, edited)


def insert_cell(submission: Submission, index: int, source: str) -> None:
    """Insert a code cell of the student's own."""
    edited = _edited(submission)
    edited.cells.insert(index, new_code_cell(source, id=f"own-{len(edited.cells)}"))
    _store(submission, edited)


def append_cell(submission: Submission, source: str) -> None:
    """Append a code cell of the student's own."""
    insert_cell(submission, 1000, source)


def _edited(submission: Submission) -> nbformat.NotebookNode:
    return nbformat.reads(submission.notebooks["tiny"].decode(), as_version=4)


def _store(submission: Submission, edited: nbformat.NotebookNode) -> None:
    submission.notebooks["tiny"] = nbformat.writes(edited).encode()


def append_markdown(submission: Submission, source: str) -> None:
    """Append a Markdown cell of the student's own."""
    edited = _edited(submission)
    edited.cells.append(new_markdown_cell(source, id=f"own-{len(edited.cells)}"))
    _store(submission, edited)


def double_cell(submission: Submission, name: str) -> None:
    """Insert a copy of a cell, metadata and all, above it."""
    edited = _edited(submission)
    index = next(i for i, cell in enumerate(edited.cells) if cell.id == name)
    edited.cells.insert(index, nbformat.from_dict({**edited.cells[index], "id": f"{name}-copy"}))
    _store(submission, edited)


def delete_cell(submission: Submission, name: str) -> None:
    """Delete the cell with this id."""
    edited = _edited(submission)
    edited.cells = [cell for cell in edited.cells if cell.id != name]
    _store(submission, edited)


def strip_metadata(submission: Submission) -> None:
    """Take away ids and metadata, as other programs do when they save a notebook."""
    edited = _edited(submission)
    for number, cell in enumerate(edited.cells):
        cell.id, cell.metadata = f"cell{number}", nbformat.NotebookNode()
    _store(submission, edited)
