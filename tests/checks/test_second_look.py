"""A check that goes wrong: over a value of the student's, or by itself?"""

import pytest

LIBRARY = """
    import numpy as np

    class Layer:
        def __init__(self, n):
            self.W = np.ones((n, n))
            self.name = "layer"

        def forward(self, x):
            return x @ self.W

        def parts(self):
            return {"weights": self.W, "biases": np.zeros(len(self.W))}

    def build(n):
        return Layer(n), "text"

    def sizes(x):
        return [len(x), x.size]

    def apply(x):
        return x + 1
"""
CHECK = """
    @check
    def layer(student, reference, rng):
        "It works."
        x = rng.standard_normal((2, 3))
        {}
"""


@pytest.mark.parametrize(
    ("line", "old", "new", "told"),
    [
        pytest.param(
            "student.layers.build(3)[0].W.copy()", "return Layer(n), ", "return ",
            "build: expected 2 values, got a string alone. Return a tuple.", id="no tuple",
        ),
        pytest.param(
            "student.layers.Layer(3).W.copy()", "self.W = np.ones((n, n))", "self.W = 3",
            "Layer.W: expected an array, got a number. "
            "Is a sum or mean taken that nobody asked for?",
            id="a number for an array",
        ),
        pytest.param(
            "student.layers.Layer(3).W + 1", "self.W = np.ones((n, n))", "self.W = np.ones",
            "Layer.W: expected an array, got a function or class (function). "
            "Are the parentheses of a call missing?", id="a call forgotten",
        ),
        pytest.param(
            "student.layers.Layer(3).parts()['biases'].sum()", '"biases"', '"bias"',
            "Layer.parts: biases: not among the keys; expected 'weights', 'biases'. "
            "You have 'bias': is that the one, spelled differently?", id="a key",
        ),
        pytest.param(
            "student.layers.Layer(3).name.upper()", '"layer"', "None",
            "Layer.name: expected a string, got None.", id="None for text",
        ),
        pytest.param(
            "student.layers.Layer(3).forward(x).shape", "return x @ self.W", "return self",
            "Layer.forward: expected an array, got an object of type Layer.", id="an object",
        ),
        pytest.param(
            "float(student.layers.sizes(x)[1])", "[len(x), x.size]", "[len(x)]",
            "sizes: expected 2 numbers, got 1. Is the first or the last one left out?", id="short",
        ),
        pytest.param(
            "student.layers.build(3)[0].forward(x)", "return Layer(n), ", "return None, ",
            "build: result 1: expected an object of type Layer, got None.", id="no object",
        ),
        pytest.param(
            "[1, 2, 3][int(student.layers.sizes(x)[1]) - 6]", "x.size]", "10**9]",
            "sizes: what it gives cannot be used as the hand-out describes (IndexError). "
            "Compare its values with the docstring; if they are right, show this to the staff.",
            id="a value of the right form",
        ),
    ],
)  # fmt: skip
def test_a_check_that_trips_over_a_students_value_has_failed(grade, line, old, new, told):
    assert LIBRARY.count(old) == 1
    checks = CHECK.format(line)
    assert grade(LIBRARY, checks)["layer"].status == "passed"
    outcome = grade(LIBRARY, checks, LIBRARY.replace(old, new))["layer"]
    assert (outcome.status, outcome.fraction) == ("failed", 0.0)
    assert outcome.explanations == [told]


@pytest.mark.parametrize(
    ("value", "kind"),
    [("3", "an int (3)"), ("None", "None"), ("'x'", "a str ('x')"),
     ("np.ones(2)", "an ndarray of dtype float64")],
)  # fmt: skip
def test_a_name_that_is_no_function_is_told_with_what_it_is(grade, value, kind):
    checks = CHECK.format("student.layers.apply(x)")
    outcome = grade(LIBRARY, checks, f"{LIBRARY}\n    apply = {value}\n")["layer"]
    assert (outcome.status, outcome.cause) == ("failed", "missing")
    assert outcome.explanations == [
        f"cs_lib/layers.py: apply: expected a function, got {kind}. "
        "Is something else given its name further down?"
    ]


def test_a_method_that_is_no_function_goes_by_its_class(grade):
    checks = CHECK.format("student.layers.Layer(3).forward(x)")
    student = LIBRARY.replace("self.name", "self.forward = 2.5\n            self.name")
    (told,) = grade(LIBRARY, checks, student)["layer"].explanations
    assert told == (
        "Layer.forward: expected a function, got a float (2.5). "
        "Is something else given its name further down?"
    )


def test_a_check_that_goes_wrong_on_the_reference_too_is_at_fault(grade):
    checks = CHECK.format("student.layers.Layer(3).W.nothing")
    student = LIBRARY.replace("self.W = np.ones((n, n))", "self.W = 3")
    outcome = grade(LIBRARY, checks, student)["layer"]
    assert outcome.status == "error"
    assert "assignments/first/checks.py, line 8" in outcome.explanations[0]


def test_a_check_that_the_reference_fails_is_at_fault(grade):
    checks = CHECK.format("W = student.layers.Layer(3).W; W.copy(); expect(W is None, 'no')")
    student = LIBRARY.replace("self.W = np.ones((n, n))", "self.W = 3")
    assert grade(LIBRARY, checks, student)["layer"].status == "error"


def test_a_case_that_trips_leaves_the_others(grade):
    checks = """
    @check
    @cases(small={"n": 2}, large={"n": 5})
    def layer(student, n):
        "It works."
        student.layers.build(n)[0].forward(np.ones((2, n)))
    """
    student = LIBRARY.replace("return Layer(n), ", "return Layer(n) if n < 4 else None, ")
    outcome = grade(LIBRARY, checks, student)["layer"]
    assert (outcome.status, outcome.fraction) == ("partial", 0.5)
    assert outcome.explanations == [
        "large: build: result 1: expected an object of type Layer, got None."
    ]


def test_what_a_check_expects_is_not_told_by_its_exception(grade):
    checks = CHECK.format("{2: 'secret'}[float(student.layers.apply(x)[0, 0] > -99) + 1]")
    student = LIBRARY.replace("return x + 1", "return x - 1000")
    outcome = grade(LIBRARY, checks, student)["layer"]
    assert outcome.status == "failed"
    assert "1.0" not in outcome.explanations[0]
