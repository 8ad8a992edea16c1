"""JupyterLab for those who write a course."""

import os
import subprocess
import sys
from collections.abc import Sequence

from autograder.course.folder import Course


def run_lab(course: Course, arguments: Sequence[str]) -> int:
    """Run JupyterLab in a course folder; return its exit code.

    Parameters
    ----------
    arguments : sequence of str
        What JupyterLab is to be told, as ``--no-browser``.
    """
    command = [sys.executable, "-m", "jupyterlab", *arguments]
    variables = {**os.environ, **environment(course)}
    if os.name == "posix":  # the same process, so that Ctrl-C reaches JupyterLab alone
        os.execve(sys.executable, command, variables)
    return subprocess.run(command, env=variables, check=False).returncode


def environment(course: Course) -> dict[str, str]:
    """Return the variables with which a kernel works in a course.

    It looks in its notebook's own folder first: one in ``release/`` finds what
    students have there, one in ``source/`` nothing, and so the reference.
    """
    return {
        "PATH": _before("PATH", os.path.dirname(sys.executable)),
        "PYTHONPATH": _before("PYTHONPATH", ".", str(course.assignments_folder)),
    }


def _before(name: str, *paths: str) -> str:
    return os.pathsep.join([*paths, *filter(None, [os.environ.get(name)])])
