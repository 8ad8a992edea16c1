"""What the first version of the kit gave its hand-ins, they get today, but for what was meant.

The hand-ins, their verdicts then, and what has changed since: ``first_hand_ins/README.md``.
"""

import json
import tomllib
from pathlib import Path

import pytest

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.select import read
from autograder.kit.datasets import synthesize
from tests.archives import unpack

FOLDER = Path(__file__).with_name("first_hand_ins")
THEN = json.loads((FOLDER / "verdicts.json").read_text(encoding="utf-8"))
"""Shares of the points, by assignment, hand-in and check; notebooks run where `whole`."""
CHANGED = {
    name: share
    for change in tomllib.loads((FOLDER / "changed.toml").read_text(encoding="utf-8"))["change"]
    for name, share in change["now"].items()
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handed_in")
    unpack(FOLDER / "hand_ins.tar.xz", folder)
    return folder


def shares_now(assignment, folder, hand_ins):
    """Yield the name of each check of these hand-ins, as in `CHANGED`, and its share today."""
    with Grader(assignment, Settings(b"course key")) as grader:
        for name, then in hand_ins.items():
            work = read(folder / assignment.name / name, assignment)
            if not then["whole"]:
                work.notebooks.clear()
            result = grader.grade(work, "student").result
            shares = {check.name: check.score / check.max_score for check in result.checks}
            for check in then["shares"]:
                yield f"{assignment.name}/{name}#{check}", round(shares[check], 3)


@pytest.mark.slow
@pytest.mark.parametrize("name", THEN)
def test_hand_ins_of_then_get_what_they_got(name, released_copy, handed_in):
    assignment = released_copy(name)
    if assignment.config.notebooks.execute:
        synthesize(assignment.config.data, assignment.course.datasets)
    expected = {
        f"{name}/{hand_in}#{check}": share
        for hand_in, then in THEN[name].items()
        for check, share in then["shares"].items()
    }
    wanted = {check: CHANGED.get(check, share) for check, share in expected.items()}
    now = dict(shares_now(assignment, handed_in, THEN[name]))
    assert {
        check: (now[check], wanted[check]) for check in now if now[check] != wanted[check]
    } == {}


def test_every_change_is_one():
    for name, share in CHANGED.items():
        place, _, check = name.partition("#")
        assignment, _, hand_in = place.partition("/")
        assert THEN[assignment][hand_in]["shares"][check] != share, name
