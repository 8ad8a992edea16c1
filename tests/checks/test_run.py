"""Running a check: verdicts, parts, prerequisites, warnings, errors of the check itself."""

import signal
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.checks.carried import StandIn
from autograder.checks.run import places
from autograder.wall.replies import StudentError

SQUARE = """
    import numpy as np

    def square(x):
        return x**2

    def cube(x):
        return x * square(x)
"""

CHECKS = """
    @check
    def square(student, reference, rng):
        "Squares."
        expect_matches(student.layers.square, x=rng.standard_normal((3, 4)))

    @check(requires="square")
    def cube(student, reference, rng):
        "Cubes."
        expect_matches(student.layers.cube, x=rng.standard_normal((3, 4)))
"""


def test_a_right_submission_passes(grade):
    outcomes = grade(SQUARE, CHECKS)
    assert {outcome.status for outcome in outcomes.values()} == {"passed"}
    assert all(outcome.seconds > 0 for outcome in outcomes.values())


def test_a_check_whose_prerequisite_failed_is_skipped_with_the_reason(grade):
    outcome = grade(SQUARE, CHECKS, SQUARE.replace("x**2", "x"))["cube"]
    assert (outcome.status, outcome.cause, outcome.fraction) == ("skipped", "prerequisite", 0.0)
    assert "square" in outcome.explanations[0]


CARRIED = CHECKS.replace(
    '@check(requires="square")', '@check(requires="square", carry_forward="layers.square")'
).replace(
    "expect_matches(student.layers.cube, x=rng.standard_normal((3, 4)))",
    """x = rng.standard_normal((3, 4))
        expect_close(x * student.layers.square(x), reference.layers.cube(x))""",
)


@pytest.mark.parametrize(
    "checks",
    [
        CARRIED,
        CARRIED.replace(
            "student.layers.square(x), ",
            "call_each(*[partial(student.layers.square, each) for each in (0 * x, x)])[1], ",
        ),
    ],
    ids=["one call", "calls in one exchange"],
)
def test_carry_forward_gives_the_outputs_of_the_reference(grade, checks):
    outcomes = grade(SQUARE, checks, SQUARE.replace("x**2", "x"))
    assert outcomes["square"].status == "failed"
    assert outcomes["cube"].status == "passed"


PAIR = """
    import numpy as np

    def affine_forward(x, w, b):
        return x @ w + b, (x, w, b)

    def affine_backward(dout, cache):
        x, w, b = cache
        return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""

PAIR_CHECKS = """
    SHAPES = {"one": {"n": 1}, "two": {"n": 2}, "many": {"n": 5}}

    def _inputs(rng, n):
        shapes = {"x": (n, 3), "w": (3, 4), "b": 4}
        return {name: rng.standard_normal(shape) for name, shape in shapes.items()}

    @check
    @cases(**SHAPES)
    def affine_forward(student, rng, n):
        "Forward."
        expect_matches(student.layers.affine_forward, cache=True, **_inputs(rng, n))

    @check(requires="affine_forward", carry_forward="layers.affine_forward")
    @cases(**SHAPES)
    def affine_backward(student, rng, n):
        "Backward."
        expect_gradients(
            student.layers.affine_forward, student.layers.affine_backward,
            dout=rng.standard_normal((n, 4)), **_inputs(rng, n),
        )
