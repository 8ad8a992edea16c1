"""``autograder datasets``: the kit's data sets in a course folder."""

import subprocess
import sys

import pytest

from autograder.handout.course_folder import init


@pytest.fixture
def course(tmp_path):
    init(tmp_path)
    settings = tmp_path / "assignments/first_steps/assignment.toml"
    settings.write_text('data = ["cats_cars", "digits"]\n' + settings.read_text())
    return tmp_path


def datasets(course, *arguments):
    command = [sys.executable, "-m", "autograder", "datasets", *arguments]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def test_all_are_those_that_an_assignment_uses_and_they_lie_in_the_course(course):
    ran = datasets(course, "synthesize", "--all", "--size", "20")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == ["cats_cars", "digits"]
    assert (course / "datasets/synthetic/cats_cars/assign2_data1.h5").exists()


def test_a_library_that_does_not_lead_to_the_kit_is_named(course):
    (course / "assignments/cs_lib/kit/__init__.py").unlink()
    ran = datasets(course, "list")
    assert ran.returncode == 2
    assert "assignments/cs_lib: expected kit/__init__.py" in ran.stderr
    assert "autograder init ." in ran.stderr
