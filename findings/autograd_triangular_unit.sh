#!/bin/sh
# autograd 1.9.1 with SciPy 1.17.1: gradients through solve_triangular(..., unit_diagonal=True) are those of another system.
#
# unit_diagonal=True solves as if the diagonal held ones (the lower factor of an LU factorisation is stored so). The
# forward result honours it; the backward solves with the diagonal that stands in the array, so that the gradients of both
# arguments have the right shape and are wrong without a word.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6 scipy==1.17.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import autograd.numpy as np
from autograd import grad
from autograd.scipy.linalg import solve_triangular

print("autograd", version("autograd"), "SciPy", version("scipy"))
rng = np.random.default_rng(0)
matrix = np.tril(rng.normal(size=(3, 3))) + 2 * np.eye(3)
right_side, upstream = rng.normal(size=(2, 3))


def look(**options):
    def loss(right_side):
        return np.sum(upstream * solve_triangular(matrix, right_side, lower=True, **options))

    step = 1e-6
    numeric = np.array([(loss(right_side + step * e) - loss(right_side - step * e)) / (2 * step) for e in np.eye(3)])
    told = grad(loss)(right_side)
    print(options, "autograd", np.round(told, 4), "by differences", np.round(numeric, 4))
    return told, numeric, loss(right_side)


def unit(matrix):
    return matrix - np.diag(np.diag(matrix)) + np.eye(3)


plain, plain_numeric, _ = look()
told, numeric, value = look(unit_diagonal=True)
as_seen = (
    np.allclose(plain, plain_numeric, atol=1e-6)
    and np.isclose(value, np.sum(upstream * np.linalg.solve(unit(matrix), right_side)))
    and np.allclose(numeric, np.linalg.solve(unit(matrix).T, upstream), atol=1e-6)
    and np.allclose(told, plain)
    and not np.allclose(told, numeric, atol=0.1)
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
