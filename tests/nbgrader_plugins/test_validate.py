"""``nbgrader validate``, for students on a release and for instructors on the source."""

import shutil
import subprocess

import pytest

from tests import tiny_course
from tests.nbgrader_plugins.commands import nbgrader
from tests.tiny_course import ROOT

SUCCESS = "Success! Your notebook passes all the tests."


@pytest.fixture
def authoring(tmp_path, monkeypatch):
    """Give kernels the environment in which ``make lab`` starts JupyterLab in a course."""

    def author(course):
        jupyter = tmp_path / "venv" / "bin" / "jupyter"
        jupyter.parent.mkdir(parents=True)
        jupyter.write_text('#!/bin/sh\nprintf %s "$PYTHONPATH"\n')
        jupyter.chmod(0o755)
        venv = tmp_path / "venv"
        make = ["make", "-s", "-f", ROOT / "Makefile", "-C", course.root, f"VENV={venv}"]
        path = subprocess.check_output([*make, "-o", venv / ".runs", "lab"], text=True)
        monkeypatch.setenv("PYTHONPATH", path)

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
