"""Where results lie: ``results/``, ``autograded/`` and the gradebook."""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.course.clock import course_clock
from autograder.course.folder import Assignment
from autograder.course.notebooks import read_notebook
from autograder.gradebook.entries import Entries
from autograder.gradebook.store import open_gradebook, settle
from autograder.intake.left import EXCHANGE_FILES
from autograder.intake.select import Submission
from autograder.intake.submitted import handed_in, time_of
from autograder.results import Graded, Result
from autograder.write import naming, write_atomically, write_files

_LARGEST_EXCHANGE_FILE = 1000
_LONGEST_NAME = 180
"""Bytes of a student's name in the name of a file, which may have 255 in all."""


def read_result(assignment: Assignment, student: str) -> Result | None:
    """Return a student's result, None if there is none, it is damaged or of an older schema."""
    try:
        return Result.model_validate_json(result_path(assignment, student).read_bytes())
    except (OSError, ValueError):
        return None


def result_path(assignment: Assignment, student: str) -> Path:
    """Return where a student's result lies; a name too long for a file is cut, and told apart."""
    name = os.fsencode(student)
    if len(name) > _LONGEST_NAME:
        mark = hashlib.blake2b(name, digest_size=8).hexdigest()
        student = f"{name[:_LONGEST_NAME].decode(errors='ignore')}-{mark}"
    return assignment.results / f"{student}.json"


def store_for(
    members: Iterable[str],
    assignment: Assignment,
    submission: Submission,
    graded: Graded,
    handed_in: Path,
) -> None:
    """Write a graded submission for all whose work it is.

    Parameters
    ----------
    handed_in : Path
        The folder of the submission.
    """
    for member in members:
        result = graded.result.model_copy(update={"student": member})
        _store(assignment, submission, replace(graded, result=result), handed_in)


def _store(assignment: Assignment, submission: Submission, graded: Graded, handed_in: Path) -> None:
    """Write a student's folder in ``autograded/``, then the result.

    The result comes last and goes first: where there is one, all else is there.
    """
    result = graded.result
    path = result_path(assignment, result.student)
    path.unlink(missing_ok=True)
    final = autograded(assignment, result.student)
    draft = final.with_name(f".{final.name}.new")
    for folder in (draft, final):
        shutil.rmtree(folder, ignore_errors=True)
    notebooks = {
        # Not by nbformat, whose line for each key takes as long as half of the grading.
        f"{name}.ipynb": json.dumps(notebook, ensure_ascii=False).encode()
        for name, notebook in graded.notebooks.items()
    }
    exchange = _exchange_files(handed_in)
    with naming(draft):
        own = submission.files | graded.attachments | submission.beside
        write_files(draft, own | notebooks | exchange)
        draft.rename(final)
    write_result(assignment, result)


def remove_drafts(assignment: Assignment) -> None:
    """Take away the results that a run was writing when it was killed."""
    for path in assignment.results.glob(".*.json.*"):
        path.unlink()


def write_result(assignment: Assignment, result: Result) -> None:
    """Write a result where `read_result` finds it."""
    path = result_path(assignment, result.student)
    write_atomically(path, (result.model_dump_json(indent=2) + "\n").encode())


def autograded(assignment: Assignment, student: str) -> Path:
    """Return the folder of a student's graded work."""
    return assignment.course.autograded / student / assignment.name


def _exchange_files(folder: Path) -> dict[str, bytes]:
    files = {}
    for name in EXCHANGE_FILES:
        path = folder / name
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                files[name] = file.read(_LARGEST_EXCHANGE_FILE)
    return files


def _notebooks(folder: Path) -> dict[str, NotebookNode]:
    return {path.stem: read_notebook(path) for path in folder.glob("*.ipynb")}


def fill_gradebook(
    assignment: Assignment, students: Collection[str], *, again: bool = False
) -> None:
    """Write the results of students into the gradebook, in one transaction.

    Parameters
    ----------
    again : bool
        Write those too that stand there: nbgrader's own commands change rows before they grade.
    """
    found, clock = handed_in(assignment), course_clock(assignment.course)
    works = found.graded_as
    with open_gradebook(assignment.course) as gradebook:
        entries = Entries(gradebook, assignment.name, students)
        with gradebook.db.no_autoflush:  # at the end, all at once
            for student in students:
                result = read_result(assignment, student)
                if result is None:
                    continue
                folder = autograded(assignment, student)
                entries.record(result, partial(_notebooks, folder), again=again)
                # The time may have been mended since; the copy is for work that was taken away.
                time = found.times[works[student]] if student in works else time_of(folder, clock)
                entries.set_time(student, time)
        settle(gradebook, assignment, students)
