"""A check that wants a tensor gets one, and one that wants numbers gets no tensor."""

import sys

import numpy as np
import pytest

from autograder.checks import Tensor, expect_close
from autograder.checks.expect.basics import expect_tensors
from autograder.checks.run import Failed

ARRAY = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("actual", "expected", "says"),
    [
        (ARRAY, Tensor(ARRAY), "expected a tensor, got an array of shape (2, 3)"),
        (None, Tensor(ARRAY), "expected a tensor, got None"),
        (Tensor(ARRAY), ARRAY, "expected an array, got a tensor. Take its .detach().numpy()"),
        (Tensor(np.array(2.0)), 2.0, "loss: expected a number, got a tensor. Take its .item()"),
        ({"w": ARRAY}, {"w": Tensor(ARRAY)}, "loss['w']: expected a tensor"),
        ((1.0, Tensor(ARRAY)), (1.0, ARRAY), "expected an array, got a tensor"),
    ],
)
def test_kinds_are_told_apart(monkeypatch, actual, expected, says):
    basics = sys.modules["autograder.checks.expect.basics"]  # a function hides it as an attribute
    monkeypatch.setattr(basics, "find_call", lambda result: None)
    with pytest.raises(Failed) as caught:
        expect_tensors(actual, expected, name="loss")
    assert says in caught.value.explanations[0]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (Tensor(ARRAY), Tensor(ARRAY + 1e-9)),
        ((Tensor(ARRAY), 1.0), (Tensor(ARRAY), 1.0)),
        ({"w": [Tensor(ARRAY)]}, {"w": [Tensor(ARRAY)]}),
    ],
)
def test_equal_tensors_pass(actual, expected):
    expect_close(actual, expected)
