"""Data that notebooks load is made once where there is none, and not by each submission."""

from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.stand_ins import loaded_by, packages_to_read, stand_ins
from autograder.grade.submission import Grader
from autograder.kit.datasets import synthesize
from autograder.wire import Remote

SEES = b"""import os

def places():
    folder = os.environ["COURSEDATA"]
    found = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return [(os.path.basename(path), len(open(path, "rb").read())) for path in found]
"""


@pytest.fixture
def with_data(released):
    """The tiny assignment, whose notebook loads data."""
    config = released.folder / "assignment.toml"
    config.write_text('data = ["trigrams"]\n' + config.read_text())
    return Course(released.course.root).assignment("tiny")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_they_are_what_each_submission_would_make(with_data, tmp_path):
    own = tmp_path / "own"
    synthesize(["trigrams"], own)
    with stand_ins(with_data) as folder:
        assert contents(Path(folder)) == contents(own)
    assert not Path(folder).exists()


def test_none_are_made_where_the_course_has_data(with_data):
    synthesize(["trigrams"], with_data.course.datasets)
    assert stand_ins(with_data) is None


def test_only_those_are_made_that_will_be_loaded(with_data):
    assert stand_ins(with_data, []) is None
    with stand_ins(with_data, ["trigrams"]) as folder:
        assert contents(Path(folder))


def test_a_set_is_loaded_where_its_loader_is_called():
    assignment = Course.here().assignment("backprop_a2")
    code = {name: book.cells for name, book in assignment.sources.items()}
    text = [cell.source for cells in code.values() for cell in cells]
    assert loaded_by(assignment, text) == ["usps_digits"]
    assert packages_to_read(["usps_digits"]) == {"scipy.io"}
    assert loaded_by(assignment, ["from cs_lib.datasets import load_usps_digits"]) == []
    assert packages_to_read(["trigrams"]) == set()


def test_none_are_made_where_no_data_is_asked_for(released):
    assert stand_ins(released) is None


def test_workers_read_them_and_none_are_left(with_data):
    with Grader(with_data, Settings(b"key", allow_unsafe=True)) as grader:
        folder = Path(grader._stand_ins.name)
        made = {name: len(content) for name, content in contents(folder).items()}
        files = {"cs_lib/__init__.py": b"", "cs_lib/seen.py": SEES}
        worker = grader.zygote.worker(files, with_data.config.limits)
        seen = worker.call(Remote("module:cs_lib.seen").attribute("places"))
        worker.close()
    assert dict(seen) == made
    assert not folder.exists()
