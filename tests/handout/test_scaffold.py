"""``autograder new``: what it writes releases and grades at once."""

import re
import shutil

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.release import release
from autograder.handout.scaffold import scaffold
from autograder.handout.solved import solved_files
from autograder.intake.select import read
from tests.kit import student_folder
from tests.tiny_course import ROOT


@pytest.fixture
def course(tmp_path):
    """A course folder without assignments."""
    library = tmp_path / "assignments" / "cs_lib"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text('"""The course library."""\n')
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return Course(tmp_path)


@pytest.fixture
def first_steps(course):
    scaffold(course, "first_steps")
    return course.assignment("first_steps")


def test_it_releases_an_untouched_copy_scores_nothing_and_the_reference_all(first_steps, tmp_path):
    release(first_steps)
    for path, content in solved_files(first_steps).items():
        (tmp_path / "solved" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "solved" / path).write_bytes(content)
    with Grader(first_steps, Settings(b"key")) as grader:
        scores = [
            grader.grade(read(folder, first_steps), "ada").result.score
            for folder in (first_steps.release, tmp_path / "solved")
        ]
    assert scores == [0, 3]


def test_the_commands_of_its_hand_out_run(first_steps):
    release(first_steps)
    student_folder.edit(first_steps.release / "first_steps.ipynb", "Name: ", "Name: Ada Lovelace")
    (first_steps.release / "1.pdf").write_bytes(b"%PDF-1.4")
    commands = re.findall(r"`python -m cs_lib\.(\w+)`", first_steps.handout.read_text())
    assert commands == ["check", "handin"]
    check, handin = (student_folder.run(first_steps.release, command) for command in commands)
    assert "0 of 2 tests pass" in check.stdout
    assert (handin.returncode, handin.stderr) == (0, "")
    assert "1.pdf: taken for question 1." in handin.stdout
    assert "first_steps_Ada_Lovelace.zip" in handin.stdout


def test_the_release_holds_no_answer(first_steps):
    release(first_steps)
    released = "".join(
        path.read_text() for path in first_steps.release.rglob("*") if path.is_file()
    )
    assert 'NotImplementedError("first_steps: implement mean_squared_error")' in released
    for secret in ("slope * x", "np.mean(", "single outliers"):
        assert secret not in released


@pytest.mark.parametrize("name", ["First", "1st", "first steps", "../first", "class", ""])
def test_a_name_that_is_no_module_is_refused(course, name):
    with pytest.raises(InstructorError, match="expected a name of small letters"):
        scaffold(course, name)


@pytest.mark.parametrize("name", ["kit", "check", "handin", "budget", "datasets"])
def test_a_name_of_the_kit_is_refused(course, name):
    with pytest.raises(InstructorError, match=f"cs_lib.{name} is the autograder's own"):
        scaffold(course, name)


def test_nothing_that_is_there_is_overwritten(first_steps):
    first_steps.handout.write_text("mine")
    with pytest.raises(InstructorError, match="expected nothing there yet"):
        scaffold(first_steps.course, "first_steps")
    assert first_steps.handout.read_text() == "mine"


def test_a_question_that_students_could_change_stops_the_release(first_steps):
    path = first_steps.source / "first_steps.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].metadata.nbgrader.locked = False
    nbformat.write(notebook, path)
    with pytest.raises(InstructorError, match="cell 8: expected a locked question"):
        release(first_steps)
