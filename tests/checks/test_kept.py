"""What a check keeps of the answers is bounded; verdicts do not change, and the cut is told."""

import tracemalloc

import pytest

from autograder.checks.kept import CUT, Kept, small

ROUNDS = """
    import numpy as np

    def step(x):
        return x + 1.0, np.zeros(1 << 18)

    def back(dx, cache):
        return {back}
"""
CHECK = """
    @check
    @cases(one=dict(n=1), two=dict(n=2))
    def step(student, reference, rng, n):
        "Steps, and their gradients."
        for _ in range(12):
            x = rng.standard_normal(4)
            out, cache = student.layers.step(x)
            expect_close(out, x + 1.0)
        expect_close(student.layers.back(x, cache), x, name="dx")
"""
RIGHT = ROUNDS.format(back="dx")
WRONG = ROUNDS.format(back="-dx")
MB = 1 << 20


@pytest.fixture
def bounded(monkeypatch):
    """Let a check keep 8 MB: an answer of `step` has 2."""
    monkeypatch.setattr("autograder.wall.supervised.Worker.most_answer_bytes", 8 * MB)


def test_the_verdict_is_the_same_and_the_result_says_what_was_cut(grade, bounded):
    outcome = grade(RIGHT, CHECK)["step"]
    assert (outcome.status, outcome.warnings) == ("passed", [])
    outcome = grade(RIGHT, CHECK, WRONG)["step"]
    assert outcome.status == "failed"
    assert outcome.explanations == ["back: dx: this is dx with its sign changed, and nothing else."]
    (note,) = outcome.warnings
    assert note.startswith("Explained by the last 8 MB of what your code returned here")


def test_without_a_need_nothing_is_cut(grade):
    assert grade(RIGHT, CHECK, WRONG)["step"].warnings == []


def test_memory_is_bounded(grade, bounded):
    grade(RIGHT, CHECK, WRONG)  # what is imported once
    tracemalloc.start()
    grade(RIGHT, CHECK, WRONG)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 26 * MB  # of 48 that came


CHANGED = """
    import numpy as np

    def step(x):
        x += 1.0
        return x, np.zeros(1 << 20)
"""
PURE = """
    @check(pure=True)
    def step(student, rng):
        "Steps, on a copy."
        for _ in range(12):
            x = rng.standard_normal(4)
            expect_close(student.layers.step(x)[0], x + 1.0)
"""


def test_an_argument_changed_long_ago_still_counts(grade, bounded):
    right = CHANGED.replace("x += 1.0", "x = x + 1.0")
    once = CHANGED.replace("x += 1.0", "step.n = getattr(step, 'n', 0) + 1\n        "
                           "x = np.add(x, 1.0, out=x if step.n == 1 else None)")  # fmt: skip
    assert grade(right, PURE, right)["step"].status == "passed"
    outcome = grade(right, PURE, once)["step"]
    assert outcome.explanations == ["step: changes its argument x in place. Work on a copy."]


def test_the_newest_stays_however_large():
    dropped = []
    kept = Kept(10)
    for number, size in enumerate((4, 4, 100, 3, 3)):
        kept.add(size, lambda number=number: dropped.append(number))
    assert dropped == [0, 1, 2]
    assert kept.cut == 3
    assert (small(1.5), small("a"), small([1])) == (1.5, "a", CUT)
