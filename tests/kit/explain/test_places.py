"""A place is told wherever it is one; a cause only where it fits."""

import numpy as np
import pytest

from autograder.kit.explain import compare

RNG = np.random.default_rng(3)
X = RNG.standard_normal((6, 4))


def told(actual, expected, **inputs):
    (part,) = compare(actual, expected, inputs=inputs)
    return part.problem


def changed(at, value=None):
    out = X.copy()
    out[at] = out[at] * 1.7 + 0.3 if value is None else value
    return out


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_return_in_the_loop_leaves_the_other_examples_as_they_were_made(value):
    text = told(changed(np.s_[1:], value), X)
    assert text.endswith("Does a return stand inside the loop?")


@pytest.mark.parametrize("shape", [(6,), (4,), (3, 2)])
def test_a_first_example_that_is_right_by_chance_tells_of_no_loop(shape):
    x = np.resize(X, shape)
    out = np.where(np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1)) == 0, x, np.sin(x) + 2)
    assert "loop" not in told(out, x)


@pytest.mark.parametrize(
    ("at", "words"),
    [(np.s_[5], "right but for the last"), (np.s_[0], "right but for the first"),
     (np.s_[:, 3], "right but for the last"), (np.s_[2], "right but for number 2")],
)  # fmt: skip
def test_a_loop_is_blamed_for_a_line_only_where_the_line_is_not_filled_in(at, words):
    assert told(changed(at), X).startswith(words)
    assert "loop" not in told(changed(at), X)
    unfilled = told(changed(at, 0.0), X)
    assert unfilled.startswith(words)
    assert ("loop" in unfilled) == ("number" not in words)


def test_a_last_entry_that_is_not_filled_in_is_one_too_few():
    assert "stop too early" in told(np.array([1.0, 2.0, 3.0, 4.0, 0.0]), np.arange(1.0, 6.0))


def test_a_clipped_input_is_seen_in_what_is_wrong():
    x = RNG.uniform(0, 1, 40)
    text = told(np.log(np.clip(x, 0.1, 0.9)), np.log(x), y_hat=x)
    assert text.startswith("right but where y_hat is largest or smallest. Is it clipped")
    text = told(np.minimum(x, 0.8) ** 2, x**2, y_hat=x)
    assert text.startswith("right but where y_hat is largest. Is it clipped")


def test_one_extreme_entry_tells_a_place_and_no_cause():
    x = np.array([0.3, 0.97, 0.5, 0.2, 0.7, 0.4])
    text = told(np.minimum(x, 0.9) ** 2, x**2, y_hat=x)
    assert text.startswith("1 of 6 entries is wrong (where y_hat is largest), the first at [1]")


def test_the_padding_is_blamed_for_a_whole_border_of_images_only():
    images = RNG.standard_normal((2, 3, 5, 6))
    border = np.ones(images.shape, dtype=bool)
    border[..., 1:-1, 1:-1] = False
    assert "padding" in told(np.where(border, images * 1.7 + 1, images), images)
    few = images.copy()
    few[0, 1, 0, 2], few[1, 2, 4, 1] = 9.0, 7.0
    assert "padding" not in told(few, images)
    assert "padding" not in told(
        np.where(border[0, 0], images[0, 0] + 1, images[0, 0]), images[0, 0]
    )


def test_a_sign_is_told_only_of_an_input_that_has_one_and_not_by_chance():
    square = np.where(np.arange(24).reshape(6, 4) % 5 == 0, 0.0, X**2)
    wrong = np.where(square > 0, X + 1 + X**2, X)
    assert "positive" not in told(wrong, X, cache=square)
    few, b = np.array([1.0, 2.0, 4.0, 7.0, 3.0]), np.array([-1.0, 0.5, -0.2, 0.3, 0.9])
    assert "positive" not in told(np.where(b > 0, few**2 + 0.1, few), few, b=b)
    assert told(np.where(X > 0, X**3 + 2, X), X, x=X).startswith("wrong only where x is positive.")
