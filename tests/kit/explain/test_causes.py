"""Causes that the relation to an input gives away, and that are told only where they hold."""

import numpy as np
import pytest

from autograder.kit.explain import compare, explain_error
from autograder.kit.explain.compare import FINITE
from autograder.kit.loops import in_loop

RNG = np.random.default_rng(5)
X, DY, W = (RNG.uniform(0.1, 0.9, (4, 3)) for _ in range(3))


def told(actual, expected, **inputs):
    (part,) = compare(actual, expected, inputs=inputs)
    return part.problem


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (np.cos(X) * DY, np.cos(X), "right but for a factor dy: is it taken once too often"),
        (np.cos(X), np.cos(X) * DY, "right but for a factor dy: is it left out"),
        (np.cos(X) * X * (1 - X), np.cos(X), "right but for a factor x (1 - x): is it taken"),
        (np.cos(X), np.cos(X) * (1 - X**2), "right but for a factor (1 - x²): is it left out"),
        (np.cos(X) + DY, np.cos(X), "right but for dy, which is added once too often."),
        (np.cos(X) - DY, np.cos(X), "right but for dy, which is left out, or subtracted"),
        (X * (1 - X), np.cos(X), "this is x (1 - x) and nothing else."),
        (X + np.cos(DY) / 9, X - np.cos(DY) / 9, "moved the wrong way from x."),
        (X - 2 * DY**2, X - DY**2, "the step from x is 2 times too large. Is a factor 2"),
        (np.cos(X) / np.log(2), np.cos(X), "1.4 times too large. Is a logarithm taken to the base"),
        (np.cos(X) / 0.3, np.cos(X), "right but for p: divided by it once too often"),
        (np.cos(X) * 0.3, np.cos(X), "right but for p: multiplied by it once too often"),
    ],
)
def test_a_relation_with_an_input_is_told(actual, expected, words):
    assert told(actual, expected, x=X, dy=DY, p=0.3).startswith(words)


@pytest.mark.parametrize("wrong", [np.sin(X) + DY**3, np.cos(X) + 0.1 * RNG.random((4, 3))])
def test_no_relation_is_told_where_there_is_none(wrong):
    assert told(wrong, np.cos(X), x=X, dy=DY, p=0.3).startswith("no entry is right")


def test_a_small_term_that_is_another_for_each_entry_is_no_constant_factor():
    probabilities = np.linspace(0.05, 0.95, 6)[:, np.newaxis]
    losses = -np.log(probabilities)
    text = told(-np.log(probabilities + 1e-5), losses)
    assert "factor" not in text
    assert text.endswith("Look for a constant or a small term.")
    assert "one factor near 1" in told(1.00005 * losses, losses)


def test_a_quarter_is_p_where_p_is_a_quarter():
    text = told(np.cos(X) / 4, np.cos(X), x=X, dropout_param={"p": 0.25, "mode": "train"})
    assert text.startswith("right but for dropout_param['p']: multiplied by it once too often")
    assert told(np.cos(X[:3]) / 4, np.cos(X[:3]), scale=0.25).startswith("4 times too small")


def test_regularised_biases_are_told_in_gradient_and_loss():
    b, w = RNG.standard_normal(4), RNG.standard_normal((3, 4))
    wanted = "right but for the regularisation: biases are in it"
    assert told(X.sum() + 0.5 * 0.7 * (b @ b), X.sum(), w=w, b=b, reg=0.7).startswith(wanted)
    gradient = RNG.standard_normal(4)
    assert told(gradient + 0.7 * b, gradient, w=w, b=b, reg=0.7).startswith(wanted)


def test_minus_one_set_at_the_labels_is_no_leaky_relu():
    y = np.array([0, 2, 1, 0])
    right = X.copy()
    right[np.arange(4), y] -= 1
    wrong = X.copy()
    wrong[np.arange(4), y] = -1
    assert "Is it set to -1 (=)" in told(wrong / 4, right / 4, x=DY, y=y)


