from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.audit.bench import Bench
from autograder.course.folder import Course
from autograder.grade.processes import Job
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests import tiny_course

LIBRARY = '''"""Layers."""

import numpy as np


def relu(x):
    """Return the positive part."""
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


def relu_grad(x):
    """Return 1 where x is positive, else 0."""
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, 0.0)
    ### END SOLUTION


def total(x):
    """Add up, in a loop."""
    ### BEGIN SOLUTION
    result, index = 0.0, 0
    while index < len(x):
        result += x[index]
        index += 1
    return result
    ### END SOLUTION


class Scale:
    """Scales."""

    def __init__(self, factor):
        ### BEGIN SOLUTION
        self.factor = np.array(factor, dtype=float)
        ### END SOLUTION

    def forward(self, x):
        """Return the product."""
        ### BEGIN SOLUTION
        return self.factor * x
        ### END SOLUTION
'''

CONFIG = """title = "A tiny assignment"

[modules."layers.py"]
todo = ["relu", "relu_grad", "total", "Scale"]
"""

GOOD = '''"""Checks."""

import numpy as np

from autograder.checks import check, expect, expect_close, expect_matches


@check
def double(student, reference, rng):
    """relu and its gradient are right."""
    x = rng.standard_normal((3, 4))
    expect_matches(student.layers.relu, x=x)
    expect_matches(student.layers.relu_grad, x=x)


@check
def shift(student, reference, rng):
    """Sums and scales are right."""
    expect_matches(student.layers.total, x=rng.standard_normal(6))
    factor, x = rng.standard_normal((2, 5))
    expect_close(student.layers.Scale(factor).forward(x), factor * x)


@check
def triple(notebook, rng):
    """triple is right."""
    x = rng.standard_normal(4)
    expect_close(notebook.triple(x), 3 * x)
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return written(tmp_path / "course")


def written(folder: Path) -> Course:
    """Write the course with good checks."""
    root = tiny_course.write(folder)
    (root / "assignments" / "cs_lib" / "layers.py").write_text(LIBRARY)
    (root / "assignments" / "tiny" / "assignment.toml").write_text(CONFIG)
    (root / "assignments" / "tiny" / "checks.py").write_text(GOOD)
    notebook = root / "source" / "tiny" / "tiny.ipynb"
    text = notebook.read_text().replace("import Shift, double", "import relu, total")
    text = text.replace("assert np.allclose(double(np.ones(2)), 2)", "assert relu(-1.0) == 0")
    notebook.write_text(text.replace("assert Shift(1).forward(1) == 2", "assert total([1]) == 1"))
    _release(Course(root))
    return Course(root)


def _release(course: Course) -> None:
    """Write the student's notebook, as nbgrader would in seconds."""
    notebook = nbformat.read(course.root / "source" / "tiny" / "tiny.ipynb", 4)
    for cell in notebook.cells:
        if "BEGIN SOLUTION" in cell.source:
            cell.source = "def triple(x):\n    raise NotImplementedError()\n"
    folder = course.assignment("tiny").release
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "tiny.ipynb")


@pytest.fixture
def setup(course: Course) -> Job:
    return Job(course.root, "tiny", Settings(b"key", allow_unsafe=True))


@pytest.fixture
def grader(course: Course) -> Iterator[Grader]:
    with Grader(course.assignment("tiny"), Settings(b"key", allow_unsafe=True)) as grader:
        yield grader


@pytest.fixture
def bench(grader: Grader) -> Iterator[Bench]:
    with Bench(grader) as bench:
        yield bench