"""

OWN_CACHE = PAIR.replace("(x, w, b)\n\n", "(x, w, b, 'mine')\n\n").replace(
    "x, w, b = cache", "x, w, b, _ = cache"
)


def refusing(source, n):
    return source.replace("return x @", f"assert len(x) != {n}\n        return x @")


def test_where_the_own_forward_is_right_its_own_cache_is_carried(grade):
    """Another cache, and a forward that fails in one case: the backward loses nothing."""
    outcome = grade(PAIR, PAIR_CHECKS, refusing(OWN_CACHE, 2))["affine_backward"]
    assert (outcome.status, outcome.fraction, outcome.explanations) == ("passed", 1.0, [])
    (warning,) = outcome.warnings
    assert warning.startswith("two: affine_backward: not judged here, and no points lost")


def test_a_right_gradient_from_the_own_cache_counts_where_the_output_is_wrong(grade):
    student = OWN_CACHE.replace("x @ w + b,", "x @ w,")
    outcome = grade(PAIR, PAIR_CHECKS, student)["affine_backward"]
    assert (outcome.status, outcome.warnings) == ("passed", [])


MASK = """
    import numpy as np

    def relu_forward(x):
        return np.maximum(x, 0), x

    def relu_backward(dout, cache):
        return dout * (cache > 0)
"""
MASK_CHECKS = """
    @check
    def relu_forward(student, rng):
        "Forward."
        expect_matches(student.layers.relu_forward, cache=True, x=rng.standard_normal((3, 4)))

    @check(requires="relu_forward", carry_forward="layers.relu_forward")
    def relu_backward(student, rng):
        "Backward."
        expect_gradients(
            student.layers.relu_forward, student.layers.relu_backward,
            x=rng.standard_normal((3, 4)), dout=rng.standard_normal((3, 4)),
        )
"""


@pytest.mark.parametrize("mask", ["x <= 0", "1.0 * (x <= 0)", "-x"])
def test_an_own_cache_may_have_the_shape_of_the_reference_s(grade, mask):
    """The forward is leaky: the backward is right by the mask that it has kept."""
    student = MASK.replace("np.maximum(x, 0), x", f"np.maximum(x, 0.1 * x), {mask}")
    student = student.replace("(cache > 0)", "~(np.abs(cache) * (cache > 0) > 0)")
    outcomes = grade(MASK, MASK_CHECKS, student)
    assert outcomes["relu_forward"].status == "failed"
    assert (outcomes["relu_backward"].status, outcomes["relu_backward"].warnings) == ("passed", [])


def test_a_list_of_output_and_cache_is_as_good_as_a_tuple(grade):
    student = PAIR.replace("x @ w + b, (x, w, b)", "[x @ w + b, (x, w, b)]")
    outcomes = grade(PAIR, PAIR_CHECKS, student)
    assert {outcome.status for outcome in outcomes.values()} == {"passed"}


def test_a_wrong_backward_is_charged_beside_a_forward_that_fails(grade):
    student = refusing(OWN_CACHE, 2).replace("dout.sum(axis=0)", "dout[0]")
    outcome = grade(PAIR, PAIR_CHECKS, student)["affine_backward"]
    assert outcome.status == "partial"
    assert outcome.fraction == pytest.approx((1 + 2 / 3) / 2)  # one row is its own sum


def test_where_no_case_can_be_judged_there_are_no_points(grade):
    student = OWN_CACHE.replace("x @ w + b,", "1 / 0,")
    outcome = grade(PAIR, PAIR_CHECKS, student)["affine_backward"]
    assert (outcome.status, outcome.cause, outcome.fraction) == ("skipped", "prerequisite", 0.0)


def test_a_function_that_hung_before_is_not_called_again():
    stand_in = StandIn(lambda x: (2 * x, x), call_own=False)
    assert stand_in(lambda: pytest.fail("called"), (3.0,), {}) == (6.0, 3.0)
    assert stand_in.stands


def test_carry_forward_changes_nothing_where_the_prerequisite_passed(grade):
    counting = CARRIED.replace(
        "expect_close(x * student", "expect(type_name(student.layers.square) == '', 'no handle')\n"
        "        expect_close(x * student",
    )  # fmt: skip
    assert grade(SQUARE, counting)["cube"].status == "passed"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("student.layres.square(1.0)", "student.layres: expected a module"),
        ("reference.layres.square(1.0)", "expected a module layres"),
        ("reference.notebook.nothing", "reference.notebook.nothing: expected a function"),
        ("student.layers.square(object())", "cannot cross the wall"),
    ],
)
def test_a_mistake_of_the_check_is_an_error_with_its_line(grade, line, message):
    checks = f"""
        @check
        def square(student, reference, rng):
            "Squares."
            {line}
    """
    outcome = grade(SQUARE, checks)["square"]
    assert (outcome.status, outcome.fraction) == ("error", 0.0)
    assert outcome.explanations[0].startswith("assignments/first/checks.py, line 7, square: ")
    assert message in outcome.explanations[0]


CASES = """
    @check
    @cases(small={"n": 2}, large={"n": 50}, empty={"n": 0})
    def square(student, reference, rng, n):
        "Squares of any number of entries."
        expect_close(student.layers.square(np.arange(n) + 0.5), (np.arange(n) + 0.5) ** 2)
