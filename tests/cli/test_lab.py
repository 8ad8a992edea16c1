"""``autograder lab``: JupyterLab in which source/ has the reference and release/ the skeleton."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder import kit
from autograder.cli.lab import run_lab
from autograder.course.folder import Course
from autograder.handout.course_folder import init
from autograder.handout.release import release


class Started(Exception):
    """JupyterLab would run now."""


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What JupyterLab is started with: command and environment."""

    def execve(program, command, environment):
        raise Started(program, command, environment)

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("PYTHONPATH", "theirs")
    init(tmp_path)
    with pytest.raises(Started) as caught:
        run_lab(Course(tmp_path), ["--no-browser"])
    return caught.value.args


def test_it_is_this_environments_with_what_it_is_told(started):
    program, command, environment = started
    assert program == sys.executable
    assert command == [sys.executable, "-m", "jupyterlab", "--no-browser"]
    assert environment["PATH"].split(os.pathsep)[0] == os.path.dirname(sys.executable)
    assert environment["PYTHONPATH"].split(os.pathsep)[-1] == "theirs"


def test_a_kernel_finds_the_reference_in_source_and_the_skeleton_in_release(started, tmp_path):
    release(Course(tmp_path).assignment("first_steps"))
    code = (
        "import os, cs_lib.first_steps as m, cs_lib.kit as k;"
        "print(*map(os.path.abspath, (m.__file__, k.__path__[0])))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path / folder / "first_steps",
            env=started[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for folder in ("source", "release")
    ]
    (reference, installed), (skeleton, copy) = found
    assert reference == str(tmp_path / "assignments/cs_lib/first_steps.py")
    assert installed == str(Path(kit.__file__).parent)
    assert skeleton == str(tmp_path / "release/first_steps/cs_lib/first_steps.py")
    assert copy == str(tmp_path / "release/first_steps/cs_lib/kit")


def test_the_command_hands_everything_on(tmp_path):
    init(tmp_path)
    command = [sys.executable, "-m", "autograder", "lab", "--version"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == version("jupyterlab")
