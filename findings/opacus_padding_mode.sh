#!/bin/sh
# opacus 1.6.0 with torch 2.13.0: gradients by sample of a convolution with padding_mode other than zeros are wrong.
#
# Whatever is averaged or clipped later, the gradients of the single samples add up to the gradient of their sum; that is
# what differentially private training begins with. For Conv1d and Conv2d with padding_mode "circular", "reflect" or
# "replicate" they do not: opacus pads what the layer saw with zeros, whatever the mode. No warning comes, ModuleValidator
# finds nothing to mend, and training with no noise and no clipping, plain SGD by definition, goes another way than plain SGD.
# torch.func's gradients by sample and opacus' own force_functorch=True are right, and so is each mode without padding.
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
from opacus.validators import ModuleValidator
from torch.func import functional_call, grad, vmap

print("opacus", version("opacus"), "torch", torch.__version__)
torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def look(layer, samples):
    """How far opacus' gradients by sample are from torch.func's, and their sum from autograd's; its other mode is right."""

    def loss(weight, sample):
        output = functional_call(layer, {"weight": weight}, (sample[None],))
        return output.square().sum()

    assert not ModuleValidator.validate(layer, strict=False)
    expected = vmap(grad(loss), in_dims=(None, 0))(layer.weight.detach(), samples)
    for functorch in (True, False):
        wrapped = GradSampleModule(copy.deepcopy(layer), loss_reduction="sum", force_functorch=functorch)
        wrapped(samples).square().sum().backward()
        told, total = wrapped._module.weight.grad_sample, wrapped._module.weight.grad
        assert torch.allclose(total, expected.sum(0)) and (not functorch or torch.allclose(told, expected))
    return ((told - expected).norm() / expected.norm()).item(), ((told.sum(0) - total).norm() / total.norm()).item()


def trained(layer, samples, private):
    """The weight after 20 steps of SGD, plain or opacus' with no noise and nothing clipped."""
    layer = copy.deepcopy(layer)
    model = GradSampleModule(layer, loss_reduction="sum") if private else layer
    optimizer = torch.optim.SGD(layer.parameters(), lr=1e-4)
    if private:
        optimizer = DPOptimizer(
            optimizer, noise_multiplier=0.0, max_grad_norm=1e9, expected_batch_size=len(samples), loss_reduction="sum"
        )
    for _ in range(20):
        optimizer.zero_grad()
        (model(samples) - 1).square().sum().backward()
        optimizer.step()
    return layer.weight.detach()


as_seen = True
for kind, shape in ((torch.nn.Conv1d, (5, 2, 8)), (torch.nn.Conv2d, (5, 2, 8, 8))):
    samples = torch.randn(shape)
    for mode, padding in (("zeros", 1), ("circular", 1), ("reflect", 1), ("replicate", 1), ("circular", 0)):
        layer = kind(2, 3, 3, padding=padding, padding_mode=mode)
        each, total = look(layer, samples)
        plain = trained(layer, samples, False)
        apart = ((plain - trained(layer, samples, True)).norm() / (plain - layer.weight).norm()).item()
        print(f"{kind.__name__} {mode:9} padding {padding}: samples off by {each:.2f}, sum by {total:.2f}, SGD by {apart:.2f}")
        wrong = mode != "zeros" and padding > 0
        as_seen &= all(off > 0.02 if wrong else off < 1e-9 for off in (each, total, apart))
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" -W ignore "$folder/look.py"
