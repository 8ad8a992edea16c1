"""An assignment is loaded once: each of its notebooks is read one time."""

from collections import Counter

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.grade.plan import load_plan
from tests.tiny_course import ROOT


@pytest.mark.parametrize("name", Course(ROOT).assignment_names())
def test_each_notebook_is_read_once(name, monkeypatch):
    reads = Counter()
    read = nbformat.reader.reads

    def counted(text, *arguments, **options):
        reads[text] += 1
        return read(text, *arguments, **options)

    monkeypatch.setattr(nbformat.reader, "reads", counted)
    assignment = Course(ROOT).assignment(name)
    load_plan(assignment)
    folders = (assignment.source, assignment.release)
    wanted = [folder / path.name for folder in folders for path in assignment.notebooks]
    assert reads == Counter(path.read_text(encoding="utf-8") for path in wanted)
