"""What students run needs nothing of Linux, and CI tries it on Windows and macOS."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.kit import student_folder
from tests.tiny_course import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "students.yml"
ONLY_ON_UNIX = (
    "crypt", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog",
    "termios", "tty",
)  # fmt: skip
WITHOUT_UNIX = f"""
import builtins, os, runpy, signal, sys

real = builtins.__import__
def on_windows(name, globals=None, *rest, **more):
    own = str((globals or {{}}).get("__name__", "")).split(".")[0] in ("cs_lib", "__main__")
    if own and name.split(".")[0] in {ONLY_ON_UNIX}:
        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
    return real(name, globals, *rest, **more)
builtins.__import__ = on_windows
for name in ("fork", "getuid", "geteuid", "setsid", "killpg"):
    delattr(os, name)
del signal.SIGKILL, signal.alarm
sys.path.insert(0, ".")
sys.argv[0] = "cs_lib"
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""


@pytest.mark.parametrize("tool", [("check",), ("handin", "--names", "Ada", "--no-export")])
def test_it_runs_without_what_only_unix_has(tmp_path, tool):
    folder = student_folder.write(tmp_path, solved=True)
    command = [sys.executable, "-c", WITHOUT_UNIX, f"cs_lib.{tool[0]}", *tool[1:]]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_template_is_the_workflow_of_this_repository():
    template = ROOT / "docs" / "ci" / "students.yml"
    assert template.read_text() == WORKFLOW.read_text()


def test_it_runs_on_windows_and_macos():
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["students"]
    systems = {name.partition("-")[0] for name in job["strategy"]["matrix"]["os"]}
    assert systems == {"windows", "macos", "ubuntu"}


def test_its_commands_pass_on_a_release(tmp_path):
    """They are run as they stand there; only pip, which has nothing to install, is left out."""
    (step,) = [
        step for step in yaml.safe_load(WORKFLOW.read_text())["jobs"]["students"]["steps"]
        if "run" in step
    ]  # fmt: skip
    shutil.copytree(ROOT / "release" / "backprop_a2", tmp_path / "release" / "backprop_a2")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pip").write_text("#!/bin/sh\n")
    (tools / "pip").chmod(0o755)
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_repositorys_own_workflow_makes_what_the_makefile_has():
    text = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(text)["jobs"]["make"]
    targets = job["strategy"]["matrix"]["target"]
    assert {"lint", "test", "test-torch"} <= set(targets)
    rules = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines()}
    assert set(targets) <= rules
    assert job["steps"][-1]["run"] == "make ${{ matrix.target }}"
