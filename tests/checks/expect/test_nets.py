"""Whole nets: initial parameters, losses in two conventions, update rules."""

import pytest

LIBRARY = """
    import numpy as np

    def init(D, C):
        return {"W": 0.01 * np.random.randn(D, C), "b": np.zeros(C)}

    def loss(W, X, reg):
        return 0.5 * np.sum((X @ W) ** 2) + 0.5 * reg * np.sum(W**2), X.T @ X @ W + reg * W

    def rule(w, dw, config=None):
        config = {"learning_rate": 1e-2, "cache": 0.0, **(config or {})}
        config["cache"] = 0.9 * config["cache"] + 0.1 * dw**2
        step = config["learning_rate"] * dw / (np.sqrt(config["cache"]) + 1e-8)
        return w - step, config
"""

CHECKS = """
    @check
    def initial(student):
        "Weights are normally distributed, biases are zero."
        expect_initial(
            lambda: student.layers.init(40, 30), {"W": (40, 30), "b": (30,)}, {"W": 0.01, "b": 0},
            name="init",
        )

    def _problem(student, reference, rng):
        X = rng.standard_normal((5, 4))
        mine, true = student.layers.loss, reference.layers.loss
        W = rng.standard_normal((4, 3))
        return lambda W, reg: mine(W, X, reg), lambda W, reg: true(W, X, reg), W

    @check
    def value(student, reference, rng):
        "The loss is right."
        expect_loss(*_problem(student, reference, rng), reg=0.7)

    @check
    def gradient(student, reference, rng):
        "The gradient is that of the loss."
        expect_loss_gradient(*_problem(student, reference, rng), reg=0.7)

    @check
    def exact_gradient(student, reference, rng):
        "The gradient is that of the loss."
        expect_loss_gradient(*_problem(student, reference, rng), reg=0.7, large_scores=True)

    def _inside(w, dw, config):
        squares = 0.9 * config.get("cache", 0.0) + 0.1 * dw**2
        step = config.get("learning_rate", 1e-2) * dw / np.sqrt(squares + 1e-8)
        return w - step, {**config, "cache": squares}

    @check
    def steps(student, reference):
        "The steps are right, with the epsilon in either place."
        truths = [reference.layers.rule, _inside]
        expect_update_rule(student.layers.rule, truths, None, state=("cache",))
        config = {"learning_rate": 0.1, "cache": np.full((3, 4), 0.5)}
        expect_update_rule(student.layers.rule, truths, config, state=("cache",))
"""

NAMES = ("initial", "value", "gradient", "exact_gradient", "steps")

WRONG = {
    "uniform": ("np.random.randn(D, C)", "np.random.rand(D, C)", "initial", "standard deviation"),
    "ten_times": ("0.01 * np", "0.1 * np", "initial", "standard deviation"),
    "a_seed_of_its_own": (
        'return {"W"', 'np.random.seed(0)\n        return {"W"', "initial", "same at each call",
    ),
    "biases_drawn": ("np.zeros(C)}", "np.random.randn(C)}", "initial", "b: expected zeros"),
    "transposed_weights": ("randn(D, C)", "randn(C, D)", "initial", "transposed"),
    "integers": ("np.zeros(C)}", "np.zeros(C, int)}", "initial", "dtype"),
    "no_regularisation": ("0.5 * reg * np.sum(W**2)", "0", "value", "loss"),
    "only_the_loss": (", X.T @ X @ W + reg * W", "", "value gradient", "Return the two"),
    "two_conventions": ("+ reg * W", "+ 2 * reg * W", "gradient exact_gradient", ""),
    "epsilon_after_the_division": (
        "/ (np.sqrt(config[\"cache\"]) + 1e-8)", "/ np.sqrt(config[\"cache\"]) + 1e-8", "steps", "",
    ),
    "no_epsilon": ("+ 1e-8)", ")", "steps", "NaN"),
    "forgets_its_state": (
        "return w - step, config", "return w - step, {}", "steps", "expected a dict with cache",
    ),
    "state_frozen": ('0.9 * config["cache"] + ', "", "steps", "step 2"),
}  # fmt: skip

RIGHT = {
    "whole_reg": (
        "0.5 * reg * np.sum(W**2), X.T @ X @ W + reg",
        "reg * np.sum(W**2), X.T @ X @ W + 2 * reg",
    ),
    "epsilon_inside": ('(np.sqrt(config["cache"]) + 1e-8)', 'np.sqrt(config["cache"] + 1e-8)'),
    "its_own_generator": (
        "np.random.randn(D, C)", "np.random.default_rng().standard_normal((D, C))",
    ),
    "config_in_place": (
        'config = {"learning_rate": 1e-2, "cache": 0.0, **(config or {})}',
        "config = {} if config is None else config\n"
        '        config.setdefault("learning_rate", 1e-2)\n'
        '        config.setdefault("cache", np.zeros_like(w))',
    ),
}  # fmt: skip


def test_the_reference_passes(grade):
    assert {outcome.status for outcome in grade(LIBRARY, CHECKS).values()} == {"passed"}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_fails_where_it_is(grade, mistake):
    old, new, caught, words = WRONG[mistake]
    assert old in LIBRARY
    outcomes = grade(LIBRARY, CHECKS, LIBRARY.replace(old, new))
    failed = {name for name in NAMES if outcomes[name].status == "failed"}
    assert failed >= set(caught.split())
    assert {outcome.status for outcome in outcomes.values()} <= {"passed", "failed"}
    assert words in " ".join(outcomes[caught.split()[0]].explanations)


@pytest.mark.parametrize("loss", ["0 * W.sum()", "np.inf", "np.array([1.0])", "None"])
def test_a_right_gradient_keeps_its_points_whatever_the_loss_is(grade, loss):
    wrong = LIBRARY.replace("0.5 * np.sum((X @ W) ** 2) + 0.5 * reg * np.sum(W**2)", loss)
    outcomes = grade(LIBRARY, CHECKS, wrong)
    assert outcomes["value"].status == "failed"
    assert {outcomes[name].status for name in ("gradient", "exact_gradient")} == {"passed"}


@pytest.mark.parametrize("style", RIGHT)
def test_another_style_passes(grade, style):
    old, new = RIGHT[style]
    assert old in LIBRARY
    outcomes = grade(LIBRARY, CHECKS, LIBRARY.replace(old, new))
    assert [text for outcome in outcomes.values() for text in outcome.explanations] == []
    assert {outcome.status for outcome in outcomes.values()} == {"passed"}
