#!/bin/sh
# autograd 1.9.1: the gradient of the largest-entry norm, norm(x, inf), is nan, where any other order's is right.
#
# A norm of order p is differentiated by one formula for every p above 1, and order inf is let through to it as "above 1",
# where 1 and norm(x, 1) are refused by name. abs(x)**(inf - 2) is 0 or inf there, and their quotients are nan, also where one
# entry alone is the largest and the gradient is plainly its sign. max(abs(x)) is right.
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
x = np.array([1.0, -3.0, 2.0])
right = np.array([0.0, -1.0, 0.0])
with np.errstate(all="ignore"):
    by_norm = grad(lambda x: np.linalg.norm(x, np.inf))(x)
    high_order = grad(lambda x: np.linalg.norm(x, 100))(x)
by_max = grad(lambda x: np.max(np.abs(x)))(x)
print("x", x, "norm(x, inf)", np.linalg.norm(x, np.inf))
print("gradient of norm(x, inf)", by_norm)
print("gradient of norm(x, 100)", np.round(high_order, 6))
print("gradient of max(abs(x)) ", by_max)
as_seen = np.isnan(by_norm).any() and np.allclose(high_order, right) and np.array_equal(by_max, right)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
