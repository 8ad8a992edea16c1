"""PyTorch tensors as the wire has them, where student code has imported PyTorch."""

import sys
from typing import Any

from autograder.wire import Tensor


def numbers(thing: Any) -> Tensor | None:
    """Return a tensor's numbers, sharing its memory; None for all else.

    What NumPy has no form for, as a sparse tensor or one of bfloat16, stays behind a handle.
    """
    torch = sys.modules.get("torch")
    if torch is None or type(thing) not in (torch.Tensor, torch.nn.Parameter):
        return None
    try:
        return Tensor(thing.detach().resolve_conj().resolve_neg().numpy(), thing.requires_grad)
    except (TypeError, RuntimeError):
        return None


def made(value: Tensor) -> object:
    """Return a tensor of its own memory with these numbers."""
    import torch

    return torch.tensor(value.array, requires_grad=value.requires_grad)


_WARM_UP = """
import torch
from torch import nn
for dtype in (torch.float32, torch.float64):
    layers = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
    net = nn.Sequential(*layers, nn.Dropout(), nn.Linear(2, 3)).to(dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.1, weight_decay=0.1)
    scores = net(torch.tensor([[[[0.0, 1, 2, 3]] * 4]] * 2, dtype=dtype))
    nn.functional.cross_entropy(scores, torch.tensor([0, 1])).backward()
    optimizer.step()
    optimizer.zero_grad()
net.load_state_dict(net.state_dict())
"""


def warm_up() -> None:
    """Do once what most nets do, so that the first time is not each worker's.

    One thread does it: a child hangs that is forked after others have worked (torch 2.13).
    """
    if "torch" in sys.modules:
        exec(_WARM_UP, {})


def seed(number: int) -> None:
    """Seed PyTorch's generator, where there is one."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.default_generator.manual_seed(number)  # alone: to look for GPUs' takes longer
