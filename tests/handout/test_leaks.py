"""What the leak scan takes for a secret, in an assignment whose tests stand in its cells."""

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.handout.release import release
from tests.plain.courses import CONFIG, answer, book, graded_test

SHOWN = "assert shares([1, 2, 3]) == [1 / 6, 1 / 3, 1 / 2]"
IDIOM = "rng = np.random.default_rng(20)"
HIDDEN = "assert shares([5, 5, 10]) == [0.25, 0.25, 0.5]"
SOLUTION = "whole = [value / sum(values) for value in values]"


@pytest.fixture
def course(tmp_path):
    """A course in which a hidden test repeats a visible one, and uses an idiom."""
    source = tmp_path / "source" / "ps"
    source.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    hidden = f"### BEGIN HIDDEN TESTS\n{SHOWN}\n{IDIOM}\n{HIDDEN}\n### END HIDDEN TESTS"
    notebook = book(
        answer("shares", f"def shares(values):\n    {SOLUTION}\n    return whole"),
        graded_test("seen", f"import numpy as np\n{IDIOM}\n{SHOWN}", 1),
        graded_test("hidden", hidden, 1),
    )
    nbformat.write(notebook, source / "ps.ipynb")
    return Course(tmp_path)


def test_a_hidden_test_may_repeat_what_is_shown(course):
    assert "ps.ipynb" in release(course.assignment("ps"))


@pytest.mark.parametrize("line", [SHOWN, IDIOM])
def test_neither_that_nor_an_idiom_is_a_secret_elsewhere(course, line):
    (course.root / "source" / "ps" / "notes.txt").write_text(line)
    assert "notes.txt" in release(course.assignment("ps"))


@pytest.mark.parametrize("line", [HIDDEN, SOLUTION])
def test_a_hidden_test_or_a_whole_answer_beside_the_notebook_stops_the_release(course, line):
    (course.root / "source" / "ps" / "notes.txt").write_text(line)
    with pytest.raises(InstructorError, match=r"notes\.txt, line 1: .* is a secret"):
        release(course.assignment("ps"))
