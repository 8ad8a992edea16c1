"""JupyterLab for those who write a course."""

import os
import subprocess
import sys
from collections.abc import Sequence

from autograder.course.folder import Course


def run_lab(course: Course, arguments: Sequence[str]) -> int:
    """Run JupyterLab in a course folder; return its exit code.

    A kernel looks in its notebook's own folder first: one in ``release/`` finds
    what students have there, one in ``source/`` nothing, and so the reference.

    Parameters
    ----------
    arguments : sequence of str
        What JupyterLab is to be told, as ``--no-browser``.
    """
    command = [sys.executable, "-m", "jupyterlab", *arguments]
    paths = {
        "PATH": [os.path.dirname(sys.executable)],
        "PYTHONPATH": [".", str(course.assignments_folder)],
    }
    environment = {name: os.pathsep.join([*own, *_old(name)]) for name, own in paths.items()}
    if os.name == "posix":  # the same process, so that Ctrl-C reaches JupyterLab alone
        os.execve(sys.executable, command, {**os.environ, **environment})
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def _old(name: str) -> list[str]:
    return [os.environ[name]] if os.environ.get(name) else []