SIGNED, UP = RNG.standard_normal((4, 3)), RNG.standard_normal((4, 3))
LABELS = np.array([0, 2, 1, 0])
GATED = {
    "relu_backward": (UP * (SIGNED > 0), {"dout": UP, "x": SIGNED}),
    "leaky_relu_backward": (np.where(SIGNED > 0, UP, 0.1 * UP), {"dy": UP, "x": SIGNED}),
    "leaky_relu_forward": (np.where(SIGNED > 0, SIGNED, 0.1 * SIGNED), {"x": SIGNED}),
}
UNGATED = {
    "sigmoid": (1 / (1 + np.exp(-SIGNED)), {"x": SIGNED}),
    "tanh_backward": (UP * (1 - np.tanh(SIGNED) ** 2), {"dout": UP, "x": SIGNED}),
    "softmax_gradient": (np.exp(SIGNED) / 9 - np.eye(4)[:, :3], {"x": SIGNED, "y": LABELS}),
    "step": (SIGNED - 0.1 * UP, {"w": SIGNED, "dw": UP, "learning_rate": 0.1}),
    "adam": (0.9 * SIGNED + 0.1 * UP**2, {"m": SIGNED, "dw": UP, "config": {}}),
}


def said_of(right, inputs):
    """What is said where entries are wrong by the sign of an input, and by their own."""
    x = inputs.get("x", SIGNED)
    by_input = told(np.where(x < 0, right + 1 + UP**2, right), right, **inputs)
    return f"{by_input} {told(np.where(right < 0, right / 3, right), right, **inputs)}"


@pytest.mark.parametrize(("right", "inputs"), GATED.values(), ids=GATED)
def test_a_mask_and_a_leaky_relu_are_named_where_entries_pass_by_their_sign(right, inputs):
    assert "Is a mask missing" in said_of(right, inputs)
    assert "leaky ReLU" in said_of(right, inputs)


@pytest.mark.parametrize(("right", "inputs"), UNGATED.values(), ids=UNGATED)
def test_neither_is_blamed_in_a_function_that_can_have_none(right, inputs):
    assert "mask" not in said_of(right, inputs)
    assert "ReLU" not in said_of(right, inputs)


LOOPS = """def f(p, y):
    a = p[9]
    for i in y:
        a += p[i]
    b = p[y]
    return [p[i] for i in y]
"""


@pytest.mark.parametrize(
    ("line", "looped"), [(2, False), (3, True), (4, True), (5, False), (6, True), (9, False)]
)
def test_a_loop_is_blamed_only_where_there_is_one(line, looped):
    assert in_loop(LOOPS, line) == looped
    place = "cs_lib/a.py, line 4, in a loop of f" if looped else "cs_lib/a.py, line 2, in f"
    text = f"index 4 is out of bounds for axis 0 with size 4\n  {place}: `a += p[i]`"
    assert ("loop" in explain_error("IndexError", text)) == looped


def test_a_zero_for_an_array_of_zeros_is_told_as_such():
    assert told(0, np.zeros(4)).startswith("expected an array, got the number 0")
    assert "Is a sum or mean taken" in told(3.5, np.ones(4))


def test_zeros_in_an_integer_array_are_fractions_lost_and_not_zeros():
    assert told(np.zeros(4, int), np.full(4, 0.3)).startswith("only whole numbers")
    assert told(np.zeros(4), np.full(4, 0.3)).startswith("all entries are 0")


def test_of_a_counter_no_factor_is_told():
    assert told(2, 1).startswith("another whole number than expected.")
    assert told(2.5, 1) == "the value is far off."


def test_labels_of_zero_are_named_where_they_are_divided_by():
    text = told(np.full(4, np.inf), np.ones(4), y=np.array([0, 1, 1, 0]))
    assert text.endswith("y has entries that are 0: is it divided by, or its logarithm taken?")


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        ((2, 3, 7, 8), ": larger by the padding on each side? Cut it off again."),
        (
            (2, 3, 0, 0),
            ": nothing is left. Is it cut by [pad:-pad], which is empty where pad is 0?",
        ),
    ],
)
def test_the_shape_of_an_images_gradient_tells_of_its_padding(actual, words):
    assert told(np.ones(actual), np.ones((2, 3, 5, 6)), x=np.ones((2, 3, 5, 6))).endswith(words)


