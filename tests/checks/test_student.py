"""The other side of the wall by attribute: objects, state, nested sets."""

import pytest

from autograder.wall.supervised import Worker

NETWORK = """
    import numpy as np

    class Layer:
        def __init__(self, n, rng=None):
            self.n = n
            self.params = {"W": np.ones((n, n)) if rng is None else rng.random((n, n))}

        def forward(self, x):
            return x @ self.params["W"]

    class Net:
        def __init__(self, *layers):
            self.layers = list(layers)
            self.count = 0

        def forward(self, x):
            self.count += 1
            for layer in self.layers:
                x = layer.forward(x)
            return x

        def __getitem__(self, index):
            return self.layers[index]

        def __setitem__(self, index, layer):
            self.layers[index] = layer

    def build(n):
        return {"net": Net(Layer(n), Layer(n)), "size": n}

    def apply(net, x, function=np.tanh):
        return function(net.forward(x))
"""


@pytest.mark.parametrize(
    "body",
    [
        "expect(layer.n == 3, 'an attribute is data')",
        "layer.params = {'W': 2 * np.eye(3)}; expect_close(layer.forward(x), 2 * x)",
        "layer.params['W'] = 3 * np.eye(3); expect_close(layer.forward(x), 3 * x)",
        "net.layers[1].params = {'W': np.eye(3)}\n"
        "        expect_close(net.forward(x), x @ np.ones((3, 3)))",
        "net[0].params['W'] = np.zeros((3, 3)); expect_close(net.forward(x), 0 * x)",
        "net[0] = student.layers.Layer(3, RandomGenerator(4))\n"
        "        expect_close(net[0].params['W'], np.random.default_rng(4).random((3, 3)))",
        "built = student.layers.build(3); expect(built['size'] == 3, 'data beside a handle')\n"
        "        expect_close(built['net'].forward(x), x @ np.full((3, 3), 3.0))",
        "expect_close(student.layers.apply(net, x), np.tanh(x @ np.full((3, 3), 3.0)))",
        "expect_close(student.layers.apply(net, x, function=layer.forward),"
        " x @ np.full((3, 3), 9.0))",
        "expect_close(item_of(layer, 'params', 'W'), np.ones((3, 3)))",
        "params, n = values_of(layer, 'params', 'n'); expect(n == 3, 'in their order')\n"
        "        params['W'] = 2 * np.eye(3); expect_close(layer.forward(x), 2 * x)",
        "new = student.layers.Layer; one, two = call_each(partial(new, 3), partial(new, n=3))\n"
        "        one.params = {'W': 2 * np.eye(3)}; expect_close(one.forward(x), 2 * x)\n"
        "        expect_close(two.forward(x), x @ np.ones((3, 3)))",
        "expect_close(call_each(partial(np.add, 1, 2), partial(layer.forward, x))[0], 3)",
        "expect(call_each() == values_of(layer) == [], 'none')",
        "layer.params = np.zeros((4, 5)); expect_form(form_of(layer, 'params'), np.ones((4, 5)))\n"
        "        expect(form_of(layer, 'n') == 3, 'a number is a number')",
        "net.forward(x); net.forward(x); expect(net.count == 2, 'state is kept')",
        "expect(type_name(net) == 'Net' and type_name(net.layers[0]) == 'Layer', type_name(net))",
        "expect(type_name(x) == 'ndarray', type_name(x))",
    ],
)
def test_objects_stay_in_the_worker_and_can_be_used(grade, body):
    checks = f"""
    @check
    def net(student, reference, rng):
        "It works."
        layer = student.layers.Layer(3)
        net = student.layers.Net(layer, student.layers.Layer(3))
        x = rng.standard_normal((2, 3))
        {body}
    """
    outcome = grade(NETWORK, checks)["net"]
    assert (outcome.status, outcome.explanations) == ("passed", [])