"""


def test_each_case_has_its_share_and_its_name(grade):
    outcome = grade(SQUARE, CASES, SQUARE.replace("x**2", "x**2 + (len(x) > 9)"))["square"]
    assert (outcome.status, outcome.fraction) == ("partial", pytest.approx(2 / 3))
    assert [text.split(":")[0] for text in outcome.explanations] == ["large"]


def test_what_goes_wrong_in_several_cases_alike_is_told_once(grade):
    outcome = grade(
        SQUARE, CASES, SQUARE.replace("return x**2", "return x**2 if len(x) == 2 else 1 / 0")
    )
    assert outcome["square"].explanations[0].startswith("large, empty: ZeroDivisionError")
    assert outcome["square"].status == "partial"
    outcome = grade(SQUARE, CASES, SQUARE.replace("return x**2", "return 1 / 0"))["square"]
    assert outcome.explanations[0].startswith("ZeroDivisionError: division by zero")
    assert len(outcome.explanations) == 1


def test_an_exception_in_one_case_leaves_the_others(grade):
    outcome = grade(SQUARE, CASES, SQUARE.replace("x**2", "x[0] * 0 + x**2"))["square"]
    assert (outcome.fraction, outcome.cause) == (pytest.approx(2 / 3), "exception")
    assert "empty: IndexError" in outcome.explanations[0]


def test_a_hang_costs_the_check_and_not_the_next_one(grade):
    checks = CHECKS.replace('@check(requires="square")', "@check")
    student = SQUARE.replace("return x**2", "\n        while True: pass") + (
        "\n    def cube(x):\n        return x**3\n"
    )
    outcomes = grade(SQUARE, checks, student, seconds=0.3)
    assert (outcomes["square"].status, outcomes["square"].cause) == ("failed", "timeout")
    assert outcomes["cube"].status == "passed"


def test_a_student_pays_for_the_time_of_their_own_code_only(grade):
    checks = """
        import time

        @check
        def square(student, reference, rng):
            "Squares."
            deadline = time.monotonic() + 0.6
            while time.monotonic() < deadline:
                pass
            expect_close(student.layers.square(3.0), 9.0)
    """
    assert grade(SQUARE, checks, seconds=0.5)["square"].status == "passed"


IN_PLACE = SQUARE.replace("return x**2", "x **= 2\n        return x")


def test_an_argument_changed_in_place_is_a_warning(grade):
    outcome = grade(SQUARE, CHECKS, IN_PLACE)["square"]
    assert (outcome.status, outcome.fraction) == ("passed", 1.0)
    assert outcome.warnings == ["square: changes its argument x in place. Work on a copy."]


def test_a_pure_check_does_not_accept_it(grade):
    checks = CHECKS.replace("@check\n", "@check(pure=True)\n", 1)
    outcome = grade(SQUARE, checks, IN_PLACE)["square"]
    assert (outcome.status, outcome.explanations) == (
        "failed", ["square: changes its argument x in place. Work on a copy."],
    )  # fmt: skip


def test_the_same_seed_gives_the_same_outcome_and_another_one_other_inputs(grade):
    checks = """
        @check
        def square(student, reference, rng):
            "Squares."
            expect(False, repr(rng.standard_normal(3)) + repr(np.random.rand()))
    """
    first, again, other = (grade(SQUARE, checks, seed=seed)["square"] for seed in (1, 1, 2))
    assert first.explanations == again.explanations
    assert first.explanations != other.explanations


def test_the_workers_global_generator_is_seeded(grade):
    student = "import numpy as np\ndef draw():\n    return np.random.rand(4)\n"
    checks = """
        @check
        def draw(student, rng):
            "Draws."
            expect(False, repr(student.layers.draw()))
    """
    first, again = (grade(student, checks, seed=5)["draw"] for _ in range(2))
    assert first.explanations == again.explanations


def test_any_of_accepts_either_convention_and_explains_by_the_first(grade):
    checks = """
        @check
        def square(student, reference, rng):
            "Squares, or twice the squares."
            x = rng.standard_normal(6)
            result = student.layers.square(x)
            any_of(lambda: expect_close(result, x**2), lambda: expect_close(result, 2 * x**2))
    """
    assert grade(SQUARE, checks, SQUARE.replace("x**2", "2 * x**2"))["square"].status == "passed"
    outcome = grade(SQUARE, checks, SQUARE.replace("x**2", "-(x**2)"))["square"]
    assert "right but for its sign" in outcome.explanations[0]


def test_what_a_check_builds_on_is_named_before_its_own_explanations(grade):
    cases = CHECKS.replace(
        """    @check(requires="square")
    def cube(student, reference, rng):
        "Cubes."
        expect_matches(student.layers.cube, x=rng.standard_normal((3, 4)))""",
        """    @check(requires="square")
    @cases(ones={"x": np.ones(6)}, numbers={"x": np.arange(6.0)})
    def cube(student, reference, rng, x):
        "Cubes."
        expect_close(student.layers.cube(x), x**3)""",
    )
    outcome = grade(SQUARE, cases, SQUARE.replace("x**2", "x**3"))["cube"]
    assert outcome.status == "partial"
    first, *others = outcome.explanations
    assert first == "numbers: it builds on square: correct what is said there first."
    assert others
    right = SQUARE.replace("x * square(x)", "np.where(x > 1, x, x**3)")
    assert "builds on" not in str(grade(SQUARE, cases, right)["cube"].explanations)


def test_a_warning_of_the_check_costs_no_points(grade):
    checks = CHECKS.replace('"Squares."', '"Squares."\n        warn("Nearly overflows.")')
    outcome = grade(SQUARE, checks)["square"]
    assert (outcome.status, outcome.warnings) == ("passed", ["Nearly overflows."])


NOTEBOOK = """
    @check
    def scale(notebook, reference, rng):
        "scale multiplies by the notebook's factor."
        expect_array_in_notebook(notebook, "factor", 3.0)
        notebook.factor = 5.0
        expect_close(notebook.scale(2.0), 10.0)
        expect_close(notebook.scale(2.0), 5.0 * reference.notebook.half(4.0))