def test_a_regularisation_term_that_is_missing_is_named():
    model = {"W1": X, "W2": W}
    loss = 1.5 + 0.35 * ((X**2).sum() + (W**2).sum())
    text = told(loss - 0.35 * (W**2).sum(), loss, model=model, reg=0.7)
    assert text == "right but for the regularisation: its term of model['W2'] is missing."


def test_regularisation_of_one_weight_of_three_names_those_that_are_missing():
    model = {"W1": X, "W2": W, "W3": DY}
    terms = {name: 0.35 * (weight**2).sum() for name, weight in model.items()}
    text = told(1.5 + terms["W1"], 1.5 + sum(terms.values()), model=model, reg=0.7)
    wanted = "its term of model['W2'] and model['W3'] is missing."
    assert text == f"right but for the regularisation: {wanted}"


@pytest.mark.parametrize(
    ("exception", "message", "hint"),
    [
        ("ModuleNotFoundError", "No module named 'cs_lib.layers'", "This file or name of cs_lib"),
        ("ModuleNotFoundError", "No module named 'past'", "This line is for Python 2 and can go"),
        (
            "ModuleNotFoundError",
            "No module named 'cs_lib.mine'",
            "This file or name of cs_lib is not there. Of",
        ),
        (
            "SyntaxError",
            "invalid syntax\n  cs_lib/a.py, line 3: `<<<<<<< HEAD`",
            "A merge by git has left its marks",
        ),
        (
            "SyntaxError",
            "invalid syntax\n  cs_lib/a.py, line 1: `%matplotlib inline`",
            "Commands of a notebook",
        ),
        (
            "IndexError",
            "index 2 is out of bounds for axis 0 with size 1\n  cs_lib/a.py, line 7, in f: "
            "`loss = p[[range(N), y]]`",
            "A list of lists is one index",
        ),
        (
            "ValueError",
            "not enough values to unpack (expected 2, got 1)\n  cs_lib/a.py, line 7, in f: "
            "`n, c = y.shape`",
            "The array has another number of axes",
        ),
        ("TypeError", "reshape() got an unexpected keyword argument 'newshape'", "NumPy 2 has no"),
        ("AttributeError", "module 'numpy.lib' has no attribute 'pad'", "NumPy 2 has np.pad"),
        ("NameError", "name 'math' is not defined", "The line that imports this module"),
        ("NameError", "name 'scipy' is not defined", "The line that imports this module"),
        (
            "SyntaxError",
            "from __future__ imports must occur at the beginning of the file",
            "The lines `from __future__` are for Python 2",
        ),
        (
            "TypeError",
            "only integer scalar arrays can be converted to a scalar index\n  cs_lib/a.py, line 7, "
            "in f: `dx.data[x < 0] = 0`",
            "The .data of an array is no array",
        ),
        ("NotImplementedError", "sub-views are not implemented", "The .data of an array is no"),
        (
            "ModuleNotFoundError",
            "No module named 'torch'",
            "No such package is in requirements.txt.",
        ),
        ("TypeError", "'float' object does not support item assignment", "A number or a tuple"),
        ("TypeError", "Linear() takes no arguments", "Is __init__ spelled so"),
    ],
)
def test_an_exception_has_the_hint_that_fits(exception, message, hint):
    assert explain_error(exception, message).startswith(hint)


@pytest.mark.parametrize("n", [1, 6], ids=["sum", "mean"])
def test_a_softmax_of_probabilities_shows_in_the_gradient_of_a_sum_and_of_a_mean(n):
    def gradient(scores):
        powers = np.exp(scores)
        return (powers / powers.sum(axis=1, keepdims=True) - np.eye(4)[y]) / n

    x, y = np.random.default_rng(3).standard_normal((6, 4)), np.array([0, 1, 2, 3, 0, 1])
    probabilities = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    wanted = "softmax is applied twice: to the scores, and to their probabilities."
    assert told(gradient(probabilities), gradient(x), x=x, y=y) == wanted


def test_zeros_are_blamed_for_nan_only_where_they_are():
    dw, out = np.array([0.0, 1.0, -2.0, 3.0]), np.ones(4)
    assert "dw has entries that are 0" in told(np.where(dw == 0, np.nan, 1.0), out, dw=dw)
    text = told(np.where(dw < 0, np.nan, 1.0), out, dw=dw)
    assert "dw" not in text
    assert text.endswith(
        "Look for 0/0, for the root or logarithm of a negative number, or np.empty."
    )


