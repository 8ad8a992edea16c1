#!/bin/sh
# mlxtend 0.25.0: proportion_difference(0.9, 0.5, ...) has the p-value 1, the same two accuracies the other way round 3e-12.
#
# The guide's hypothesis is that "the proportions are the same", to be rejected at 5 per cent "if z is greater than 1.96" or
# where the p-value is below. What is returned is the normal distribution's cdf at z: the larger the first accuracy is, the
# nearer to 1. With the better model first no difference is ever significant, also where z is 6.9; with the worse first the
# p-value is half of the two-sided one, so that the guide's own example, 0.84 and 0.92 of 100, is called a "significant
# difference" at 0.040, where statsmodels has 0.079 and mlxtend itself 0.960 after a swap. Equal proportions have 0.5, not 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mlxtend==0.25.0 statsmodels==0.15.0 numpy==2.4.6 \
    scipy==1.17.1 scikit-learn==1.9.1
cat >"$folder/look.py" <<'END'
import math
import sys
from importlib.metadata import version

from mlxtend.evaluate import proportion_difference
from statsmodels.stats.proportion import test_proportions_2indep as peer

print(*(f"{name} {version(name)}" for name in ("mlxtend", "statsmodels", "scipy")))
SIZE = 100
as_seen = True
for first, second in ((0.84, 0.92), (0.92, 0.84), (0.5, 0.9), (0.9, 0.5), (0.7, 0.7)):
    z, told = proportion_difference(first, second, n_1=SIZE)
    two_sided = math.erfc(abs(z) / math.sqrt(2))
    counts = round(SIZE * first), SIZE, round(SIZE * second), SIZE
    theirs = peer(*counts, compare="diff", method="wald", correction=False)
    print(f"{first} and {second} of {SIZE}: z {z:6.3f}", end="")
    print(f"  mlxtend {told:.3g}  statsmodels {theirs.pvalue:.3g}  2 (1 - cdf|z|) {two_sided:.3g}")
    assert abs(theirs.pvalue - two_sided) < 1e-9 and abs(theirs.statistic - z) < 1e-9
    as_seen &= math.isclose(told, two_sided / 2 if first < second else 1 - two_sided / 2, rel_tol=1e-6)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
