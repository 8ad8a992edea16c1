#!/bin/sh
# unyt 3.2.0: 1 m // 30 cm is 0, and divmod(1 m, 1 inch) is 1 m and remainder 0 m.
#
# How many pieces of 30 cm are in 1 m, and what is left: 3 and 10 cm, whatever units the two lengths are written in, and for
# every kind of number q * b + r is a again. unyt's % converts the lengths first. Its // divides the bare numbers, rounds down
# and multiplies by the units' ratio afterwards: 1 and 30 make 0, and 1 m // 1 inch is 39.37, no whole number at all. divmod
# converts nothing, and its quotient has the dividend's unit ("3 m" pieces), so that it takes a length and a time as well, which
# % refuses. Written in one unit // and % are right. Pint's and astropy's divmod, // and % are right with mixed ones.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check unyt==3.2.0 pint==0.25.3 astropy==8.0.2 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import astropy.units
import numpy as np
import pint
import unyt

print(*(f"{name} {version(name)}" for name in ("unyt", "pint", "astropy", "numpy")))
PAIRS = [  # the second in the first's unit, the number of pieces
    ((1.0, "m"), (0.3, "m"), 0.3, 3),
    ((1.0, "m"), (30.0, "cm"), 0.3, 3),
    ((1.0, "m"), (1.0, "inch"), 0.0254, 39),
    ((100.0, "cm"), (0.3, "m"), 30.0, 3),
    ((130.0, "minute"), (1.0, "hour"), 60.0, 2),
]
SEEN = {  # unyt's //, quotient and remainder of divmod, as numbers
    "1 m 0.3 m": (3, 3, 0.1),
    "1 m 30 cm": (0, 0, 1),
    "1 m 1 inch": (1 / 0.0254, 1, 0),
    "100 cm 0.3 m": (333 / 100, 333, 0.1),
    "130 minute 1 hour": (130 / 60, 130, 0),
}
astropy.units.imperial.enable()
as_seen = True
for first, second, size, pieces in PAIRS:
    key = f"{first[0]:g} {first[1]} {second[0]:g} {second[1]}"
    left = first[0] - pieces * size
    a, b = unyt.unyt_quantity(*first), unyt.unyt_quantity(*second)
    quotient, remainder = divmod(a, b)
    print(f"{a} by {b}: {pieces} and {left:.4g} {first[1]}; unyt {a // b} and {a % b}, divmod {quotient} and {remainder}")
    as_seen &= bool(np.isclose(float((a % b).to_value(first[1])), left))
    floor, told, over = SEEN[key]
    as_seen &= bool(np.isclose(float(a // b), floor)) and (a // b).units.is_dimensionless
    as_seen &= bool(np.isclose(float(quotient.value), told)) and quotient.units == a.units
    as_seen &= bool(np.isclose(float(remainder.value), over, atol=1e-9)) and remainder.units == a.units
    for make in (pint.Quantity, astropy.units.Quantity):
        c, d = make(*first), make(*second)
        whole, rest = divmod(c, d)
        assert np.isclose(float(whole), pieces) and np.isclose(float(c // d), pieces)
        assert np.isclose(float(rest / c), left / first[0]) and np.isclose(float(c % d / c), left / first[0])
length, time = unyt.unyt_quantity(7.0, "m"), unyt.unyt_quantity(2.0, "s")
print("divmod of 7 m and 2 s:", *divmod(length, time))
as_seen &= [str(part) for part in divmod(length, time)] == ["3.0 m", "1.0 m"]
try:
    print("7 m % 2 s:", length % time)
    as_seen = False
except unyt.exceptions.UnitOperationError:
    print("7 m % 2 s: refused")
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
