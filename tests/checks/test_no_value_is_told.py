"""No explanation tells an expected value, or lets it be computed."""

import re

import numpy as np
import pytest

from autograder.checks.expect import basics, gradients, slopes
from autograder.kit.explain import compare
from tests.checks.catalogue import MISTAKES

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?")
PLACES = re.compile(
    r"(?:\[[\d, ]*\]|\([\d, ]*\)|line \d+|entry \d+|axis [\d, ]+|\d+ of \d+|float\d+)"
)
NAMED = re.compile(r"\d+ times too (?:large|small); [\w.\[\]]+ is \d+")


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    return [np.asarray(value)] if value is not None and not isinstance(value, str) else []


@pytest.fixture
def compared(monkeypatch):
    """Pairs of results and expected results, as the explanations saw them."""
    pairs = []

    def spy(actual, expected, **options):
        pairs.append((actual, expected))
        return compare(actual, expected, **options)

    for module in (basics, gradients, slopes):
        monkeypatch.setattr(module, "compare", spy)
    return pairs


def told_numbers(text):
    return [float(number) for number in NUMBER.findall(PLACES.sub("", NAMED.sub("", text)))]


@pytest.mark.parametrize(
    "mistake", [m for m in MISTAKES if "exception" not in m.kind], ids=lambda mistake: mistake.kind
)
def test_no_number_in_an_explanation_leads_to_an_expected_entry(
    zygote, tmp_path, mistake, compared
):
    outcome = mistake.grade(zygote, tmp_path)
    if outcome.cause == "exception":
        return  # the student's own words
    for text in outcome.explanations:
        for number in told_numbers(text):
            for expected in (leaf for pair in compared for leaf in leaves(pair[1])):
                if expected.size and expected.dtype.kind == "f" and expected.any():
                    gap = np.abs(expected - number) / np.maximum(np.abs(expected), 1e-9)
                    assert gap.min() > 1e-3 or float(number).is_integer(), text


def test_of_a_single_number_no_figure_is_told():
    rng = np.random.default_rng(0)
    scores, y, W = rng.standard_normal((8, 5)), rng.integers(0, 5, 8), rng.standard_normal((5, 4))
    inputs = {"scores": scores, "y": y, "W": W, "reg": 0.3}
    loss = float(rng.uniform(1, 2))
    term = 0.5 * 0.3 * float((W**2).sum())
    wrong = [loss * 8, loss / 8, loss * 5, 2 * loss, -loss, loss * 3.7, 1.001 * loss, 0.0, np.nan]
    wrong += [loss + np.log(8), loss - term, loss + term, loss + 1, loss**2, 1e300, np.inf]
    for value in wrong:
        (part,) = compare(value, loss, name="loss", inputs=inputs)
        assert part.problem is not None
        # "the result is 0" repeats the student's own value; "1/N" and "1/2" are names.
        figures = re.findall(
            r"\d+", re.sub(r"1/[\w.\[\]]+|result is 0|0/0|by 0|of 0", "", part.problem)
        )
        assert figures == [], part.problem
