"""What is built on a wrong part is judged by that part; a part of no use earns nothing."""

import pytest

NET = """
    import numpy as np

    def error(x):
        return float(np.mean(x**2))

    class Net:
        def __init__(self):
            self.w = np.ones(4)

        def gradient(self, x):
            return 2 * self.w * x

        def step(self, x, rate):
            self.w = self.w - rate * self.gradient(x)

        def train(self, x, rate):
            errors = []
            for row in x:
                self.step(row, rate)
                errors.append(error(self.w))
            return errors
"""
CHECKS = """
    from autograder.checks import any_of, by_own_parts, built_on

    def _own_step(student, reference, x):
        twin = student.layers.Net()
        reference.layers.Net.step(twin, x, 0.1)
        return twin.w

    @check
    def gradient(student, reference, rng):
        "The gradient."
        x = rng.standard_normal(4)
        expect_close(student.layers.Net().gradient(x), reference.layers.Net().gradient(x))

    @check
    def error(student, rng):
        "The error."
        expect_matches(student.layers.error, x=rng.standard_normal(4))

    @check(requires="gradient")
    def step(student, reference, rng):
        "A step."
        x = rng.standard_normal(4)
        net, true = student.layers.Net(), reference.layers.Net()
        net.step(x, 0.1)
        true.step(x, 0.1)
        any_of(
            lambda: expect_close(net.w, true.w, name="w"),
            lambda: expect_close(
                net.w,
                by_own_parts(lambda: _own_step(student, reference, x), lambda w: np.any(w != 1)),
                name="w",
            ),
        )

    @check(requires=("step", "error"))
    def train(student, reference, rng):
        "The course of the error."
        x = rng.standard_normal((3, 4))
        actual = student.layers.Net().train(x, 0.1)
        own = built_on(reference.layers.Net.train, error=student.layers.error)
        any_of(
            lambda: expect_close(actual, reference.layers.Net().train(x, 0.1)),
            lambda: expect_close(
                actual,
                by_own_parts(lambda: own(student.layers.Net(), x, 0.1), lambda e: len(set(e)) == 3),
            ),
        )
"""


def shares(outcomes):
    return [outcomes[name].fraction for name in ("gradient", "error", "step", "train")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], [1, 1, 1, 1], id="right"),
        pytest.param([("2 * self.w", "3 * self.w")], [0, 1, 1, 1], id="a wrong part"),
        pytest.param([("np.mean(x**2)", "np.sum(x**2)")], [1, 0, 1, 1], id="a wrong function"),
        pytest.param(
            [("2 * self.w", "3 * self.w"), ("np.mean(x**2)", "np.sum(x**2)")],
            [0, 0, 1, 1],
            id="two wrong parts",
        ),
        pytest.param([("self.w - rate", "self.w + rate")], [1, 1, 0, 1], id="the step"),
        pytest.param(
            [("2 * self.w", "3 * self.w"), ("self.w - rate", "self.w + rate")],
            [0, 1, 0, 1],
            id="the step, too",
        ),
        pytest.param(
            [("self.step(row", "self.step(x[0]"), ("2 * self.w", "3 * self.w")],
            [0, 1, 1, 0],
            id="the loop, too",
        ),
        pytest.param(
            [("2 * self.w", "0 * self.w"), ("self.w = self.w - rate * self.gradient(x)", "pass")],
            [0, 1, 0, 0],
            id="what does nothing on what does nothing",
        ),
        pytest.param([("2 * self.w * x", "[1, 2]")], [0, 1, 0, 0], id="a part that does not fit"),
        pytest.param([("2 * self.w * x", "None")], [0, 1, 0, 0], id="a part that is missing"),
    ],
)
def test_one_fault_is_charged_once(grade, changes, expected):
    student = NET
    for old, new in changes:
        assert old in student
        student = student.replace(old, new)
    assert shares(grade(NET, CHECKS, student)) == expected


def test_what_cannot_be_judged_by_its_parts_waits_for_them(grade):
    outcome = grade(NET, CHECKS, NET.replace("2 * self.w * x", "self.w[:3]"))["step"]
    assert (outcome.status, outcome.explanations) == (
        "skipped",
        ["it builds on gradient, which must pass first."],
    )


LAYER = """
    import numpy as np

    class Layer:
        def __init__(self):
            self.w = np.ones((3, 2))

        def backward(self, x, dy):
            self.dw = x.T @ dy
            self.db = dy.sum(axis=0)
"""


def test_a_gradient_that_was_never_set_costs_its_share(grade):
    checks = """
        from autograder.checks import attribute

        @check
        def backward(student, rng):
            "dw and db."
            layer = student.layers.Layer()
            x, dy = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
            layer.backward(x, dy)
            expect_gradient(
                {name: attribute(layer, name) for name in ("dw", "db")},
                of=lambda v: np.sum((x @ v["dw"] + v["db"]) * dy),
                at={"dw": np.ones((3, 2)), "db": np.ones(2)},
            )
    """
    assert grade(LAYER, checks)["backward"].fraction == 1
    outcome = grade(LAYER, checks, LAYER.replace("self.db = ", "db = "))["backward"]
    assert outcome.fraction == 0.5
    (told,) = outcome.explanations
    assert "db: expected an array, got None. Is it never set" in told


def test_an_exception_where_one_is_easily_raised_is_told_with_the_reason(grade):
    dropped = """
        def backward(dout, mask):
            return dout if mask is None else dout * mask
    """
    checks = """
        from autograder.checks import expect_runs

        @check
        def backward(student, rng):
            "All of dout passes."
            dout = rng.standard_normal(3)
            when = "at test time, where all of dout passes"
            expect_close(expect_runs(student.layers.backward, dout, None, when=when), dout)
    """
    assert grade(dropped, checks)["backward"].status == "passed"
    student = dropped.replace("dout if mask is None else ", "")
    outcome = grade(dropped, checks, student)["backward"]
    assert outcome.explanations[0].startswith(
        "backward: expected a result at test time, where all of dout passes, got TypeError: "
    )
    assert outcome.raised  # so that another check does not charge it again
