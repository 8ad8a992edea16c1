#!/bin/sh
# thinc 9.1.1: the layer Dish trains on wrong gradients; its siblings Mish, Swish and Gelu are right.
#
# Dish is a linear map and the activation dish. Its backward takes the activation's slope at the layer's input, not at what
# comes out of the linear map. A hidden layer as wide as the one before has gradients of the right shapes and wrong values
# and signs, for its weights as for all below it, and so has one behind a single input; of other widths the backward fails to
# broadcast. The activation's own slope, ops.backprop_dish, is right where it is asked at the right place.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check thinc==9.1.1 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import numpy as np  # noqa: E402
from thinc.api import Dish, Gelu, Mish, NumpyOps, Swish  # noqa: E402

print("thinc", version("thinc"))
rng = np.random.default_rng(0)
x, upstream = rng.normal(size=(2, 6, 4)).astype(np.float32)
weights = rng.normal(size=(4, 4)).astype(np.float32)


def by_differences(function, at, step=1e-2):
    """The slope of a function of one array at each of its entries."""
    slope = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[place] = step
        slope[place] = (function(at + move) - function(at - move)) / (2 * step)
    return slope


def look(layer):
    """Tell of a layer from four to four whether the gradients of inputs and weights are right, and whether both are wrong."""
    model = layer(4, 4)
    model.initialize(X=x)
    model.set_param("W", weights)

    def loss(inputs, with_weights=weights):
        model.set_param("W", with_weights)
        return float(np.sum(model.predict(inputs).astype(float) * upstream))

    expected = by_differences(loss, x), by_differences(lambda w: loss(x, w), weights)
    model.set_param("W", weights)
    _, backward = model(x, is_train=True)
    got = backward(upstream.copy()), model.get_grad("W")
    errors = [float(np.max(np.abs(a - b))) for a, b in zip(got, expected)]
    signs = np.mean(np.sign(got[1]) != np.sign(expected[1]))
    print(f"{layer.__name__}: greatest error of d/dx {errors[0]:.3f}, of d/dW {errors[1]:.3f}, wrong signs in d/dW {signs:.0%}")
    return max(errors) < 0.1, min(errors) > 0.5


as_seen = [look(layer) == (True, False) for layer in (Mish, Swish, Gelu)] + [look(Dish) == (False, True)]
ops = NumpyOps()
at = np.linspace(-4, 4, 33, dtype=np.float32)
slope = by_differences(lambda z: float(ops.dish(z.copy()).sum(dtype=float)), at)
alone = float(np.max(np.abs(ops.backprop_dish(np.ones_like(at), at) - slope)))
print(f"ops.backprop_dish: greatest error {alone:.3f}")
as_seen.append(alone < 0.01)
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
"$folder/venv/bin/python" "$folder/look.py"
