"""A student's folder of the tiny course: released library, tools, a notebook."""

import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from autograder.course.folder import Course
from autograder.handout.library import library_files
from tests import tiny_course

SOLVED = {
    'raise NotImplementedError("tiny: implement double")': (
        "return SCALE * np.asarray(x, dtype=float)"
    ),
    'raise NotImplementedError("tiny: implement Shift.forward")': "return np.add(x, self.by) + 0.0",
}


def write(root: Path, *, solved: bool) -> Path:
    """Write the folder of a student who has solved all, or nothing yet."""
    course = Course(tiny_course.write(root / "course"))
    _with_a_cell_for_the_answer(course.assignment("tiny").notebooks[0])
    folder = root / "tiny"
    for name, content in library_files(course.assignment("tiny")).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    notebook = tiny_course.notebook()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
        if cell.id == "triple-code" and not solved:
            stub = 'raise NotImplementedError("tiny: implement triple")'
            cell.source = f"def triple(x):\n    {stub}\n"
        if cell.id == "why":
            cell.source = "**Question 2.1** Why twice?"
    answer = "*Your answer:* " + ("Because once is not enough." if solved else "")
    notebook.cells.append(new_markdown_cell(answer, id="answer"))
    nbformat.write(notebook, folder / "tiny.ipynb")
    if solved:
        for stub, line in SOLVED.items():
            edit(folder / "cs_lib" / "layers.py", stub, line)
    return folder


def _with_a_cell_for_the_answer(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    (question,) = [cell for cell in notebook.cells if cell.id == "why"]
    question.source = f"**Question 2.1** {question.source}"
    notebook.cells.append(new_markdown_cell("*Your answer:*", id="answer"))
    nbformat.write(notebook, path)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def run(folder: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool as a student does: from the folder, without the course's package."""
    return subprocess.run(
        [sys.executable, "-m", f"cs_lib.{tool}", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
