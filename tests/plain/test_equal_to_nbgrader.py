"""Plain nbgrader courses score as nbgrader scores them, cell by cell."""

import pytest

from tests.plain import courses
from tests.plain.compared import by_nbgrader, points, release, results


def broken(cell):
    if cell.cell_type == "code" and "return" in cell.source:
        cell.source = courses.without_last_return(cell.source)


def failing(cell):
    if cell.cell_type == "code":
        cell.source = courses.STUB


STUDENTS = {"right": lambda cell: None, "wrong": broken, "failing": failing}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = courses.write(tmp_path_factory.mktemp("plain"))
    for name in courses.COURSES:
        release(root, name)
        for student, change in STUDENTS.items():
            courses.solved(root, name, student, change)
    return root


def compare(root, assignment):
    theirs, ours = by_nbgrader(root, assignment), results(root, assignment)
    assert theirs.keys() == ours.keys()
    for student, graded in ours.items():
        assert points(graded) == without_untouched(theirs[student], graded), student
    return ours


def without_untouched(scores, graded):
    """nbgrader's scores, but those of written answers left as they were: zero, when recorded."""
    manual = {(cell.notebook, cell.name.rpartition("/")[2]) for cell in graded.result.manual}
    return {cell: None if cell in manual else score for cell, score in scores.items()}


@pytest.mark.parametrize("assignment", courses.COURSES)
def test_small_courses(course, assignment):
    ours = compare(course, assignment)
    scores = {student: graded.result.score for student, graded in ours.items()}
    assert scores["right"] > scores["wrong"] >= scores["failing"]
    for graded in ours.values():
        assert {check.judged for check in graded.result.checks} == {"in the notebook"}
