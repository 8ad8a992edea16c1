"""``autograder new``: an assignment that releases and grades at once, to be rewritten."""

import keyword
import re
from collections.abc import Iterable
from pathlib import Path

import jinja2
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.folder import Assignment, Course
from autograder.course.kit import FOLDER
from autograder.errors import InstructorError
from autograder.handout.library import DATA_FACE, FACES, TEMPLATES

LINE = """def line(x, slope, intercept):
    ### BEGIN SOLUTION
    return slope * x + intercept
    ### END SOLUTION
"""
TASK = """**Question 1.** When is the mean squared error a bad choice?

Answer in a cell below, in one or two sentences.

=== BEGIN MARK SCHEME ===
1 point: for classification, or where single outliers must not dominate.
=== END MARK SCHEME ==="""


def scaffold(course: Course, name: str) -> list[str]:
    """Write a new assignment and return the paths of its files.

    Raises
    ------
    InstructorError
        The name is no Python name, or something of that name is there already.
    """
    _check_name(name)
    assignment = Assignment(course, name)
    module = course.library / f"{name}.py"
    _check_free(course, (assignment.folder, assignment.source, module))
    texts = {
        assignment.folder / "README.md": "README.md",
        assignment.folder / "assignment.toml": "assignment.toml",
        assignment.folder / "checks.py": "checks.py",
        module: "module.py",
    }
    for path, template in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_render(template, name), encoding="utf-8")
    assignment.source.mkdir(parents=True)
    notebook = assignment.source / f"{name}.ipynb"
    nbformat.write(_notebook(name), notebook)
    return [course.shown(path) for path in (*texts, notebook)]


def _check_free(course: Course, places: Iterable[Path]) -> None:
    for path in places:
        if path.exists():
            raise InstructorError(
                f"{course.shown(path)}: expected nothing there yet. Choose another name."
            )


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise InstructorError(
            f'new: expected a name of small letters, digits and "_", got "{name}". '
            "It names a folder and a Python module."
        )
    if name == FOLDER or f"{name}.py" in (*FACES, DATA_FACE):
        raise InstructorError(
            f"new: {name}: cs_lib.{name} is the autograder's own in every release. "
            "Choose another name."
        )


def _render(template: str, name: str) -> str:
    text = (TEMPLATES / "new" / template).read_text(encoding="utf-8")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    return environment.from_string(text).render(name=name, title=_title(name))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _notebook(name: str) -> nbformat.NotebookNode:
    cells = [
        new_markdown_cell(f"# {_title(name)}\n\nName: ", id="title"),
        new_code_cell(
            f"import numpy as np\n\nfrom cs_lib.{name} import mean_squared_error", id="imports"
        ),
        new_markdown_cell(
            f"## Mean squared error\n\nComplete `mean_squared_error` in `cs_lib/{name}.py`:\n\n"
            r"$$\frac{1}{N}\sum_{i=1}^{N} (\hat y_i - y_i)^2$$",
            id="mean-squared-error-text",
        ),
        _test("mean_squared_error", "error = mean_squared_error(np.zeros(4), np.full(4, 3.0))\n"
              'print("error:", error, "expected: 9.0")\n'
              'assert error == 9.0, f"expected 9.0, got {error}"', points=2),
        new_markdown_cell("## A line\n\nComplete the function.", id="line-text"),
        new_code_cell(LINE, id="line-code", metadata=_nbgrader("line-code", solution=True)),
        _test("line", 'assert line(2.0, 3.0, 1.0) == 7.0, "expected 3 · 2 + 1 = 7"', points=1),
        _task("question", TASK, points=1),
    ]  # fmt: skip
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    language = {"name": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": language})


def _test(name: str, source: str, points: float) -> nbformat.NotebookNode:
    metadata = _nbgrader(name, grade=True, locked=True, points=points)
    return new_code_cell(source, id=name, metadata=metadata)


def _task(name: str, source: str, points: float) -> nbformat.NotebookNode:
    metadata = _nbgrader(name, task=True, locked=True, points=points)
    return new_markdown_cell(source, id=name, metadata=metadata)


def _nbgrader(name: str, **flags: object) -> dict[str, object]:
    none = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **none, **flags}}
