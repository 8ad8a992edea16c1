#!/bin/sh
# ptflops 0.7.5 with torch 2.13.0: of an attention layer that returns its weights, the default, the attention is counted twice.
#
# nn.MultiheadAttention does the same products whether or not it returns its weights. ptflops's default backend "pytorch" has
# a formula for the layer and counts calls of torch's functions besides. With need_weights=False the layer's products go
# through one function it does not watch, and the count is the formula's; with need_weights=True, the default, through bmm and
# softmax, which are counted once more: 4 heads, 64 steps of width 32 come to 829 thousand in place of 551 thousand. Torch's
# own counter has 524 thousand for the products, that is each of them once.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ptflops==0.7.5
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import torch
from ptflops import get_model_complexity_info
from torch.utils.flop_counter import FlopCounterMode

print("ptflops", version("ptflops"), "torch", torch.__version__)
heads, length, width = 4, 64, 32


class Attention(torch.nn.Module):
    def __init__(self, need_weights):
        super().__init__()
        self.attention = torch.nn.MultiheadAttention(width, heads, batch_first=True)
        self.need_weights = need_weights

    def forward(self, x):
        return self.attention(x, x, x, need_weights=self.need_weights)[0]


def look(need_weights):
    """Multiply-adds of one sequence by ptflops."""
    net = Attention(need_weights).train()
    counted, _ = get_model_complexity_info(net, (length, width), as_strings=False, print_per_layer_stat=False)
    print(f"need_weights={need_weights}: ptflops {counted:,}")
    return counted


projections = 4 * length * width * (width + 1)
attention = 2 * length**2 * width
softmax = heads * length**2
scaling = length * width
print(f"projections {projections:,}, scaling {scaling:,}, attention {attention:,}, softmax {softmax:,}")
with FlopCounterMode(display=False) as counter:
    Attention(True).train()(torch.zeros(1, length, width))
print(f"products by torch {counter.get_total_flops() // 2:,}")
as_seen = (
    look(False) == projections + scaling + attention + softmax
    and look(True) == projections + scaling + 2 * (attention + softmax)
    and counter.get_total_flops() // 2 == 4 * length * width**2 + attention
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
