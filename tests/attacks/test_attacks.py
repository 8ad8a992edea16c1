"""Hostile submissions through the real engine: each earns what its honest part earns.

Nothing outside may change, no process may stay, and the next submission is
graded as if nothing had happened.
"""

import contextlib
import json
import shutil
from collections import Counter

import pytest

from autograder.sandbox import Level, explain
from tests.attacks import TABLE, course
from tests.attacks.arena import OWNED, Arena
from tests.attacks.attack import HONEST
from tests.open_folders import let_others_in

LEVELS = ("A", "B", "C")
REAL = (
    "read the reference",
    "read by numpy",
    "read by the C library",
    "import the reference",
    "connect by TCP",
    "connect to a unix socket",
    "connect to an abstract socket",
    "files in memory",
    "subprocess",
    "os.system",
    "shell in a notebook",
)
"""Attacks that work on an ordinary machine: they prove that the others are not mere noise."""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    let_others_in(folder)
    return course.write(folder / "course")


@pytest.fixture(scope="module", params=LEVELS, ids=lambda level: f"level{level}")
def arena(request, assignment, tmp_path_factory):
    level = Level(request.param)
    if level < explain().level:
        pytest.skip(f"level {level} is not to be had here: {explain().reasons}")
    with _arena(assignment, level, tmp_path_factory) as made:
        yield made


@contextlib.contextmanager
def _arena(assignment, level, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"arena{level}")
    folder.chmod(0o755)
    made = Arena(assignment, level, folder)
    try:
        yield made
    finally:
        made.close()


def test_without_a_wall_the_attacks_work(assignment, tmp_path_factory):
    """The tester tested, at level D."""
    table = {attack.name: attack for attack in TABLE}
    with _arena(assignment, Level.D, tmp_path_factory) as arena:
        for name in REAL:
            attack = table[name]
            result = arena.grade(attack).result
            assert result.score != attack.score or arena.damage(), name
            (arena.outside / OWNED).unlink(missing_ok=True)


def test_there_are_enough_attacks_of_every_kind():
    assert len({attack.name for attack in TABLE}) == len(TABLE) >= 80
    lines = Counter(attack.line for attack in TABLE)
    assert sorted(lines) == list(range(1, 26))


@pytest.mark.parametrize("attack", TABLE, ids=lambda attack: attack.name.replace(" ", "-"))
def test_attack(arena, attack):
    graded = arena.grade(attack)
    scores = {check.name: check.score for check in graded.result.checks}
    told = [(check.name, check.cause, check.explanations) for check in graded.result.checks]
    lost = {name for name, points in scores.items() if points == 0}
    assert lost == attack.lost, told
    assert graded.result.score == attack.score, told
    assert graded.alerts == []
    if attack.says:
        assert all(attack.says in str(texts) for name, _, texts in told if name in attack.loses)
    everything = graded.result.model_dump_json() + json.dumps(graded.notebooks, default=str)
    assert course.MARK not in everything
    assert arena.damage() == []
    next_one = arena.grade(HONEST).result
    assert next_one.score == HONEST.score, next_one
    for folder in arena.folder.glob("submission*"):
        shutil.rmtree(folder)
