#!/bin/sh
# algopy 0.7.2: the reverse mode's gradient through sum(x, axis=0) has rows and columns crossed, without a word.
#
# Sums over an axis are everywhere in losses. cg.gradient of one over axis 1 is right. Over axis 0 each row of the gradient
# should be the same; what comes has equal columns, its transpose: the upstream gradient is spread along the wrong axis. It
# fits only if the matrix is square (other shapes end in "operands could not be broadcast together"). The forward mode is
# right with both axes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check algopy==0.7.2 numpy==2.4.6 scipy==1.17.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import algopy
import numpy as np

print("algopy", version("algopy"))
rng = np.random.default_rng(0)
x = rng.normal(size=(3, 3))
upstream = rng.normal(size=3)


def look(axis):
    """The gradients, shape (3, 3), of dot(upstream, sum(x, axis)): reverse mode, forward mode, by hand."""

    def loss(flat):
        return algopy.dot(upstream, algopy.sum(algopy.reshape(flat, (3, 3)), axis=axis))

    graph = algopy.CGraph()
    flat = algopy.Function(x.ravel())
    value = loss(flat)
    graph.trace_off()
    graph.independentFunctionList = [flat]
    graph.dependentFunctionList = [value]
    reverse = graph.gradient(x.ravel()).reshape(3, 3)
    forward = algopy.UTPM.extract_jacobian(loss(algopy.UTPM.init_jacobian(x.ravel()))).reshape(3, 3)
    expected = np.broadcast_to(np.expand_dims(upstream, axis), (3, 3))
    print("axis", axis, "reverse mode\n", np.round(reverse, 3), "\nby hand\n", np.round(expected, 3))
    return reverse, forward, expected


as_seen = True
for axis in (0, 1):
    reverse, forward, expected = look(axis)
    as_seen &= np.allclose(forward, expected)
    as_seen &= np.allclose(reverse, expected if axis else expected.T)
    as_seen &= np.allclose(reverse, expected) == bool(axis)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
