#!/bin/sh
# numdifftools 0.11.2: the residue of 1/sin(z)^2 at its double pole is told as 1, with an error below 1e-10; it is 0.
#
# Residue computes the residue at a first or second order pole, as its notes say: the factor of 1/z in the series about the
# pole, that which a contour integral around it leaves. What comes is the limit of f(z) z^pole_order, as the documentation says
# of the returned value, with an "i.e.". That is the series' first factor, which is the residue of a simple pole only: exp(z)/z^2
# has 1 both ways, but exp(2 z)/z^2 has 2 and gets 1, z/sin(z)^3 has 0 and gets 1, and so does 1/sin(z)^2, the documentation's
# own example of a second order pole. The small error estimate is that of the limit. Simple poles are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numdifftools==0.11.2 sympy==1.14.0 numpy==2.4.6 scipy==1.17.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import sympy
from numdifftools.limits import Residue

print(*(f"{name} {version(name)}" for name in ("numdifftools", "sympy", "numpy")))
z = sympy.Symbol("z")
CASES = [  # function, order of its pole at 0
    (sympy.exp(2 * z) / z, 1),
    (1 / sympy.tan(3 * z), 1),
    (1 / sympy.sin(z) ** 2, 2),
    (sympy.exp(z) / z**2, 2),
    (sympy.exp(2 * z) / z**2, 2),
    (1 / (z**2 * (z + 2)), 2),
    (z / sympy.sin(z) ** 3, 2),
]
around = 0.5 * np.exp(2j * np.pi * np.arange(256) / 256)
as_seen = True
for expression, order in CASES:
    function = sympy.lambdify(z, expression)
    exact = float(sympy.residue(expression, z, 0))
    contour = np.mean(function(around) * around)
    assert abs(contour - exact) < 1e-9
    first = float(sympy.limit(expression * z**order, z, 0))
    info = Residue(function, pole_order=order, full_output=True)(0.0)
    told, error = complex(np.ravel(info.estimate)[0]), float(np.ravel(info.error_estimate)[0])
    right = abs(told - exact) < 1e-6
    print(f"{str(expression):18} pole of order {order}: residue {exact:g}, by a contour {contour.real:.6f};", end=" ")
    print(f"numdifftools {told.real:.6f} +- {error:.0e}, {'right' if right else 'WRONG'}")
    as_seen &= abs(told - first) < 1e-6 and error < 1e-6 and right == (abs(first - exact) < 1e-6)
    as_seen &= right == (order == 1 or expression == sympy.exp(z) / z**2)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
