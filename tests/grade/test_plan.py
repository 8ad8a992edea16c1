"""An assignment is loaded once: each of its notebooks is read one time."""

from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.grade.plan import load_plan
from tests.tiny_course import ROOT


@pytest.mark.parametrize("name", Course(ROOT).assignment_names())
def test_each_notebook_is_read_once(name, monkeypatch):
    reads = Counter()
    read = nbformat.read

    def counted(file, *arguments, **options):
        reads[Path(file).relative_to(ROOT).as_posix()] += 1
        return read(file, *arguments, **options)

    monkeypatch.setattr(nbformat, "read", counted)
    assignment = Course(ROOT).assignment(name)
    load_plan(assignment)
    books = [path.name for path in assignment.notebooks]
    wanted = [f"{folder}/{name}/{book}" for folder in ("source", "release") for book in books]
    assert reads == dict.fromkeys(wanted, 1)