"""
CELLS = ("factor = 3.0", "def scale(x):\n    return factor * x", "def half(x):\n    return x / 2")


def test_a_notebook_is_read_set_and_called(grade):
    assert grade(SQUARE, NOTEBOOK, cells=CELLS)["scale"].explanations == []


def test_a_missing_variable_is_named(grade):
    outcome = grade(SQUARE, NOTEBOOK.replace('"factor"', '"rate"'), cells=CELLS)["scale"]
    assert outcome.explanations[0].startswith("rate: nothing of this name is defined")


def test_a_wrong_variable_is_explained(grade):
    outcome = grade(SQUARE, NOTEBOOK.replace("3.0)", "6.0)"), cells=CELLS)["scale"]
    assert outcome.explanations == [
        "factor: right but for a simple factor. Compare the constants with the formula."
    ]


def test_a_notebook_function_is_matched_with_the_one_of_the_source(grade):
    checks = """
        @check
        def half(notebook, rng):
            "half halves."
            expect_matches(notebook.half, x=rng.standard_normal(8))
    """
    assert grade(SQUARE, checks, cells=CELLS)["half"].status == "passed"


def test_a_method_without_a_name_in_the_reference_is_explained_all_the_same(grade):
    library = """
        class Mean:
            def of(self, x):
                return x.sum(axis=0)
    """
    checks = """
        @check
        def mean(student, rng):
            "Means."
            x = rng.standard_normal((6, 5))
            expect_close(student.layers.Mean().of(x), x.mean(axis=0))
    """
    assert grade(library, checks)["mean"].explanations == [
        "Mean.of: 6 times too large; N is 6: a missing 1/N? "
        "It looks like a sum where a mean is wanted."
    ]


def test_a_reference_that_refuses_other_inputs_does_not_stop_an_explanation(grade):
    library = """
        import numpy as np

        def spread(x):
            if x[0] > 0:
                raise ValueError("expected a first entry that is not positive")
            return x - x[0]
    """
    checks = """
        @check
        def spread(student, rng):
            "Spreads."
            expect_matches(student.layers.spread, robust=False, x=-abs(rng.standard_normal(8)) / 9)
    """
    outcome = grade(library, checks, library.replace("return x - x[0]", "return x - np.sin(x)"))
    assert outcome["spread"].status == "failed"


OBJECT = """
    import numpy as np

    class Linear:
        def __init__(self, n, scale=1.0):
            self.W, self.b, self.scale = np.ones((n, n)), np.zeros(n), scale

        def forward(self, x):
            return self.scale * x @ self.W + self.b

        def step(self, rate):
            self.W = self.W - rate * self.dW
            self.b = self.b - rate * self.db
