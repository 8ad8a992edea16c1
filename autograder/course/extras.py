"""Packages that single assignments use and all others do without."""

import importlib.util
from collections.abc import Iterable

from autograder.errors import InstructorError

EXTRAS = ("torch",)
"""Each has a pin file of its own: what is large is installed by those who want it."""


def extras_of(requirements: Iterable[str]) -> list[str]:
    """Return those of an assignment's packages that are not among the kit's own."""
    return [name for name in EXTRAS if name in requirements]


def pin_file(extra: str) -> str:
    """Return the name of the pin file of an extra, in the course folder."""
    return f"requirements-{extra}.txt"


def left_out(requirements: Iterable[str]) -> str:
    """Say in one line why an assignment cannot be graded here, "" where it can."""
    missing = [name for name in extras_of(requirements) if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    install = " ".join(f"-r {pin_file(name)}" for name in missing)
    return f"needs {', '.join(missing)}, which is not installed here: pip install {install}"


def demand(assignment: str, requirements: Iterable[str]) -> None:
    """See that an assignment can be graded here.

    Raises
    ------
    InstructorError
        A package is missing: no submission is judged by what this machine lacks.
    """
    if reason := left_out(requirements):
        raise InstructorError(f"{assignment}: left out, as it {reason}")
