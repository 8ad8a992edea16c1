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


def seed(number: int) -> None:
    """Seed PyTorch's generator, where there is one."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(number)
