"""What a loss may be off by, whatever is drawn: rounding on the way, but no constant that shows."""

import numpy as np
import pytest

from autograder.checks import draw_labels, draw_until, is_usual
from autograder.kit.explain import compare

SIZES = ((1, 3), (6, 4), (14, 5))


def drawn(seed, N, C):
    """Scores and labels as checks of losses draw them."""
    rng = np.random.default_rng(seed)
    return draw_until(
        lambda: (rng.standard_normal((N, C)), draw_labels(rng, N, C)),
        lambda problem: is_usual(*problem),
    )


def probabilities(scores, dtype=np.float64):
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(dtype))
    return powers / powers.sum(axis=1, keepdims=True)


def loss(p, y, epsilon=0.0):
    return float(np.mean(-np.log(p[np.arange(len(y)), y] + epsilon)))


def is_right(actual, expected):
    return all(part.problem is None for part in compare(actual, expected))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(("N", "C"), SIZES)
def test_float32_on_the_way_is_right_and_a_millionth_in_the_logarithm_is_not(N, C, seed):
    scores, y = drawn(seed, N, C)
    p = probabilities(scores)
    rounded = probabilities(scores, np.float32)
    expected = loss(p, y)
    assert is_right(loss(rounded, y), expected)
    assert is_right(np.float64(rounded), p)
    assert is_right(loss(p, y, 1e-7), expected)
    assert not is_right(loss(p, y, 1e-6), expected)
