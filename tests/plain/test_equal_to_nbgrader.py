"""Plain nbgrader courses score as nbgrader scores them, cell by cell."""

import shutil
from pathlib import Path

import nbgrader
import pytest

from autograder.course.folder import Course
from autograder.handout import release as room
from tests.plain import courses
from tests.plain.compared import by_nbgrader, points, release, results


def broken(cell):
    if cell.cell_type == "code" and "return" in cell.source:
        cell.source = courses.without_last_return(cell.source)


STUDENTS = {"right": lambda cell: None, "wrong": broken}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = courses.write(tmp_path_factory.mktemp("plain"))
    for name in courses.COURSES:
        release(root, name)
        for student, change in STUDENTS.items():
            courses.solved(root, name, student, change)
    return root


def compare(root, assignment, seconds=30):
    theirs, ours = by_nbgrader(root, assignment, seconds), results(root, assignment)
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
    assert scores["right"] > scores["wrong"]
    for graded in ours.values():
        assert {check.judged for check in graded.result.checks} == {"in the notebook"}


FILES = Path(nbgrader.__file__).parent / "tests" / "apps" / "files"
ITS_OWN = {
    "submitted-unchanged": (
        "submitted-changed", "submitted-grade-cell-changed", "submitted-locked-cell-changed",
        "submitted-cheat-attempt", "submitted-cheat-attempt-alternative",
    ),
    "test": ("test-with-output",),
    "test-hidden-tests": (),
    "open_relative_file": (),
    "validating-environment-variable": (),
    "validation-zero-points": (),
    "infinite-loop": ("infinite-loop-with-output",),
    "autotest-simple": ("autotest-simple-changed", "autotest-simple-unchanged"),
    "autotest-hashed": ("autotest-hashed-changed", "autotest-hashed-unchanged"),
    "autotest-hidden": (
        "autotest-hidden-changed-right", "autotest-hidden-changed-wrong",
        "autotest-hidden-unchanged",
    ),
    "autotest-multi": ("autotest-multi-changed", "autotest-multi-unchanged"),
}  # fmt: skip
"""nbgrader's own test notebooks: what is handed in for each, beside itself."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ITS_OWN)
def test_nbgraders_own_notebooks(tmp_path, name):
    (tmp_path / "nbgrader_config.py").write_text(courses.CONFIG)
    source = tmp_path / "source" / "ps"
    source.mkdir(parents=True)
    for beside in ("data.txt", "jupyter.png", "autotests.yml"):
        shutil.copy(FILES / beside, source)
    shutil.copy(FILES / f"{name}.ipynb", source / "p1.ipynb")
    if name == "infinite-loop":
        (tmp_path / "assignments" / "ps").mkdir(parents=True)
        limits = 'title = "Loops"\n[limits]\ncell_seconds = 1\n'
        (tmp_path / "assignments" / "ps" / "assignment.toml").write_text(limits)
    release(tmp_path, "ps")
    for student in (name, *ITS_OWN[name]):
        folder = tmp_path / "submitted" / student / "ps"
        folder.mkdir(parents=True)
        shutil.copy(FILES / f"{student}.ipynb", folder / "p1.ipynb")
    compare(tmp_path, "ps", seconds=2 if name == "infinite-loop" else 30)


def test_the_release_is_nbgraders(tmp_path):
    root = courses.write(tmp_path)
    for name in courses.COURSES:
        release(root, name)
        theirs = {path.name: path.read_bytes() for path in (root / "release" / name).iterdir()}
        room.release(Course(root).assignment(name))
        ours = {path.name: path.read_bytes() for path in (root / "release" / name).iterdir()}
        assert ours == theirs


@pytest.mark.slow
def test_the_quickstart_course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(courses.CONFIG)
    source = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
    shutil.copytree(source, tmp_path / "source" / "ps1")
    release(tmp_path, "ps1")
    courses.solved(tmp_path, "ps1", "right")
    courses.solved(tmp_path, "ps1", "wrong", broken)
    shutil.copytree(tmp_path / "release" / "ps1", tmp_path / "submitted" / "untouched" / "ps1")
    scores = {student: graded.result.score for student, graded in compare(tmp_path, "ps1").items()}
    assert scores["right"] == 3 > scores["wrong"] >= scores["untouched"] == 0
