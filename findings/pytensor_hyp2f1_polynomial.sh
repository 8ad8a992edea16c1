#!/bin/sh
# pytensor 3.0.7: where hyp2f1 is a polynomial (a or b is 0, -1, -2, ...), its derivative by that argument is wrong.
#
# hyp2f1(-1, b, c, z) ends after z, as each later term has the factor a + 1. That factor's own derivative is 1, so that the
# derivative by a has all those later terms. The sum behind the gradient ends at the first term that is 0: at a = -5, b = 3,
# c = 1, z = 0.8 it is 1.5149, in truth and 1e-7 beside it 0.0418; at a = 0, where a search might start, it is 0 in place of
# 2.3026 (b = c = 2, z = 0.9). The derivatives by the other arguments are right, and so are the values. Version 3.3.8, for
# newer Pythons, does the same.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pytensor==3.0.7 numpy==2.4.6 scipy==1.17.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import pytensor
import pytensor.tensor as pt
from scipy.special import hyp2f1

print("pytensor", version("pytensor"), "SciPy", version("scipy"))
arguments = pt.dscalars("abcz")
value = pt.hyp2f1(*arguments)
both = pytensor.function(arguments, [value, *pytensor.grad(value, arguments)], mode="FAST_COMPILE")


def by_differences(place, step=1e-5):
    moves = step * np.eye(4)
    return np.array([(hyp2f1(*(place + move)) - hyp2f1(*(place - move))) / (2 * step) for move in moves])


def look(*place):
    """Tell which derivatives at (a, b, c, z) are right."""
    value, *told = (float(number) for number in both(*place))
    expected = by_differences(np.array(place))
    print(place, "by a, b, c, z:", np.round(told, 4), "by differences", np.round(expected, 4))
    assert np.isclose(value, hyp2f1(*place)), "the value is not SciPy's"
    return np.isclose(told, expected, atol=1e-6, rtol=1e-4).tolist()


as_seen = (
    look(-5.0, 3.0, 1.0, 0.8) == [False, True, True, True]
    and look(-1.0, 1.0, 2.0, 0.5) == [False, True, True, True]
    and look(0.0, 2.0, 2.0, 0.9) == [False, True, True, True]
    and look(1.5, -1.0, 2.0, 0.5) == [True, False, True, True]
    and look(-5.0 + 1e-7, 3.0, 1.0, 0.8) == [True] * 4
    and look(-1.5, 1.0, 2.0, 0.5) == [True] * 4
    and np.isclose(both(0.0, 2.0, 2.0, 0.9)[1], 0)
    and np.isclose(by_differences(np.array([0.0, 2.0, 2.0, 0.9]))[0], -np.log1p(-0.9), atol=1e-4)
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
PYTENSOR_FLAGS="cxx=,base_compiledir=$folder/compiled" "$folder/venv/bin/python" "$folder/look.py"
