"""An assignment whose package is not installed is left out by one line; all others work."""

import subprocess
import sys

import pytest

from autograder.course import extras
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.release import difference
from tests.tiny_course import ROOT

WITHOUT_TORCH = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "torch" else find(name, *rest)
sys.modules["torch"] = None
sys.argv[0] = "autograder"
runpy.run_module("autograder", run_name="__main__")
"""


@pytest.fixture
def without_torch(monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)


def test_what_is_missing_is_said_in_one_line(without_torch):
    assert extras.left_out(["numpy", "scipy"]) == ""
    reason = extras.left_out(["numpy", "torch"])
    assert reason.endswith("not installed here: pip install -r requirements-torch.txt")
    assert "\n" not in reason


def test_no_submission_is_judged_by_what_the_machine_lacks(without_torch):
    with pytest.raises(InstructorError, match="pytorch_cifar: left out, as it needs torch"):
        Grader(Course(ROOT).assignment("pytorch_cifar"), Settings(b"course key"))


@pytest.mark.parametrize("command", [("audit",), ("grade", "--submission", "release")])
def test_commands_say_so_and_end_with_exit_code_2(command):
    name, *options = command
    arguments = [name, "pytorch_cifar", *options]
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "pytorch_cifar: left out, as it needs torch" in run.stderr
    assert "Traceback" not in run.stderr


def test_it_is_released_without_pytorch(monkeypatch):
    """The committed release is the one that a machine without PyTorch makes."""
    monkeypatch.setitem(sys.modules, "torch", None)
    assert difference(Course(ROOT).assignment("pytorch_cifar")) == []


def test_the_pin_of_an_extra_has_a_file_of_its_own():
    assert "torch" not in (ROOT / "requirements.txt").read_text()
    pins = [
        line for line in (ROOT / "requirements-torch.txt").read_text().splitlines() if "==" in line
    ]
    assert pins == ["torch==2.13.0"]
    assert pins[0] in (ROOT / "release" / "pytorch_cifar" / "requirements.txt").read_text()
