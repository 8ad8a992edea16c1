"""Assignments that know nothing of the kit: their own cells and rules, behind the wall."""

import json
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.folder import Course
from autograder.gradebook.store import open_gradebook
from tests.nbgrader_plugins.converters import autograde, generate, generate_feedback
from tests.tiny_course import ROOT, cell_metadata


def test_cell(name, source, points):
    return new_code_cell(
        source, id=name, metadata=cell_metadata(name, grade=True, locked=True, points=points)
    )


test_cell.__test__ = False


def source():
    answer = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
    hidden = (
        "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(1111) == 1234321\n"
        "### END HIDDEN TESTS"
    )
    why = "Why?\n\n=== BEGIN MARK SCHEME ===\nBecause of Pythagoras.\n=== END MARK SCHEME ==="
    return new_notebook(
        cells=[
            new_code_cell(answer, id="square", metadata=cell_metadata("square", solution=True)),
            test_cell("hidden", hidden, 2),
            test_cell("partial", "0.5 if square(0) == 0 else 0.0", 1),
            test_cell("data", "assert open('numbers.txt').read().split() == ['1', '2']", 1),
            test_cell("own", "from helper import three\nassert three() == 3", 1),
            new_markdown_cell(
                why, id="why", metadata=cell_metadata("why", task=True, locked=True, points=3)
            ),
        ],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )


SOLVED = "def square(x):\n    return x * x"
HANG = "while True:\n    pass"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("foreign") / "course"
    (root / "source" / "ps").mkdir(parents=True)
    nbformat.write(source(), root / "source" / "ps" / "ps.ipynb")
    (root / "source" / "ps" / "numbers.txt").write_text("1 2")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Execute.timeout = 4\n")
    course = Course(root)
    generate(course, "ps")
    for student, change in SUBMISSIONS.items():
        notebook = nbformat.read(root / "release" / "ps" / "ps.ipynb", as_version=4)
        notebook.cells[0].source = SOLVED
        folder = root / "submitted" / student / "ps"
        folder.mkdir(parents=True)
        (folder / "helper.py").write_text("def three():\n    return 3\n")
        (folder / "numbers.txt").write_text("9 9 9")  # the course's own takes its place
        content = change(notebook)
        (folder / "ps.ipynb").write_text(
            content if isinstance(content, str) else json.dumps(notebook)
        )
    autograde(course, "ps")
    return course


def changed(index, text):
    def change(notebook):
        notebook.cells[index].source = text

    return change


def inserted(index, text):
    def change(notebook):
        notebook.cells.insert(index, new_code_cell(text))

    return change


def without_test(notebook):
    del notebook.cells[1]


def doubled(notebook):
    notebook.cells.insert(1, nbformat.from_dict(notebook.cells[1]))


SUBMISSIONS = {
    "right": lambda notebook: None,
    "table": changed(0, "def square(x):\n    return {0: 0, 2: 4}[x]"),
    "hanging": inserted(0, HANG),
    "crashing": inserted(0, "import os\nos._exit(0)"),
    "garbled": lambda notebook: "{",
    "shortened": without_test,
    "doubled": doubled,
    "writing": inserted(0, "open('out.txt', 'w').write('x')\nassert open('out.txt').read() == 'x'"),
}


def scores(course, student):
    with open_gradebook(course) as gradebook:
        (notebook,) = gradebook.find_submission("ps", student).notebooks
        return {grade.name: grade.auto_score for grade in notebook.grades}


FULL = {"hidden": 2, "partial": 0.5, "data": 1, "own": 1, "why": None}


@pytest.mark.parametrize(
    "student", ["right", "hanging", "crashing", "shortened", "doubled", "writing"]
)
def test_right_work_gets_its_points_in_whatever_state_the_notebook_is(course, student):
    assert scores(course, student) == FULL


def test_hidden_tests_are_run(course):
    assert scores(course, "table") == FULL | {"hidden": 0}


def test_a_notebook_that_cannot_be_read_gets_a_zero(course):
    assert scores(course, "garbled") == dict.fromkeys(FULL, 0)


def test_feedback_shows_neither_hidden_tests_nor_mark_schemes(course):
    generate_feedback(course, "ps")
    pages = {path.parent.parent.name: path.read_text() for path in course.feedback.rglob("*.html")}
    assert pages.keys() == SUBMISSIONS.keys()
    for page in pages.values():
        assert "1234321" not in page
        assert "Pythagoras" not in page
        assert "1111" not in page  # nor what an error tells of them
    assert "hidden" in pages["table"]
