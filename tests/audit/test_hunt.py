"""The bench and the hunt: functions exchanged in a warm worker, and put back."""

import time

import numpy as np
import pytest

from autograder.audit import inside
from autograder.audit.hunt import Hunt
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.targets import Target, targets
from autograder.wire import Remote


@pytest.fixture
def by_name(course):
    return {target.name: target for target in targets(course.assignment("tiny"))}


def test_targets_are_the_functions_with_a_region(by_name):
    assert set(by_name) == {
        "relu", "relu_grad", "total", "Scale.__init__", "Scale.forward", "triple",
    }  # fmt: skip
    assert by_name["triple"].in_notebook
    assert by_name["Scale.forward"].source.startswith("def forward(self, x):")
    assert by_name["Scale.forward"].label == "layers.Scale.forward"


def test_mutants_change_the_solution_alone(by_name):
    for target in by_name.values():
        outside = [
            line
            for number, line in enumerate(target.source.splitlines(), start=1)
            if number not in target.solution and line.strip()
        ]
        for mutant in mutants(target):
            assert all(line in mutant.source for line in outside)
            assert mutant.diff.count("\n- ") + mutant.diff.startswith("- ") == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return x + y / len(x)", ["return (x)", "return x + (y)", "return -1 * (x + y / len(x))"]),
        ("return x @ y.T", ["return x @ y", "return ((y.T) @ (x))", "return ((x).T @ (y.T))"]),
        ("return x.sum(axis=0, keepdims=True)", [
            "return x.sum(axis=1, keepdims=True)", "return x.sum(axis=0, keepdims=False)",
            "return x.mean(axis=0, keepdims=True)",
        ]),
        ("return x[1:-1] > 0", ["return x[1 + 1:-1] > 0", "return x[1:-1 - 1] > 0",
                                "return x[1:-1] >= 0"]),
        ("x += y", ["x = y", "x -= y", "pass"]),
        ("return x, y", ["return y, x", "return 0 * (x), y", "return x,"]),
        ("return np.exp(x.copy())", ["return np.exp(x)", "return (x.copy())"]),
        ("return 0.5 * x if y else x", ["return 1.0 * x if y else x", "return (x)"]),
        ("return x.shape[0]", ["return x.shape[1]"]),
    ],
)  # fmt: skip
def test_the_slips_of_students_are_among_the_mutants(line, expected):
    target = Target("cs_lib.layers", "f", f"def f(x, y):\n    {line}\n", frozenset({2}))
    changed = {mutant.source.splitlines()[1].strip() for mutant in mutants(target)}
    assert set(expected) <= changed


def test_mutants_that_differ_in_spaces_alone_are_one():
    target = Target("cs_lib.layers", "f", "def f(x):\n    return x[-1.0]\n", frozenset({2}))
    changed = [mutant.source.replace(" ", "") for mutant in mutants(target)]
    assert "deff(x):\nreturnx[-2.0]\n" in changed
    assert len(changed) == len(set(changed))


def test_what_is_only_printed_is_not_mutated():
    source = (
        "def f(x, verbose):\n    if verbose and x > 2:\n        print(x - 1)\n"
        "    else:\n        pass\n    return -x\n"
    )
    target = Target("cs_lib.layers", "f", source, frozenset(range(2, 7)))
    found = mutants(target)
    assert found
    assert all(mutant.source.startswith(source.partition("    return")[0]) for mutant in found)


def call(bench, name, *args):
    return bench.worker().call(Remote("module:cs_lib.layers").attribute(name), args)


def test_a_patched_function_is_put_back(bench, by_name):
    target = by_name["relu"]
    assert call(bench, "relu", -2.0) == 0
    with bench.patched(target, target.source.replace("maximum", "minimum")):
        assert call(bench, "relu", -2.0) == -2
    assert call(bench, "relu", -2.0) == 0


def test_a_patched_method_works_on_objects_made_before(bench, by_name):
    target = by_name["Scale.forward"]
    scale = call(bench, "Scale", 3.0)
    with bench.patched(target, target.source.replace("self.factor * x", "self.factor + x")):
        assert bench.worker().call(scale.attribute("forward"), (2.0,)) == 5.0
    assert bench.worker().call(scale.attribute("forward"), (2.0,)) == 6.0


def test_a_mutant_that_hangs_is_rejected_quickly(bench, by_name):
    target = by_name["total"]
    checks = [check for check in bench.grader.plan.checks if not check.uses_notebook]
    hang = Mutant(target, target.source.replace("index += 1", "pass"))
    begin = time.monotonic()
    caught = Hunt(bench, checks, lambda check: 1).run({target: [hang]})
    assert caught.rejected == {hang}
    assert time.monotonic() - begin < 10


def test_a_mutant_that_leaves_something_behind_does_not_judge_the_next(bench, by_name):
    target = by_name["relu"]
    lasting = target.source.replace(
        "return np.maximum(x, 0)",
        "globals()['np'] = None\n    return 1",
    )
    same = target.source.replace("np.maximum(x, 0)", "np.maximum(0, x)")
    checks = [check for check in bench.grader.plan.checks if not check.uses_notebook]
    first, second = Mutant(target, lasting), Mutant(target, same)
    caught = Hunt(bench, checks, lambda check: 1).run({target: [first, second]})
    assert (caught.rejected, caught.equivalent) == ({first}, {second})


def test_random_inputs_are_of_the_kind_of_the_pattern():
    rng = np.random.default_rng(0)
    pattern = {"x": np.ones((2, 3)), "y": np.array([0, 2]), "n": 3, "reg": 0.5, "mode": "train"}
    drawn = [inside.varied(pattern, rng) for _ in range(50)]
    assert {value["x"].shape for value in drawn} == {(2, 3)}
    assert {int(label) for value in drawn for label in value["y"]} == {0, 1, 2, 3}
    assert {value["n"] for value in drawn} == {2, 3, 4, 5}
    assert {value["mode"] for value in drawn} == {"train"}


def test_random_inputs_come_in_other_shapes_that_fit_together():
    rng = np.random.default_rng(1)
    pattern = {"X": np.ones((4, 3)), "y": np.array([0, 1, 1, 0]), "model": {"W": np.ones((3, 2))}}
    shapes = set()
    for _ in range(60):
        drawn = inside.resized(pattern, rng)
        assert len(drawn["X"]) == len(drawn["y"])
        assert drawn["X"].shape[1] == len(drawn["model"]["W"])
        shapes.add(drawn["X"].shape)
    assert {(1, 3), (3, 3), (5, 3), (8, 3), (4, 1), (4, 2), (4, 4), (4, 6)} <= shapes
