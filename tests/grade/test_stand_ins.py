"""Data that notebooks load is made or read once for all, and not by each submission."""

from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.stand_ins import loaded_by, packages_to_read, stand_ins
from autograder.grade.submission import Grader
from autograder.intake.select import Submission
from autograder.kit.datasets import synthesize
from autograder.kit.datasets.mat_files import read_mat, write_mat
from autograder.kit.datasets.registry.usps_digits import USPS_DIGITS
from autograder.wire import Remote

SEES = b"""import os

def places():
    folder = os.environ["COURSEDATA"]
    found = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return [(os.path.basename(path), len(open(path, "rb").read())) for path in found]
"""


SETTINGS = Settings(b"key", allow_unsafe=True)


def that_loads(name, released):
    config = released.folder / "assignment.toml"
    config.write_text(f'data = ["{name}"]\n' + config.read_text())
    return Course(released.course.root).assignment("tiny")


@pytest.fixture
def with_data(released):
    """The tiny assignment, whose notebook loads data."""
    return that_loads("trigrams", released)


@pytest.fixture
def with_digits(released):
    """The same with data that is slow to read where it is real."""
    return that_loads("usps_digits", released)


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


def test_real_data_that_is_slow_to_read_lies_ready_for_a_class(with_digits):
    synthesize(["usps_digits"], with_digits.course.datasets)
    folder = with_digits.course.datasets / "synthetic/usps_digits"
    with Grader(with_digits, SETTINGS):
        assert not (folder / ".cache").exists()  # a stand-in is small
    as_real(folder)
    with Grader(with_digits, SETTINGS, alone=Submission()):
        assert not (folder / ".cache").exists()
    with Grader(with_digits, SETTINGS):
        assert len(list((folder / ".cache").glob("*.npy"))) == 6


def as_real(folder):
    """Take the labels away that make stand-ins known."""
    names = {"inputs": (256, None), "target": (10, None)}
    for file in USPS_DIGITS.files:
        arrays = read_mat(folder / file.name, names)
        write_mat(folder / file.name, dict(zip(names, arrays, strict=True)), "of a test")


def test_damaged_data_ends_no_grading(with_digits):
    folder = with_digits.course.datasets / "usps_digits"
    folder.mkdir(parents=True)
    for file in USPS_DIGITS.files:
        (folder / file.name).write_bytes(b"no digits" * 300_000)
    with Grader(with_digits, SETTINGS):
        assert not (folder / ".cache").exists()
