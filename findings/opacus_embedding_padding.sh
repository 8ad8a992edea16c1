#!/bin/sh
# opacus 1.6.0 with torch 2.13.0: the padding vector of an Embedding, which has no gradient, gets one by sample and is trained.
#
# torch says of padding_idx that "the embedding vector at padding_idx is not updated during training, i.e. it remains as a
# fixed pad". opacus' gradients by sample, which add up to the gradient in every other row, have a row for the padding too,
# here the largest. With no noise and no clipping, where opacus' SGD is plain SGD, the zeros become something, and what a
# sentence is told to be depends on how far it was padded. With clipping the padding has its share of a sample's norm, so that
# the words' own gradients are scaled down for it. The mode force_functorch=True is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 opt_einsum==3.4.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps opacus==1.6.0
cat >"$folder/look.py" <<'END'
import copy
import sys
from importlib.metadata import version

import torch
from opacus.grad_sample import GradSampleModule
from opacus.optimizers import DPOptimizer

print("opacus", version("opacus"), "torch", torch.__version__)
torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
SENTENCES = torch.tensor([[1, 2, 3, 0, 0, 0], [2, 4, 0, 0, 0, 0], [5, 1, 4, 2, 3, 0]])
WANTED = torch.tensor([1.0, -1.0, 2.0])


def loss_of(vectors):
    """The words' vectors, summed by sentence, against one wanted value a sentence."""
    return (vectors.sum((1, 2)) - WANTED).square().sum()


def trained(start, private):
    """The table after 20 steps of SGD, plain or opacus' with no noise and nothing clipped."""
    table = copy.deepcopy(start)
    model = GradSampleModule(table, loss_reduction="sum") if private else table
    optimizer = torch.optim.SGD(table.parameters(), lr=0.01)
    if private:
        optimizer = DPOptimizer(
            optimizer, noise_multiplier=0.0, max_grad_norm=1e9, expected_batch_size=len(SENTENCES), loss_reduction="sum"
        )
    for _ in range(20):
        optimizer.zero_grad()
        loss_of(model(SENTENCES)).backward()
        optimizer.step()
    return table.weight.detach()


def gradients(start, functorch):
    """The gradients by sample and the gradient, printed as norms by row."""
    wrapped = GradSampleModule(copy.deepcopy(start), loss_reduction="sum", force_functorch=functorch)
    loss_of(wrapped(SENTENCES)).backward()
    samples, total = wrapped._module.weight.grad_sample, wrapped._module.weight.grad
    for name, rows in (("sum of those by sample", samples.sum(0)), ("gradient", total)):
        print(f"  {name:23}", " ".join(f"{norm:7.3f}" for norm in rows.norm(dim=1).tolist()))
    print("  norm of each sample    ", " ".join(f"{norm:7.3f}" for norm in samples.flatten(1).norm(dim=1).tolist()))
    return samples, total


start = torch.nn.Embedding(6, 2, padding_idx=0)
print("norms by row, row 0 the padding; opacus as it comes, then with force_functorch")
told, expected = gradients(start, False)
right, _ = gradients(start, True)
plain, private = trained(start, False), trained(start, True)
print("padding vector after 20 steps: plain", plain[0].tolist(), " opacus, no noise, nothing clipped", private[0].tolist())
as_seen = torch.allclose(told[:, 1:], right[:, 1:]) and torch.allclose(right.sum(0), expected) and expected[0].norm() == 0
as_seen &= (told.flatten(1).norm(dim=1) > 1.02 * right.flatten(1).norm(dim=1)).all().item()
as_seen &= plain[0].norm().item() == 0 and private[0].norm().item() > 0.01
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" -W ignore "$folder/look.py"
