#!/bin/sh
# autograd 1.9.1: the gradient through norm(y, axis=1, keepdims=True) is wrong, in value or even in shape, without a word.
#
# Scaling each row to length 1 is y / norm(y, axis=1, keepdims=True). The backward of norm forgets that keepdims=True has
# kept the axis and puts it in a second time, so that the rows' gradients are crossed with one another by broadcasting. Where
# earlier steps sum the surplus axis away again (a bias was added), the gradients have the right shapes and wrong values; that
# of y itself comes back with an axis too many. norm(y, axis=1)[:, None] is right, and so is the root of the summed squares.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import autograd.numpy as np
from autograd import grad

print("autograd", version("autograd"))
rng = np.random.default_rng(0)
x, weights, bias, upstream = (rng.normal(size=shape) for shape in [(5, 3), (3, 4), 4, (5, 4)])
LENGTHS = {
    "norm(..., keepdims=True)": lambda y: np.linalg.norm(y, axis=1, keepdims=True),
    "norm(...)[:, None]": lambda y: np.linalg.norm(y, axis=1)[:, None],
    "sqrt(sum(y**2))": lambda y: np.sqrt(np.sum(y**2, axis=1, keepdims=True)),
}


def gradients(length):
    def loss(weights, bias):
        y = np.dot(x, weights) + bias
        return np.sum(upstream * y / length(y))

    return loss(weights, bias), grad(loss, 0)(weights, bias), grad(loss, 1)(weights, bias)


def by_differences(length, step=1e-6):
    def loss(bias):
        y = np.dot(x, weights) + bias
        return np.sum(upstream * y / length(y))

    return np.array([(loss(bias + step * e) - loss(bias - step * e)) / (2 * step) for e in np.eye(4)])


seen = {name: gradients(length) for name, length in LENGTHS.items()}
for name, (loss, by_weights, by_bias) in seen.items():
    print(f"{name:24} loss {loss:.6f}, d/dweights of shape {by_weights.shape}, d/dbias {np.round(by_bias, 3)}")
kept, expanded, by_hand = seen.values()
numeric = by_differences(LENGTHS["norm(..., keepdims=True)"])
of_rows = grad(lambda y: np.sum(upstream * y / LENGTHS["norm(..., keepdims=True)"](y)))(np.dot(x, weights))
print("by differences", np.round(numeric, 3), "; d/dy with keepdims=True has shape", of_rows.shape)
as_seen = (
    np.isclose(kept[0], by_hand[0])
    and np.allclose(expanded[1], by_hand[1])
    and np.allclose(by_hand[2], numeric, atol=1e-6)
    and of_rows.shape == (5, 5, 4)
    and kept[1].shape == (3, 4)
    and not np.allclose(kept[1], by_hand[1], atol=0.1)
    and kept[2].shape == (4,)
    and not np.allclose(kept[2], numeric, atol=0.1)
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
