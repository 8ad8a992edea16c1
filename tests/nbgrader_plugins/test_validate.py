"""``nbgrader validate``, for students on a release and for instructors on the source."""

import shutil

import pytest

from autograder.cli.lab import environment
from tests import tiny_course
from tests.nbgrader_plugins.commands import nbgrader

SUCCESS = "Success! Your notebook passes all the tests."


@pytest.fixture
def authoring(monkeypatch):
    """Give kernels the environment in which ``autograder lab`` starts JupyterLab in a course."""

    def author(course):
        monkeypatch.setenv("PYTHONPATH", environment(course)["PYTHONPATH"])

    return author


def test_an_untouched_release_fails_and_says_what_is_to_do(released):
    log = nbgrader(released.course.root, "validate", "release/tiny/tiny.ipynb", traceback=True)
    assert "VALIDATION FAILED ON 3 CELL(S)" in log
    for function in ("double", "Shift.forward", "triple"):
        assert f"NotImplementedError: tiny: implement {function}" in log


def test_solved_work_passes_with_the_students_own_library(released, tmp_path):
    home = tmp_path / "student"
    shutil.copytree(released.release, home / "tiny")
    for name, content in tiny_course.solved().files.items():
        (home / "tiny" / name).write_bytes(content)
    (home / "tiny" / "tiny.ipynb").write_bytes(tiny_course.solved().notebooks["tiny"])
    assert SUCCESS in nbgrader(home, "validate", "tiny/tiny.ipynb")


def test_while_authoring_the_source_is_tested_against_the_reference(course, authoring):
    authoring(course)
    assert SUCCESS in nbgrader(course.root, "validate", "source/tiny/tiny.ipynb")


def test_while_authoring_a_release_is_tested_against_its_own_skeleton(released, authoring):
    authoring(released.course)
    log = nbgrader(released.course.root, "validate", "release/tiny/tiny.ipynb", traceback=True)
    assert "NotImplementedError: tiny: implement double" in log


def test_without_a_library_the_source_cannot_pass(course):
    log = nbgrader(course.root, "validate", "source/tiny/tiny.ipynb", traceback=True)
    assert "NameError: name 'double' is not defined" in log