@pytest.mark.parametrize(
    ("body", "cause", "words"),
    [
        ("student.layers.nothing(1)", "missing", "nothing"),
        ("student.layers.Layer(3).bias", "missing", "bias"),
        ("student.layers.Layer(3).forward(np.ones(4))", "exception", "Print the shapes"),
        ("student.layers.Net()[0]", "exception", "IndexError"),
    ],
)
def test_what_is_missing_or_raises_is_the_students(grade, body, cause, words):
    checks = f"""
    @check
    def net(student, reference, rng):
        "It works."
        {body}
    """
    outcome = grade(NETWORK, checks)["net"]
    assert (outcome.status, outcome.cause) == ("failed", cause)
    assert words in "\n".join(outcome.explanations)


def test_the_form_of_another_shape_is_explained(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        layer = student.layers.Layer(3)
        layer.W = np.ones((2, 3))
        expect_form(form_of(layer, "W"), np.ones((3, 2)), name="W")
    """
    (told,) = grade(NETWORK, checks)["net"].explanations
    assert told.startswith("W: expected shape (3, 2), got (2, 3)")


@pytest.mark.parametrize(
    ("calls", "status", "cause", "words"),
    [
        ("partial(layer.forward, x), partial(layer.backward, x)", "failed", "missing", "backward"),
        ("partial(layer.forward, np.ones(4)), partial(layer.forward, x)", "failed", "exception",
         "in forward"),
        ("partial(student.layers.Layer, 3), partial(student.layers.Layer, 3, 4)", "failed",
         "exception", "no attribute 'random'"),
        ("partial(layer.forward, x), partial(layer.forward, x)", "passed", None, ""),
    ],
)  # fmt: skip
def test_of_calls_in_one_exchange_the_first_that_fails_is_told(grade, calls, status, cause, words):
    checks = f"""
    @check
    def net(student, reference, rng):
        "It works."
        layer, x = student.layers.Layer(3), np.ones((2, 3))
        call_each({calls})
    """
    outcome = grade(NETWORK, checks)["net"]
    assert (outcome.status, outcome.cause) == (status, cause)
    assert words in "\n".join(outcome.explanations)


def test_what_is_no_planned_call_is_the_checks_mistake(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        call_each(student.layers.Layer(3).forward)
    """
    outcome = grade(NETWORK, checks)["net"]
    assert (outcome.status, outcome.cause) == ("error", None)
    assert "call_each: expected partial(function, ...), got method" in outcome.explanations[0]


def test_functions_after_one_that_fails_are_not_among_those_called(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        call_each(*(partial(f, 1) for f in (student.layers.f, student.layers.g, student.layers.h)))
    """
    outcome = grade("def f(x): return x\ndef g(): pass\ndef h(x): return x", checks)["net"]
    assert (outcome.status, outcome.functions) == ("failed", ["layers.f", "layers.g"])


def test_calls_of_one_exchange_warn_of_what_they_change(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        f, x = student.layers.double, np.ones(3)
        call_each(partial(f, x), partial(f, x))
    """
    outcome = grade("def double(x):\n    x *= 2\n    return x", checks)["net"]
    assert outcome.status == "passed"
    assert "changes its argument x in place" in "\n".join(outcome.warnings)


def test_a_method_goes_by_the_name_of_its_class(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        x = rng.standard_normal((2, 3))
        expect_close(student.layers.Layer(3).forward(x), 2 * x @ np.ones((3, 3)))
    """
    outcome = grade(NETWORK, checks)["net"]
    assert outcome.explanations[0].startswith("Layer.forward: 2 times too small")


def test_what_needs_no_answer_is_not_asked_for(grade, monkeypatch):
    asked, exchange = [], Worker._exchange
    monkeypatch.setattr(
        Worker,
        "_exchange",
        lambda self, name, args: asked.append(name) or exchange(self, name, args),
    )
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        layer, other = student.layers.Layer(3), student.layers.Layer(3)
        x = np.eye(3)
        for factor in (2, 3, 4):
            layer.params = {"W": factor * x}
            expect_close(layer.forward(x), factor * x)
        other.params = {"W": 9 * x}
        layer.forward = other.forward
        expect_close(layer.forward(x), 9 * x)
    """
    outcome = grade(NETWORK, checks)["net"]
    assert (outcome.status, outcome.explanations) == ("passed", [])
    assert (asked.count("call"), asked.count("get"), len(asked)) == (
        2 + 3 + 1,
        1,
        2 + 3 + 1 + 1 + 1,
    )


def test_a_method_that_its_call_binds_to_a_number_is_none_any_more(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        layer, x = student.layers.Layer(3), np.ones((2, 3))
        expect_close(layer.forward(x), layer.forward(x))
    """
    once = "def forward(self, x):\n            self.forward = 1.0"
    outcome = grade(NETWORK.replace("def forward(self, x):", once, 1), checks)["net"]
    assert (outcome.status, outcome.cause) == ("failed", "missing")
    assert "expected a function, got a float (1.0)" in outcome.explanations[0]


SLOTS = """
    class Layer:
        __slots__ = ("n",)

        def __init__(self, n):
            self.n = n

        def forward(self, x):
            return x
"""


@pytest.mark.parametrize(
    "last",
    [
        "layer.forward(np.ones(2))",
        "expect(False, 'of a later line')",
        "pass",
        "student.layers.Layer(4)",
    ],
)
def test_an_object_that_cannot_be_set_is_misused_whatever_comes_next(grade, last):
    checks = f"""
    @check
    def net(student, reference, rng):
        "It works."
        layer = student.layers.Layer(3)
        layer.W = np.eye(2)
        {last}

    @check
    def another(student, reference, rng):
        "It is not harmed by what was left."
        expect(student.layers.Layer(3).n == 3, "n")
    """
    outcomes = grade(NETWORK, checks, SLOTS)
    assert (outcomes["net"].status, outcomes["net"].cause) == ("failed", "exception")
    assert "'Layer' object has no attribute 'W'" in outcomes["net"].explanations[0]
    assert outcomes["another"].status == "passed"


def test_a_method_that_is_not_there_is_missing_when_it_is_called(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        student.layers.Layer(3).forward(np.ones(3))
    """
    outcome = grade(NETWORK, checks, SLOTS.replace("forward", "backward"))["net"]
    assert (outcome.status, outcome.cause) == ("failed", "missing")
    assert outcome.explanations == [
        "Layer: expected forward, got nothing of that name. Define it, spelt so."
    ]


LOUD = """
    class Layer:
        def __init__(self, n):
            self.n = n

        def __setattr__(self, name, value):
            if name == "scale":
                raise ValueError("no scale")
            object.__setattr__(self, name, value)

        def forward(self, x):
            return x
"""


@pytest.mark.parametrize(
    "line",
    [
        "expect_raises(ValueError, lambda: layer.forward(1.0), when='the scale is negative')",
        "expect(attribute(layer, 'n') is None, 'n')",
        "any_of(lambda: expect_close(layer.n, 4), lambda: expect_close(layer.n, 3))",
        "expect_runs(layer.forward, 1.0, when='always')",
    ],
)
def test_what_was_not_set_is_not_taken_for_an_answer(grade, line):
    checks = f"""
    @check
    def net(student, reference, rng):
        "It works."
        layer = student.layers.Layer(3)
        layer.scale = -1.0
        {line}
    """
    outcome = grade(NETWORK, checks, LOUD)["net"]
    assert (outcome.status, outcome.fraction) == ("failed", 0.0)
    assert "no scale" in outcome.explanations[0]


def test_a_method_that_is_not_there_is_no_attribute(grade):
    checks = """
    @check
    def net(student, reference, rng):
        "It works."
        expect(attribute(student.layers.Layer(3), "forward") is not None, "no forward")
    """
    outcome = grade(NETWORK, checks, SLOTS.replace("forward", "backward"))["net"]
    assert outcome.explanations == ["no forward"]
