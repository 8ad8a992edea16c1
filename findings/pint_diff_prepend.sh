#!/bin/sh
# pint 0.25.3 and unyt 3.2.0: np.diff(x, prepend=1 m) of lengths in cm subtracts 1 cm; with prepend=1 s it subtracts 1 cm too.
#
# Both packages take numpy's functions: np.add and np.maximum of cm and m convert, and refuse what has another dimension. An array
# handed over by keyword loses its unit where the function has no rule for that keyword: np.diff's prepend and append and
# ediff1d's to_begin in both, in pint also the mean that numpy 2's np.std takes (given in m beside data in cm it makes a
# deviation of 62 cm one of 223 cm), in unyt also the initial of np.max and the filling of np.pad. The result has the right unit
# and shape and the wrong number. Astropy's quantities convert and refuse.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pint==0.25.3 unyt==3.2.0 astropy==8.0.2 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import astropy.units
import numpy as np
import pint
import unyt

print(*(f"{name} {version(name)}" for name in ("pint", "unyt", "astropy", "numpy")))
VALUES = [150.0, 200.0, 300.0]  # cm
SPREAD = float(np.std(VALUES))
MAKERS = {
    "astropy": astropy.units.Quantity,
    "pint": lambda values, unit: pint.Quantity(np.array(values), unit),
    "unyt": unyt.unyt_array,
}
CALLS = {
    "add": lambda x, more: np.add(x, more),
    "maximum": lambda x, more: np.maximum(x, more),
    "diff, prepend": lambda x, more: np.diff(x, prepend=more),
    "diff, append": lambda x, more: np.diff(x, append=more),
    "ediff1d, to_begin": lambda x, more: np.ediff1d(x, to_begin=more),
    "max, initial": lambda x, more: np.max(x, initial=5 * more),
    "pad": lambda x, more: np.pad(x, 1, constant_values=more),
}
STRIPPED = {"diff, prepend", "diff, append", "ediff1d, to_begin"}
WRONG = {"astropy": set(), "pint": STRIPPED, "unyt": STRIPPED | {"max, initial", "pad"}}
TRUE = {
    "add": [250, 300, 400],
    "maximum": [150, 200, 300],
    "diff, prepend": [50, 50, 100],
    "diff, append": [50, 100, -200],
    "ediff1d, to_begin": [100, 50, 100],
    "max, initial": 500,
    "pad": [100, 150, 200, 300, 100],
}
as_seen = True


def in_cm(result):
    result = result.to("cm")
    return np.asarray(result.magnitude if isinstance(result, pint.Quantity) else result.value)


for package, make in MAKERS.items():
    print(f"{package}: 150, 200, 300 cm and 1 m, in cm")
    for name, call in CALLS.items():
        got = in_cm(call(make(VALUES, "cm"), make(1.0, "m")))
        right = bool(np.allclose(got, TRUE[name]))
        try:
            call(make(VALUES, "cm"), make(1.0, "s"))
            seconds = "1 s in place of 1 m is taken"
        except Exception as error:
            seconds = f"1 s is refused, {type(error).__name__}"
        print(f"  {name:18}{'right' if right else 'WRONG'} {got}, {seconds}")
        wrong = name in WRONG[package]
        as_seen &= right != wrong and (not wrong or seconds.endswith("taken"))
x = MAKERS["pint"](VALUES, "cm")
mean = np.mean(x)
spreads = [float(in_cm(np.std(x, mean=m))) for m in (mean, mean.to("m"))]
print(f"pint: the deviation is {SPREAD:.1f} cm, with the mean given in cm {spreads[0]:.1f}, in m {spreads[1]:.1f}")
as_seen &= np.isclose(spreads[0], SPREAD) and spreads[1] > 3 * SPREAD
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