def test_n_is_the_number_of_labels_and_no_length_of_a_weight():
    W, X, y = RNG.standard_normal((3, 5)), RNG.standard_normal((5, 7)), np.arange(7) % 3
    right = np.cos(W)
    assert told(7 * right, right, W=W, X=X, y=y).startswith("7 times too large; N is 7:")
    assert "W.shape[0] is 3" in told(3 * right, right, W=W, X=X, y=y)
    assert "W.shape[0] is 3" in told(3 * right, right, W=W)
    assert "N is 5" in told(5 * right, right, X=X)


def test_the_data_term_is_told_apart_from_the_regularisation():
    W, X, y = RNG.standard_normal((3, 5)), RNG.standard_normal((7, 5)), np.arange(7) % 3
    data, reg = np.cos(W), 0.3
    given = {"W": W, "X": X, "y": y, "reg": reg}
    right = data + reg * W
    sums = told(7 * data + reg * W, right, **given)
    assert sums.startswith("the regularisation is right, but not the data term: 7 times too large")
    assert "not the data term: its sign is wrong." in told(reg * W - data, right, **given)
    assert "data term" not in told(data**2 + reg * W, right, **given)
    squares = 0.5 * reg * float(np.sum(W**2))
    told_of_loss = told(7 * 1.3 + squares, 1.3 + squares, **given)
    assert told_of_loss.startswith("the regularisation is right, but not the data term: a missing")
    assert "data term" not in told(6.1 * 1.3 + squares, 1.3 + squares, **given)


@pytest.mark.parametrize("power", [1, 3])
def test_a_norm_in_the_place_of_its_square_is_told_and_no_other_power(power):
    W, other = RNG.standard_normal((3, 5)), RNG.standard_normal((5, 2))
    squares = 0.5 * 0.3 * (np.sum(W**2) + np.sum(other**2))
    size = (np.linalg.norm(W) ** power + np.linalg.norm(other) ** power) / 2
    text = told(1.3 + 0.3 * size, 1.3 + squares, W1=W, W2=other, reg=0.3)
    assert ("it takes the norm of the weights" in text) == (power == 1)


def test_a_factor_that_differs_from_row_to_row_hints_at_no_weight_where_rows_are_alike():
    outer = np.outer(RNG.standard_normal(5), RNG.standard_normal(4))
    factors = RNG.standard_normal((5, 1))
    assert told(factors * outer, outer) == "right up to a factor that differs from row to row."
    right = np.cos(RNG.standard_normal((5, 4)))
    assert told(factors * right, right).endswith("Is a weight missing?")


def test_a_scale_of_dropout_that_is_not_one_over_p_is_told():
    right = np.cos(X)
    given = {"dropout_param": {"p": 0.3}}
    text = told(right * 0.3 / 0.7, right, **given)
    assert text.endswith("divided by 1 - dropout_param['p'], in the place of dropout_param['p']?")
    text = told(right * 0.09, right, **given)
    assert text.endswith("multiplied by dropout_param['p'], where to be divided by it?")


def test_an_empty_dict_is_told_as_one():
    (part,) = compare({}, {"W1": X})
    assert (
        part.problem == "expected a dict with 'W1', got an empty one. Put what is computed into it."
    )


@pytest.mark.parametrize(
    ("actual", "expected", "wrong"),
    [
        ([1e308, -1e308], [-1e308, 1e308], False),
        ([1.0, 2.0], [np.inf, np.nan], False),
        ([np.nan, np.inf], [np.nan, np.inf], False),  # as the reference's own
        ([np.nan, 1.0], [1.0, 1.0], True),
        ([np.inf, 1.0], [1.0, 1.0], True),
        ([np.inf, 1.0], [-np.inf, 1.0], True),
        ([1.0], [1.0, 1.0], True),
    ],
)
def test_of_a_form_numbers_are_finite_where_those_of_the_right_one_are(actual, expected, wrong):
    (part,) = compare(np.array(actual), np.array(expected), tolerance=FINITE)
    assert (part.problem is not None) is wrong
