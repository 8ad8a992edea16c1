"""docs/from_nbgrader.md, step by step, on nbgrader's own quickstart course."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import quickstartapp

from autograder.checks.status import status, totals
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.release import difference, release
from autograder.intake import select
from tests.tiny_course import ROOT

BLOCKS = re.findall(
    r"```(\w+)\n(.*?)```", (ROOT / "docs" / "from_nbgrader.md").read_text(), re.DOTALL
)
TOML = next(text for kind, text in BLOCKS if kind == "toml")
CHECKS = next(text for kind, text in BLOCKS if kind == "python" and "@check" in text)
EXAMPLE = Path(quickstartapp.__file__).parent.parent / "docs" / "source" / "user_guide" / "source"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tmp_path_factory.mktemp("quickstart")
    shutil.copytree(EXAMPLE, root / "source")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    found = Course(root).assignment("ps1")
    release(found)
    return found


@pytest.fixture(scope="module")
def moved(assignment):
    """The course after the last step of the page."""
    folder = assignment.folder
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML)
    (folder / "checks.py").write_text(CHECKS)
    return Course(assignment.course.root).assignment("ps1")


def graded(assignment, change=lambda text: text):
    """Grade the instructor's own notebooks, their code changed."""
    notebooks = {}
    for path in assignment.notebooks:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = change(cell.source)
        notebooks[path.stem] = nbformat.writes(notebook).encode()
    submission = select.Submission(notebooks=notebooks)
    with Grader(assignment, Settings(b"key")) as grader:
        return grader.grade(submission, "bitdiddle").result


def test_the_course_grades_as_it_is(assignment):
    result = graded(assignment)
    assert result.score == result.max_score == 3
    assert totals(status(assignment)) == {
        "behind the wall": 0,
        "in the notebook": 3,
        "by people": 10,
    }


def test_with_a_check_the_same_cells_are_released_and_one_is_behind_the_wall(moved):
    assert difference(moved) == []
    assert totals(status(moved)) == {"behind the wall": 1, "in the notebook": 2, "by people": 10}
    result = graded(moved)
    judged = {check.name: check.judged for check in result.checks}
    assert judged.pop("correct_squares") == "behind the wall"
    assert set(judged.values()) == {"in the notebook"}
    assert result.score == result.max_score == 3


def test_the_check_looks_at_more_than_the_cell_shows(moved):
    def table(text):
        return text.replace(
            "[i ** 2 for i in range(1, n + 1)]", "[1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121][:n]"
        )

    check = next(c for c in graded(moved, table).checks if c.name == "correct_squares")
    assert check.status == "failed"
    assert "in this order" in check.explanations[0]


@pytest.mark.parametrize(
    ("toml", "checks", "problem"),
    [
        (TOML.replace("true ", "[] "), CHECKS, '"squares_invalid_input" carries points but has no'),
        (TOML.replace("true ", '["squares"] '), CHECKS, 'names of test cells, got "squares"'),
        (TOML.replace("true ", '["correct_squares"] '), CHECKS, "has a check"),
        (TOML, CHECKS.replace('"correct_squares"', '"corect"'), 'no graded cell "corect"'),
    ],
)
def test_a_mistake_on_the_way_is_located(moved, toml, checks, problem):
    files = {"assignment.toml": toml, "checks.py": checks}
    before = {name: (moved.folder / name).read_text() for name in files}
    try:
        for name, text in files.items():
            (moved.folder / name).write_text(text)
        with pytest.raises(InstructorError, match=re.escape(problem)):
            status(Course(moved.course.root).assignment("ps1"))
    finally:
        for name, text in before.items():
            (moved.folder / name).write_text(text)
