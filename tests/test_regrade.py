import io

import pytest
from rich.console import Console

from autograder.batch import Options
from autograder.gradebook import open_gradebook
from autograder.records import read_result
from autograder.regrade import Change, regrade, table
from tests.course_run import KEY

ONE = Options(KEY, jobs=1)


@pytest.fixture
def stricter(graded):
    """The graded course after the checks became stricter: `shift` asks for one more."""
    text = graded.checks.read_text()
    graded.checks.write_text(text.replace("x + 1.5)", "x + 2.5)"))
    with open_gradebook(graded.course) as gradebook:
        gradebook.find_grade("shift", "tiny", "tiny", "ada").manual_score = 0.5
    return graded


CHANGES = {
    "ada": Change("ada", 4, 3, {"shift": (1, 0)}, by_hand=("shift",)),
    "cyd": Change("cyd", 2, 1, {"shift": (1, 0)}),
    "dan": Change("dan", 3, 2, {"shift": (1, 0)}),
    "fay": Change("fay", 2, 1, {"shift": (1, 0)}),
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


def test_the_table_names_what_changes():
    output = io.StringIO()
    Console(width=100, file=output).print(table([CHANGES["ada"], Change("new", None, 2)]))
    text = " ".join(output.getvalue().split())
    assert "ada │ 4 │ 3 │ shift: 1 → 0 (a person's score stands)" in text
    assert "new │ – │ 2" in text
