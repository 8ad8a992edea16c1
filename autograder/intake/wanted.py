"""What an assignment asks for, and what tells an answer from what was handed out."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import SubmissionError
from autograder.intake.choice import Wanted
from autograder.intake.restore import read_cells

LARGEST_MODULE = 1 << 20
LARGEST_NOTEBOOK = 64 << 20  # with its pictures; the course's are below 1 MB


def wanted_files(assignment: Assignment) -> list[Wanted]:
    """Return the files that are taken from a submission, modules first."""
    release = assignment.release
    modules = assignment.config.student_modules
    return [
        *(Wanted(path, _is_new(release / path), LARGEST_MODULE) for path in modules),
        *(
            Wanted(path.name, _has_new_cells(release / path.name), LARGEST_NOTEBOOK)
            for path in assignment.notebooks
        ),
    ]


def _is_new(released: Path) -> Callable[[bytes], bool]:
    """Return what tells whether a module is another than the one that was handed out."""

    def is_new(content: bytes) -> bool:
        return content.split() != _content(released).split()

    return is_new


def _has_new_cells(released: Path) -> Callable[[bytes], bool]:
    """Return what tells whether a notebook has cells that were not handed out."""

    @cache
    def known() -> set[str]:
        content = _content(released)
        return _sources(content) if content else set()

    def has_new_cells(content: bytes) -> bool:
        try:
            return bool(_sources(content) - known() - {""})
        except SubmissionError:
            return False

    return has_new_cells


def _sources(content: bytes) -> set[str]:
    return {cell.source.strip() for cell in read_cells(content, "notebook")}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