"""
OBJECT_CHECKS = """
    @check
    def forward(student, reference, rng):
        "Forward."
        layer = student.layers.Linear(3, 0.7)
        layer.W, layer.b = W, b = rng.standard_normal((3, 3)), rng.standard_normal(3)
        x = rng.standard_normal((4, 3))
        expect_close(layer.forward(x), 0.7 * x @ W + b, name="y")

    @check
    def step(student, reference, rng):
        "Step."
        layer = student.layers.Linear(3)
        layer.W, layer.b = W, b = rng.standard_normal((3, 3)), rng.standard_normal(3) + 9
        layer.dW, layer.db = dW, db = rng.standard_normal((3, 3)), rng.standard_normal(3)
        layer.step(0.3)
        expect_close((layer.W, layer.b), (W - 0.3 * dW, b - 0.3 * db), names=("W", "b"))
"""


@pytest.mark.parametrize(
    ("old", "new", "check", "told"),
    [
        ("@ self.W + self.b", "@ self.W", "forward",
         "Linear.forward: y: each column is off by a number of its own. Is b not added?"),
        ("self.b = self.b - rate * self.db", "pass", "step", "b: this is b, unchanged."),
        ("self.W - rate", "self.W + rate", "step",
         "W: moved the wrong way from W. Look at the sign of the step."),
        ("self.W - rate", "self.W - 2 * rate", "step",
         "W: the step from W is 2 times too large. Is a factor 2 too many?"),
    ],
)  # fmt: skip
def test_what_an_object_was_given_explains_what_it_returns(grade, old, new, check, told):
    assert {outcome.status for outcome in grade(OBJECT, OBJECT_CHECKS).values()} == {"passed"}
    outcome = grade(OBJECT, OBJECT_CHECKS, OBJECT.replace(old, new))[check]
    assert outcome.explanations == [told]


def test_a_method_that_changes_its_argument_names_it(grade):
    student = OBJECT.replace("return self.scale * x @", "x *= self.scale\n            return x @")
    outcome = grade(OBJECT, OBJECT_CHECKS, student)["forward"]
    assert outcome.warnings == ["Linear.forward: changes its argument x in place. Work on a copy."]


DESCENT = """
    def descend(x, rate, decay, steps):
        for t in range(steps):
            x = x - rate * decay**t * (x - 1) ** 3
        return x
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("x - rate", "x + rate", "rate of the opposite sign"),
        ("decay**t", "(1 - decay)**t", "decay = 1 - decay"),
        ("decay**t", "decay**0", "decay = 1"),
        ("rate * decay", "2 * rate * decay", "rate = 2 rate"),
        ("range(steps)", "range(0)", "rate = 0"),
    ],
)
def test_the_input_for_which_a_result_would_be_right_is_told(grade, old, new, told):
    checks = """
    @check
    def descend(student, rng):
        "Descends."
        expect_matches(
            student.layers.descend, x=rng.uniform(2, 3), rate=0.07, decay=0.8, steps=4,
        )
    """
    assert grade(DESCENT, checks)["descend"].status == "passed"
    (text,) = grade(DESCENT, checks, DESCENT.replace(old, new))["descend"].explanations
    assert text.endswith(f"It is what would be right with {told}.")


