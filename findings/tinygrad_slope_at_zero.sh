#!/bin/sh
# tinygrad 0.14.0: at exactly 0 the derivative of atan, asin, acos, erf and elu is 0; beside it, and in truth, it is 1 (-1, 1.13).
#
# All five are smooth there (elu with its alpha of 1). They are composed of pieces that are joined at 0, by the sign or by a
# relu, and the pieces' own derivatives at the joint are 0. What is 0 to the last bit is not rare in a net: weights that begin
# at 0, what a relu or dropout has cut off, padding. A layer of atan or elu that begins at 0 never moves. tanh, asinh, celu (the
# same function as elu at alpha 1) and gelu are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tinygrad==0.14.0 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import math
import sys
from importlib.metadata import version

from tinygrad import Tensor

print("tinygrad", version("tinygrad"))
SLOPES = {"atan": 1, "asin": 1, "acos": -1, "erf": 2 / math.sqrt(math.pi), "elu": 1}
RIGHT = {"tanh": 1, "asinh": 1, "celu": 1, "gelu": 0.5}


def slope(name, at):
    x = Tensor([at])
    return getattr(x, name)().sum().gradient(x)[0].item()


def looks(name, expected):
    left, here, right = (slope(name, at) for at in (-1e-3, 0.0, 1e-3))
    print(f"{name:6} at -0.001: {left:.3f}   at 0: {here:.3f}   at 0.001: {right:.3f}   in truth {expected:.3f}")
    return abs(left - expected) < 0.01 and abs(right - expected) < 0.01, here


def learns(name):
    weight = Tensor([0.0])
    for _ in range(20):
        loss = (getattr(weight, name)() - 0.5).square().sum()
        weight = (weight - 0.5 * loss.gradient(weight)[0]).realize()
    print(f"20 steps from weight 0 towards {name}(weight) = 0.5: weight {weight.item():.3f}")
    return weight.item()


wrong = [looks(name, expected) for name, expected in SLOPES.items()]
right = [looks(name, expected) for name, expected in RIGHT.items()]
as_seen = (
    all(beside and here == 0 for beside, here in wrong)
    and all(beside and abs(here - expected) < 0.01 for (beside, here), expected in zip(right, RIGHT.values()))
    and learns("atan") == 0
    and learns("tanh") > 0.4
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
DEV=PYTHON "$folder/venv/bin/python" "$folder/look.py"
