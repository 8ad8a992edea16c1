#!/bin/sh
# backpack-for-pytorch 1.7.1 with torch 2.13.0: what it computes for a convolution padded other than with zeros is wrong.
#
# BackPACK adds to a backward pass the gradients by sample, their squares, the Hessian's diagonal and more, and refuses the
# settings it has no formula for (an Embedding's padding_idx, a second layer of an LSTM, a weighted loss) by an error.
# A convolution's padding_mode, "circular", "reflect" or "replicate", it neither refuses nor looks at: each quantity is that of
# a layer padded with zeros. The gradients by sample do not add up to the gradient that the same pass leaves in the same
# parameter, as they must; those of torch.func do. With zeros, and where the same samples are padded beforehand, all is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2 packaging==26.4
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps backpack-for-pytorch==1.7.1 unfoldNd==0.2.3
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import torch
from backpack import backpack, extend
from backpack.extensions import BatchGrad, DiagHessian, SumGradSquared
from torch.func import functional_call, grad, hessian, vmap
from torch.nn.functional import cross_entropy, pad

print("backpack-for-pytorch", version("backpack-for-pytorch"), "torch", torch.__version__)
torch.set_default_dtype(torch.float64)


def net(mode, padding=1):
    """A convolution, tanh and a linear layer; the same numbers each time."""
    torch.manual_seed(0)
    convolution = torch.nn.Conv2d(1, 2, 3, padding=padding, padding_mode=mode)
    return torch.nn.Sequential(convolution, torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(50, 3))


def off(told, expected):
    return ((told - expected).norm() / expected.norm()).item()


def look(name, model, samples, labels):
    """How far BackPACK is off for the convolution's weight, in three quantities and in the sum of the first."""

    def loss(weight, images, wanted):
        return cross_entropy(functional_call(model, {"0.weight": weight}, (images,)), wanted, reduction="sum")

    weight = model[0].weight
    start = weight.detach().clone()
    by_sample = vmap(grad(loss), in_dims=(None, 0, 0))(start, samples[:, None], labels[:, None])
    size = start.numel()
    diagonal = hessian(loss)(start, samples, labels).reshape(size, size).diagonal().reshape(start.shape)
    measure = extend(torch.nn.CrossEntropyLoss(reduction="sum"))
    extend(model)
    with backpack(BatchGrad(), SumGradSquared(), DiagHessian()):
        measure(model(samples), labels).backward()
    assert torch.allclose(by_sample.sum(0), weight.grad)
    found = (
        off(weight.grad_batch, by_sample),
        off(weight.grad_batch.sum(0), weight.grad),
        off(weight.sum_grad_squared, by_sample.square().sum(0)),
        off(weight.diag_h, diagonal),
    )
    words = ("gradients by sample", "their sum", "sum of squares", "Hessian's diagonal")
    print(f"{name:22} off:", ", ".join(f"{word} {value:.2f}" for word, value in zip(words, found)))
    return found


samples = torch.randn(4, 1, 5, 5, generator=torch.Generator().manual_seed(1))
labels = torch.tensor([0, 1, 2, 1])
as_seen = max(look("zeros", net("zeros"), samples, labels)) < 1e-9
for mode in ("circular", "reflect", "replicate"):
    as_seen &= min(look(mode, net(mode), samples, labels)) > 0.02
    before = pad(samples, (1, 1, 1, 1), mode=mode)
    assert torch.allclose(net(mode)(samples), net("zeros", padding=0)(before))
    as_seen &= max(look(f"{mode}, padded before", net("zeros", padding=0), before, labels)) < 1e-9
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" -W ignore "$folder/look.py"
