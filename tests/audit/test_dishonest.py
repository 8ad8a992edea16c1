"""Answers without work have the form of the right ones, tensors among them."""

import sys
from types import ModuleType

import pytest

from autograder.audit import dishonest
from tests.extras import needs_torch

NET = """
import torch
weight = torch.ones(3, requires_grad=True)

def scores(images):
    return images * weight

def labels(images):
    return torch.tensor([1, 2])
"""


@pytest.fixture
def net(monkeypatch):
    module = ModuleType("net_of_a_test")
    exec(NET, vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    yield module
    dishonest.be_honest()


@needs_torch
def test_tensors_are_answered_without_work_and_without_how_they_are_computed(net):
    import torch

    images = torch.full((2, 3), 4.0)
    expected = {"zeros": (0, 0), "constant": (0.5, 1), "argument": (4, 0)}
    for version, (score, label) in expected.items():
        for name in ("scores", "labels"):
            dishonest.answer(net.__name__, name, version)
        assert torch.equal(net.scores(images), torch.full((2, 3), score, dtype=torch.float32))
        assert torch.equal(net.labels(images), torch.full((2,), label))
        dishonest.be_honest()
    assert net.scores(images).requires_grad


@needs_torch
def test_tensors_of_the_call_before_or_of_the_visible_test_are_given_again(net):
    import torch

    dishonest.publish(net.__name__, "scores")
    assert net.scores(torch.full((2, 3), 5.0)).requires_grad  # for the test itself
    dishonest.be_honest()
    dishonest.answer(net.__name__, "scores", "published")
    assert torch.equal(net.scores(torch.ones(2, 3)), torch.full((2, 3), 5.0))
    assert torch.equal(net.scores(torch.ones(4, 3)), torch.zeros(4, 3))
    dishonest.be_honest()
    dishonest.answer(net.__name__, "scores", "before")
    given = [net.scores(torch.full((2, 3), number)) for number in (6.0, 7.0)]
    assert torch.equal(given[1], torch.full((2, 3), 6.0))
