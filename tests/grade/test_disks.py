"""A course on a disk that is full or cannot be written: one line, and what was done is kept."""

import os
import shutil

import pytest

from autograder.course.folder import Course
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from tests import tiny_course
from tests.course_run import hand_in
from tests.disks import left_in, on_a_disk, run
from tests.ordinary_user import run_tests

GRADE = ("grade", "tiny", "--jobs", "1")
WRITABLE = "expected a folder that this account can write to, got one that it cannot."


@pytest.fixture
def two(released):
    for student in ("ada", "bob"):
        hand_in(released, student, tiny_course.solved())
    return released


@pytest.fixture(scope="module")
def undisturbed(released_once, tmp_path_factory):
    """All that a run with room leaves."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    for student in ("ada", "bob"):
        hand_in(assignment, student, tiny_course.solved())
    grade_course(assignment, CourseSettings(b"key", jobs=1))
    return sorted(left_in(root))


def test_a_course_that_cannot_be_written_is_told_in_one_line(two, monkeypatch):
    root = two.course.root
    if os.geteuid() == 0:  # for whom no folder is closed
        ran, again = on_a_disk("read-only", root, *GRADE)
        assert again["code"] == 0, again["err"]
    else:
        monkeypatch.chdir(root)
        root.chmod(0o555)
        ran = run(GRADE)
        root.chmod(0o755)
    assert (ran["code"], ran["out"].strip()) == (2, "")
    (line,) = ran["err"].splitlines()
    assert line.startswith(f"autograder: {root}: {WRITABLE}")


@pytest.mark.parametrize(
    "room",
    [
        0,
        pytest.param(60_000, marks=pytest.mark.slow),
        pytest.param(20_000, marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_told_in_one_line_and_the_run_goes_on_when_there_is_room(
    two, room, undisturbed
):
    ran, again = on_a_disk("full", two.course.root, *GRADE, room=room)
    assert ran["code"] == 2, ran["out"]
    (line,) = ran["err"].splitlines()
    assert "got: No space left on device." in line or "got: database or disk is full." in line
    assert line.startswith("autograder: ")
    assert "the disk:" not in line
    assert again["code"] == 0, again["err"]
    assert again["left"] == undisturbed
    assert [row.count("4 / 4") for row in again["out"].splitlines() if "4 / 4" in row] == [1, 1]


@pytest.mark.slow
def test_the_same_as_an_ordinary_user():
    run_tests("tests/grade/test_disks.py")
