"""Speed relative to the reference: measured in turns, from outside, on inputs that differ."""

import pytest

from autograder.checks.expect import timing

LIBRARY = """
    import numpy as np

    def distances(points):
        squares = (points**2).sum(axis=1)
        return squares[:, None] + squares - 2 * points @ points.T
"""
CHECK = """
    @check
    def distances(student, rng):
        "Distances without a loop."
        expect_faster_than(student.layers.distances, 5, points=rng.standard_normal((150, 20)))
"""
LOOP = """
    def slow(points):
        return np.array([[((p - q) ** 2).sum() for q in points] for p in points])
"""
SLOW = f"{LIBRARY}{LOOP}\n    distances = slow\n"


def test_vectorised_code_of_another_form_is_fast_enough(grade):
    other = LIBRARY.replace("- 2 * points @ points.T", "- 2 * (points @ points.T)").replace(
        "(points**2).sum(axis=1)", "np.einsum('nd,nd->n', points, points)"
    )
    assert grade(LIBRARY, CHECK, other)["distances"].status == "passed"


def test_a_loop_is_told_to_be_right_but_slow(grade):
    outcome = grade(LIBRARY, CHECK, SLOW)["distances"]
    assert outcome.status == "failed"
    assert outcome.explanations[0].startswith("distances: right, but takes about ")
    assert "at most 5 times is asked for" in outcome.explanations[0]


def test_what_is_right_in_part_is_not_said_to_be_right(grade):
    library = LIBRARY.replace("return ", "return 1.0, ")
    twice = "def distances(points): return 1.0, 2 * slow(points)"
    loop = SLOW.replace("distances = slow", twice)
    check = CHECK.replace("distances, 5,", 'distances, 5, names=("one", "squares"),')
    (text,) = grade(library, check, loop)["distances"].explanations
    assert text.startswith("distances: takes about ")


@pytest.mark.parametrize(
    "trick",
    [
        pytest.param(
            "\n    import time\n    time.perf_counter = time.monotonic = lambda: 0.0\n",
            id="stopped clocks",
        ),
        pytest.param(
            "\n    results = {}\n    def distances(points):\n"
            "        key = points.shape\n"
            "        if key not in results:\n            results[key] = slow(points)\n"
            "        return results[key]\n",
            id="remembers a shape",
        ),
        pytest.param(
            "\n    results = {}\n    def distances(points):\n"
            "        key = points.tobytes()\n"
            "        if key not in results:\n            results[key] = slow(points)\n"
            "        return results[key]\n",
            id="remembers an input",
        ),
    ],
)
def test_no_trick_makes_a_loop_fast(grade, trick):
    assert grade(LIBRARY, CHECK, SLOW + trick)["distances"].status == "failed"


def test_a_wrong_result_is_explained_as_everywhere(grade):
    outcome = grade(LIBRARY, CHECK, LIBRARY.replace("- 2 * points", "+ 2 * points"))["distances"]
    assert outcome.status == "failed"
    assert not outcome.explanations[0].startswith("distances: right")


def test_student_and_reference_run_in_turns_on_inputs_of_each_round(grade, monkeypatch):
    calls = []

    def timed(call, args):
        result = call(*args)
        calls.append((call._session, float(args[0].sum())))
        return (1.0 if len(calls) % 2 else 50.0), result

    monkeypatch.setattr(timing, "_timed", timed)
    assert grade(LIBRARY, CHECK)["distances"].status == "failed"  # 50 times as long, says the clock
    rounds = list(zip(calls[::2], calls[1::2], strict=True))
    assert len(rounds) >= 3  # one to warm up
    assert len({session is rounds[0][0][0] for (session, _), _ in rounds}) == 1
    for (reference, one), (student, other) in rounds:
        assert reference is not student
        assert one == other
    assert len({total for (_, total), _ in rounds}) == len(rounds)


AHEAD = f"""{SLOW}
    known = dict()

    def distances(points):
        key = round(float(points[0, 0]), 9)
        for k in range(8) if key not in known else ():
            scaled = points * (1 + k / 128)
            known[round(float(scaled[0, 0]), 9)] = slow(scaled)
        return known[key]
"""


def test_no_round_can_be_computed_ahead(grade):
    few = CHECK.replace("(150, 20)", "(60, 20)")  # the eight rounds take a moment each
    outcome = grade(LIBRARY, few, AHEAD)["distances"]
    assert outcome.explanations[0].startswith("distances: right, but takes about ")


TWO = """
    import numpy as np

    def total(x):
        return x.sum(), np.ones(x.shape)
"""
TWO_CHECK = """
    @check
    def total(student, rng):
        "The sum and its gradient, without a loop."
        expect_faster_than(
            student.layers.total, 500, names=("sum", "dx"), x=rng.standard_normal((200, 20))
        )
"""


def test_one_right_part_is_enough_to_be_timed(grade):
    assert grade(TWO, TWO_CHECK, TWO.replace("x.sum()", "0.0"))["total"].status == "passed"


def test_parts_are_named_where_all_are_wrong(grade):
    wrong = TWO.replace("x.sum(), np.ones(x.shape)", "0.0, np.zeros(x.shape)")
    outcome = grade(TWO, TWO_CHECK, wrong)["total"]
    assert [text.split(":")[1].strip() for text in outcome.explanations] == ["sum", "dx"]
