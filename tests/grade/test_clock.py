"""The time of a submission is its own: what the grader does for itself costs nothing of it."""

import contextlib
import shutil
import time

import pytest

from autograder.course.folder import Course
from autograder.grade import grading
from autograder.grade.clock import Clock
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests import tiny_course


@pytest.fixture
def hands():
    """Hands of a clock that a test moves."""
    return [100.0]


@pytest.fixture
def clock(hands):
    return Clock(60, now=lambda: hands[0])


def test_a_clock_runs_down(clock, hands):
    hands[0] += 45
    assert clock.left == 15
    hands[0] += 45
    assert clock.left == -30


def test_it_stands_still_while_it_is_paused(clock, hands):
    hands[0] += 10
    with clock.paused():
        hands[0] += 1000
        assert clock.left == 50
    assert clock.left == 50
    hands[0] += 10
    assert clock.left == 40


def test_a_pause_within_a_pause_counts_once(clock, hands):
    with clock.paused():
        with clock.paused():
            hands[0] += 7
        hands[0] += 3
    assert clock.left == 60


def test_it_goes_on_after_an_error(clock, hands):
    with contextlib.suppress(KeyError), clock.paused():
        hands[0] += 5
        raise KeyError
    hands[0] += 1
    assert clock.left == 59


def test_a_check_tried_on_the_reference_costs_the_student_no_time(
    tmp_path, released_once, monkeypatch
):
    """`double` trips over what it gets: to see whose fault it is costs an hour, on this clock."""
    shutil.copytree(released_once.root, tmp_path / "course")
    assignment = Course(tmp_path / "course").assignment("tiny")
    checks = assignment.checks.read_text()
    call = "student.layers.double(x), reference"
    assert call in checks
    assignment.checks.write_text(checks.replace(call, "student.layers.double(x).copy(), reference"))
    work = tiny_course.solved()
    (module,) = work.files
    text = work.files[module].decode()
    work.files[module] = f"{text}\n\ndef double(x):\n    return None\n".encode()
    late = [0.0]
    fork = Grader.reference_worker

    def slow(grader):
        late[0] += 3600
        return fork(grader)

    monkeypatch.setattr(Grader, "reference_worker", slow)
    monkeypatch.setattr(
        grading, "Clock", lambda seconds: Clock(seconds, lambda: time.monotonic() + late[0])
    )
    with Grader(assignment, Settings(b"course key", whole=True)) as grader:
        result = grader.grade(work, "ada").result
    assert late[0] > 0
    scores = {check.name: check.score for check in result.checks}
    assert (scores["double"], scores["shift"], scores["triple"]) == (0, 1, 1)
    assert all(check.cause != "timeout" for check in result.checks)