ENDINGS = ["SystemExit(3)", "KeyboardInterrupt", "MemoryError", "RecursionError", "GeneratorExit"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_check_that_would_end_the_grading_costs_itself_alone(grade, ending):
    checks = CHECKS.replace('"Squares."', f'"Squares."\n        raise {ending}')
    checks = checks.replace('@check(requires="square")', "@check")
    outcomes = grade(SQUARE, checks)
    assert (outcomes["square"].status, outcomes["square"].fraction) == ("error", 0.0)
    assert ending.partition("(")[0] in outcomes["square"].explanations[0]
    assert outcomes["cube"].status == "passed"


@pytest.fixture
def interruptible():
    """Ctrl-C as Python starts with it: a shell lets what it runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_the_users_interrupt_stops_the_run(grade):
    checks = CHECKS.replace(
        '"Squares."', '"Squares."\n        import signal; signal.raise_signal(signal.SIGINT)'
    )
    with pytest.raises(KeyboardInterrupt):
        grade(SQUARE, checks)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_check_that_passes_loses_nothing_by_what_it_builds_on(grade):
    """What is wrong in the one is charged there, and once."""
    student = SQUARE.replace("x**2", "x").replace("x * square(x)", "x**3")
    outcomes = grade(SQUARE, CHECKS, student)
    assert (outcomes["square"].status, outcomes["cube"].status) == ("failed", "passed")


TWICE = """
    import numpy as np

    def both(x):
        return x.sum(), 2 * x
"""

TWICE_CHECKS = """
    SIZES = {"one": {"n": 1}, "two": {"n": 2}, "many": {"n": 5}}

    @check
    @cases(**SIZES)
    def total(student, rng, n):
        "The first result."
        expect_matches(student.layers.both, names=("total", "twice"), part=0,
                       x=rng.standard_normal(n))

    @check
    @cases(**SIZES)
    def twice(student, rng, n):
        "The second result."
        expect_matches(student.layers.both, names=("total", "twice"), part=1,
                       x=rng.standard_normal(n))
"""


def test_an_exception_is_charged_once(grade):
    student = TWICE.replace("return", "assert x.size > 1\n        return")
    outcomes = grade(TWICE, TWICE_CHECKS, student)
    assert outcomes["total"].fraction == pytest.approx(2 / 3)
    assert (outcomes["twice"].status, outcomes["twice"].fraction) == ("passed", 1.0)
    assert outcomes["twice"].warnings == [
        "one: not judged here, and no points lost: the same exception as in total."
    ]


@pytest.mark.parametrize("caller", ["", "  cs_lib/given.py, line 8, in looked_at: `f(x)`\n"])
def test_an_exception_is_the_same_whoever_has_called(caller):
    own = "  cs_lib/layers.py, line 3, in both: `assert x.size > 1`"
    context = SimpleNamespace(reference=SimpleNamespace(taken=["cs_lib/layers.py", "book.ipynb"]))
    told = f"AssertionError: no\n{caller}{own}"
    error = StudentError("exception", told, "AssertionError", in_own_code=True)
    assert places(error, context) == (f"AssertionError\n{own}",)


def test_an_exception_in_most_cases_is_charged_everywhere(grade):
    student = TWICE.replace("return", "assert x.size == 1\n        return")
    outcomes = grade(TWICE, TWICE_CHECKS, student)
    assert outcomes["twice"].fraction == pytest.approx(1 / 3)


LOOKED_AT = """
    import numpy as np

    def looked_at(f, x):
        return f(x)[0], len(x)

    def both(x):
        return x.sum(), 2 * x
"""
THROUGH = """
    SIZES = {"one": {"n": 1}, "two": {"n": 2}, "many": {"n": 5}}

    @check
    @cases(**SIZES)
    def total(student, rng, n):
        "The first result."
        x = rng.standard_normal(n)
        look = called(student.layers.looked_at, "both")
        total, _ = look(student.layers.both, x=x)
        expect_close(total, x.sum(), name="total")
"""


def test_a_function_that_another_one_is_given_is_what_explanations_speak_of(grade):
    outcome = grade(LOOKED_AT, THROUGH, LOOKED_AT.replace("x.sum()", "x.sum() + x.size"))["total"]
    assert outcome.fraction == 0
    assert outcome.explanations[0].startswith("both: total: ")
    assert {"layers.looked_at", "layers.both"} <= set(outcome.functions)


def test_a_dict_of_gradients_is_no_random_result(grade):
    library = """
    def grads(W, b):
        return {"W": W * W * b, "b": b + W.sum()}
    """
    checks = """
    @check
    def grads(student, rng):
        "Gradients."
        W = rng.standard_normal((4, 3))
        expect_matches(student.layers.grads, W=W, b=rng.standard_normal(3))
    """
    outcome = grade(library, checks, library.replace("W * W", "W * abs(W)**0.3"))["grads"]
    assert outcome.status == "failed"
    assert "drawn at random" not in " ".join(outcome.explanations)


def test_the_courses_generator_draws_alike_for_all_students(grade):
    checks = """
        @check
        def square(course_rng):
            "Squares."
            expect(False, repr(course_rng.standard_normal(3)))
    """
    first, other = (grade(SQUARE, checks, seed=seed)["square"] for seed in (1, 2))
    assert first.explanations == other.explanations


def test_a_check_takes_data_of_the_course_from_behind_the_wall(grade):
    checks = """
        @check
        def square(student, rng):
            "Squares."
            import os
            expect_close(student.layers.square(3.0), reference_call("layers.square", 3.0))
            expect(reference_call("layers.process") != os.getpid(), "in this process")

        @check
        def cube(student, rng):
            "Cubes."
            reference_call("layers.nothing")
    """
    library = SQUARE + "\n    def process():\n        import os\n        return os.getpid()\n"
    outcomes = grade(library, checks)
    assert outcomes["square"].status == "passed", outcomes
    assert outcomes["cube"].status == "error"
    assert "reference_call: layers.nothing: " in outcomes["cube"].explanations[0]


def test_a_module_imported_by_its_name_alone_is_told_where_it_lies(grade):
    student = SQUARE.replace(
        "import numpy as np", "import numpy as np\n    from layers import cube"
    )
    outcome = grade(SQUARE, CHECKS, student)["square"]
    assert "write cs_lib.layers, as in `from cs_lib.layers import …`" in outcome.explanations[0]


def test_the_global_generator_is_left_as_it_was(grade):
    checks = """
    @check
    @cases(one=case("one", n=1), two=case("two", n=2))
    def half(student, rng, n):
        "Draws from it."
        np.random.rand(n)
        raise RuntimeError
    """
    np.random.seed(3)
    expected = np.random.rand(2)
    np.random.seed(3)
    assert grade("def half(x): return x / 2", checks)["half"].status == "error"
    assert np.array_equal(np.random.rand(2), expected)
