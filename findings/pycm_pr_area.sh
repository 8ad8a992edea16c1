#!/bin/sh
# pycm 4.6: the area under the precision-recall curve of a faultless classifier is 0; one that ranks all wrongly has more.
#
# pycm says of PRCurve that "the ideal point is located at the top right of the curve, and a larger area under the curve
# represents better performance". Recall goes from 0 to 1, so that a precision of 1 all along has the area 1, and by
# scikit-learn it has. pycm's curve begins at the recall that the highest score alone gives, and what lies below is left
# out: with the n true samples on top, each with a score of its own, the area is 1 - 1 / n; with one score for all of them
# (probabilities rounded or saturated to 1, a tree's leaf, votes) it is 0. ROCCurve begins at the corner and is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycm==4.6 numpy==2.4.6 scikit-learn==1.9.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
from pycm import PRCurve, ROCCurve
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score

print("pycm", version("pycm"), "scikit-learn", version("scikit-learn"))


def look(name, truth, scores):
    """The areas under both curves of class 1, by pycm and by scikit-learn."""
    probabilities = [[1 - score, score] for score in scores]
    told = PRCurve(actual_vector=truth, probs=probabilities, classes=[0, 1]).area()[1]
    told_roc = ROCCurve(actual_vector=truth, probs=probabilities, classes=[0, 1]).area()[1]
    precision, recall, _ = precision_recall_curve(truth, scores)
    expected, mean = auc(recall, precision), average_precision_score(truth, scores)
    print(f"{name:24} precision-recall: pycm {told:.3f}, scikit-learn {expected:.3f} (as average precision {mean:.3f})", end="")
    print(f"   ROC: pycm {told_roc:.3f}, scikit-learn {roc_auc_score(truth, scores):.3f}")
    assert abs(told_roc - roc_auc_score(truth, scores)) < 1e-9
    return told, expected


as_seen = True
for count in (2, 4, 10):
    truth = [1] * count + [0] * count
    told, expected = look(f"faultless, {count} true", truth, np.linspace(0.95, 0.05, 2 * count))
    as_seen &= abs(told - (1 - 1 / count)) < 1e-9 and abs(expected - 1) < 1e-9
truth = [1] * 10 + [0] * 10
right, expected = look("faultless, 0.9 and 0.1", truth, [0.9] * 10 + [0.1] * 10)
wrong, _ = look("all ranked wrongly", truth, np.linspace(0.05, 0.95, 20))
same, _ = look("0.5 for all", truth, [0.5] * 20)
as_seen &= abs(right) < 1e-9 and abs(expected - 1) < 1e-9 and wrong > 0.2 and abs(same) < 1e-9
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
