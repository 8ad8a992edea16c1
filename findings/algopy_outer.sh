#!/bin/sh
# algopy 0.7.2: the reverse mode's gradient through outer(x, y) is right for x and wrong for y, so that of outer(x, x) is wrong.
#
# z = outer(x, y) has z[i, j] = x[i] y[j]: the gradient of x is dz y, that of y is dz.T x. For y algopy takes dz x, without the
# transpose. Nothing tells of it, as both have the same shape; only with a symmetric dz do the two agree. The forward mode is
# right, and so is the same product written as a dot of a column and a row.
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
both = rng.normal(size=6)
x, y = both[:3], both[3:]
dz = rng.normal(size=(3, 3))
expected = np.concatenate([dz @ y, dz.T @ x])


def outer(both):
    return algopy.outer(both[:3], both[3:])


def column_times_row(both):
    return algopy.dot(algopy.reshape(both[:3], (3, 1)), algopy.reshape(both[3:], (1, 3)))


def reverse(product, dz):
    """The gradient of sum(dz * product(both)) by the reverse mode, shape (6,)."""
    graph = algopy.CGraph()
    variable = algopy.Function(both)
    value = algopy.sum(product(variable) * dz)
    graph.trace_off()
    graph.independentFunctionList = [variable]
    graph.dependentFunctionList = [value]
    return graph.gradient(both)


told = reverse(outer, dz)
forward = algopy.UTPM.extract_jacobian(algopy.sum(outer(algopy.UTPM.init_jacobian(both)) * dz)).ravel()
print("of x: reverse mode", np.round(told[:3], 3), "by hand", np.round(expected[:3], 3))
print("of y: reverse mode", np.round(told[3:], 3), "by hand", np.round(expected[3:], 3), "dz @ x", np.round(dz @ x, 3))
symmetric = dz + dz.T
as_seen = (
    np.allclose(told[:3], expected[:3])
    and np.allclose(told[3:], dz @ x)
    and not np.allclose(told[3:], expected[3:], atol=0.1)
    and np.allclose(forward, expected)
    and np.allclose(reverse(column_times_row, dz), expected)
    and np.allclose(reverse(outer, symmetric)[3:], symmetric @ x)
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
