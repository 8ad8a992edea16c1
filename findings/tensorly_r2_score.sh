#!/bin/sh
# tensorly 0.10.0: R2_score of a regression that always answers the mean is 0.99 where the values lie about 10.
#
# It is "the coefficient of determination", "best possible score is 1.0 and it can be negative", in the words scikit-learn's
# r2_score has. That is 1 less the residuals' share of the values' squares about their mean, so that the mean as an answer has 0
# and moving all values and answers by one number changes nothing. tensorly takes the squares about 0: the same answers score the
# higher the further the values are from 0, and RMSE, beside it, does not move. For centred values the two agree.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorly==0.10.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
from sklearn.metrics import r2_score
from tensorly.metrics.regression import RMSE, R2_score

print("tensorly", version("tensorly"), "scikit-learn", version("scikit-learn"))
rng = np.random.default_rng(0)
values = rng.normal(size=50)
values -= values.mean()
answers = {"the mean": np.zeros(50), "poor": values + rng.normal(scale=2, size=50)}
as_seen = True
for name, answer in answers.items():
    for moved in (0, 10, 100):
        told, expected = float(R2_score(values + moved, answer + moved)), r2_score(values + moved, answer + moved)
        error = float(RMSE(values + moved, answer + moved))
        print(f"{name}, all moved by {moved}: tensorly {told:.4f}, scikit-learn {expected:.4f}, RMSE {error:.3f}")
        about_zero = 1 - np.sum((answer - values) ** 2) / np.sum((values + moved) ** 2)
        as_seen &= np.isclose(told, about_zero) and np.isclose(told, expected) == (moved == 0)
        as_seen &= np.isclose(expected, r2_score(values, answer))
as_seen &= float(R2_score(values + 10, np.full(50, 10.0))) > 0.98
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
