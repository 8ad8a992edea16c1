#!/bin/sh
# tensorly 0.10.0: monotonicity_prox turns a column that is monotone already, -2, -1, 1, into 0, 0, 1.
#
# It "projects each column of the input array on the set of arrays" with x[1] <= ... <= x[n]: what is in the set stays as it
# is, and anything else becomes the nearest in it, as isotonic regression gives. What is negative comes out as 0, and where the
# last is negative too, all come out as the last: the greatest of several means is taken beside zeros that are no means. A column
# whose nearest has no negative number is right. constrained_parafac(monotonicity=...) calls it, where non_negative is another
# option: of a tensor with a factor that rises from -2 to 1 it finds 0, 0, 0, 9.3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorly==0.10.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
from sklearn.isotonic import IsotonicRegression
from tensorly.decomposition import constrained_parafac
from tensorly.tenalg.proximal import monotonicity_prox

print("tensorly", version("tensorly"), "scikit-learn", version("scikit-learn"))


def look(column, decreasing=False):
    """Whether the nearest monotone column came, and whether it came cut off at 0 (or the last, the greatest, below 0)."""
    column = np.array(column, dtype=float)
    told = monotonicity_prox(column.copy()[:, np.newaxis], decreasing=decreasing).ravel()
    nearest = IsotonicRegression(increasing=not decreasing).fit_transform(np.arange(len(column)), column)
    print(column, "decreasing" if decreasing else "increasing", "tensorly", np.round(told, 3), "nearest", np.round(nearest, 3))
    return bool(np.allclose(told, nearest)), bool(np.allclose(told, np.clip(nearest, min(0, column.max()), None)))


as_seen = (
    look([-2, -1, 1]) == (False, True)
    and look([1, -1, -2], decreasing=True) == (False, True)
    and look([-1, -3, -2, 4, 3]) == (False, True)
    and look([-3, -2, -1]) == (False, True)
    and look([1, 3, 2, 5, 4]) == (True, True)
    and look([5, 2, 3, 1, 0], decreasing=True) == (True, True)
)
column = np.linspace(-2, 1, 4)
tensor = np.einsum("i,j,k", column, np.array([1.0, 2, 3]), np.array([1.0, 3, 2]))
_, factors = constrained_parafac(tensor, rank=1, init="random", random_state=0, monotonicity={0: True})
print("a factor that rises from -2 to 1 by constrained_parafac:", np.round(np.ravel(factors[0]), 3))
as_seen = as_seen and float(np.min(factors[0])) >= 0
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
