"""Real data that is slow to read is read once for a class, not by each worker."""

import shutil

import pytest
from cs_lib.datasets import synthesize
from cs_lib.kit.datasets.mat_files import read_mat, write_mat
from cs_lib.kit.datasets.registry.usps_digits import USPS_DIGITS

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.select import Submission

SETTINGS = Settings(b"course key")


@pytest.fixture
def assignment(released_copy):
    """An assignment that loads packed files, in a course without data."""
    assignment = released_copy("backprop_a2")
    shutil.rmtree(assignment.course.datasets, ignore_errors=True)
    return assignment


def as_real(folder):
    """Take the labels away that make stand-ins known."""
    for file in USPS_DIGITS.files:
        names = {"inputs": (256, None), "target": (10, None)}
        arrays = read_mat(folder / file.name, names)
        write_mat(folder / file.name, dict(zip(names, arrays, strict=True)), "of a test")


def test_caches_lie_ready_before_workers_are_forked(assignment):
    synthesize(assignment.config.data, assignment.course.datasets)
    folder = assignment.course.datasets / "synthetic/usps_digits"
    with Grader(assignment, SETTINGS):
        assert not (folder / ".cache").exists()  # a stand-in is small
    as_real(folder)
    with Grader(assignment, SETTINGS, alone=Submission()):
        assert not (folder / ".cache").exists()
    with Grader(assignment, SETTINGS):
        assert len(list((folder / ".cache").glob("*.npy"))) == 6


def test_damaged_data_is_told_by_the_workers_that_load_it(assignment):
    folder = assignment.course.datasets / "usps_digits"
    folder.mkdir(parents=True)
    for file in USPS_DIGITS.files:
        (folder / file.name).write_bytes(b"no digits" * 300_000)
    with Grader(assignment, SETTINGS):
        assert not (folder / ".cache").exists()
