import io

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from rich.console import Console

from autograder.errors import InstructorError
from autograder.grade.regrade import ScoreChange, regrade, table
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.handout.release import release
from tests.course_run import KEY
from tests.tiny_course import cell_metadata

ONE = CourseSettings(KEY, jobs=1)
TWO_STUDENTS = CourseSettings(KEY, jobs=1, students=("ada", "fay"))


@pytest.fixture
def stricter(graded):
    """The graded course after the checks became stricter: `shift` asks for one more."""
    text = graded.checks.read_text()
    graded.checks.write_text(text.replace("x + 1.5)", "x + 2.5)"))
    with open_gradebook(graded.course) as gradebook:
        gradebook.find_grade("shift", "tiny", "tiny", "ada").manual_score = 0.5
    return graded


CHANGES = {
    "ada": ScoreChange("ada", 4, 3, {"shift": (1, 0)}, by_hand=("shift",)),
    "cyd": ScoreChange("cyd", 2, 1, {"shift": (1, 0)}),
    "dan": ScoreChange("dan", 3, 2, {"shift": (1, 0)}),
    "fay": ScoreChange("fay", 2, 1, {"shift": (1, 0)}),
}


def by_student(found):
    return {change.student: change for change in found.changes}


def test_without_apply_it_tells_and_writes_nothing(stricter):
    found = regrade(stricter, ONE, apply=False)
    assert by_student(found) == CHANGES
    assert found.unchanged == 2  # bob and eve had nothing to lose
    assert read_result(stricter, "fay").score == 2
    with open_gradebook(stricter.course) as gradebook:
        assert gradebook.find_submission("tiny", "fay").score == 2


def test_apply_writes_what_it_tells_and_keeps_a_persons_score(stricter):
    assert by_student(regrade(stricter, ONE, apply=True)) == CHANGES
    assert read_result(stricter, "fay").score == 1
    with open_gradebook(stricter.course) as gradebook:
        assert gradebook.find_submission("tiny", "fay").score == 1
        grade = gradebook.find_grade("shift", "tiny", "tiny", "ada")
        assert (grade.score, grade.needs_manual_grade) == (0.5, True)


QUADRUPLE = '''

@check
def quadruple(student):
    """Twice twice is four times."""
    expect_close(student.layers.double(student.layers.double(1.0)), 4.0)
'''


def add_a_check(assignment):
    """A check with a cell of its own, a bonus question, and more points for an old check."""
    assignment.checks.write_text(assignment.checks.read_text() + QUADRUPLE)
    path = assignment.source / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    flags = cell_metadata("quadruple", grade=True, locked=True, points=2)
    notebook.cells.insert(3, new_code_cell("double(double(1))", id="quadruple", metadata=flags))
    flags = cell_metadata("bonus", task=True, locked=True, points=0)
    notebook.cells.append(new_markdown_cell("Anything else?", id="bonus", metadata=flags))
    next(cell for cell in notebook.cells if cell.id == "shift").metadata.nbgrader["points"] = 3
    nbformat.write(notebook, path)
    release(assignment)


def test_a_check_may_be_added_after_hand_in(graded):
    with open_gradebook(graded.course) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 1, False
    add_a_check(graded)
    found = by_student(regrade(graded, TWO_STUDENTS, apply=True))
    assert found["ada"].checks == {"shift": (1, 3), "quadruple": (0, 2)}
    assert found["fay"].checks == {"shift": (1, 3)}
    with open_gradebook(graded.course) as gradebook:
        submission = gradebook.find_submission("tiny", "ada")
        assert (submission.score, submission.max_score) == (
            2 + 3 + 2 + 1 + 2.5 + 1,
            2 + 3 + 2 + 1 + 3,
        )
        grade = gradebook.find_grade("bonus", "tiny", "tiny", "fay")
        assert (grade.max_score, grade.needs_manual_grade) == (0, True)
        assert gradebook.find_comment("bonus", "tiny", "tiny", "fay").manual_comment is None


def test_a_graded_cell_may_not_be_taken_away(graded):
    path = graded.source / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "why"]
    nbformat.write(notebook, path)
    release(graded)
    with pytest.raises(InstructorError, match=r"tiny\.ipynb: expected the cells why, for which"):
        regrade(graded, TWO_STUDENTS, apply=True)


def test_the_table_names_what_changes():
    output = io.StringIO()
    Console(width=100, file=output).print(table([CHANGES["ada"], ScoreChange("new", None, 2)]))
    text = " ".join(output.getvalue().split())
    assert "ada │ 4 │ 3 │ shift: 1 → 0 (a person's score stands)" in text
    assert "new │ – │ 2" in text
