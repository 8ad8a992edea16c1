#!/bin/sh
# torchmetrics 1.9.0: a model that gives every label the same score has a ranking loss of 0 or of 1, by the labels' order.
#
# multilabel_ranking_loss is the share of pairs of a true and a false label that are "incorrectly ordered"; "the best score is
# 0". scikit-learn's label_ranking_loss takes a tie for a wrong order. torchmetrics ranks by argsort, so that of two equal
# scores the later column counts as the better one: the same scores are best where the true labels stand last, worst where they
# stand first, and the columns of coarse scores (votes, rounded or saturated probabilities) may not be exchanged. Without ties
# the two agree, and torchmetrics' own coverage error and ranking average precision agree with ties as well.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scikit-learn==1.9.1 packaging==26.4
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps torchmetrics==1.9.0 lightning-utilities==0.15.3
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import sklearn.metrics as peer
import torch
import torchmetrics.functional.classification as ours

print("torchmetrics", version("torchmetrics"), "torch", torch.__version__, "scikit-learn", version("scikit-learn"))
pairs = {
    "ranking loss": (ours.multilabel_ranking_loss, peer.label_ranking_loss),
    "coverage error": (ours.multilabel_coverage_error, peer.coverage_error),
    "average precision": (ours.multilabel_ranking_average_precision, peer.label_ranking_average_precision_score),
}


def look(name, scores, truth):
    """One measure of scores and true labels, both of shape (N, labels), by both libraries."""
    measure, same_measure = pairs[name]
    told = float(measure(torch.tensor(scores), torch.tensor(truth), num_labels=truth.shape[1]))
    expected = float(same_measure(truth, scores))
    print(f"  {name}: torchmetrics {told:.4f}, scikit-learn {expected:.4f}")
    return told, expected


equal = np.full((1, 4), 0.5)
as_seen = True
for truth, loss in (([[0, 0, 1, 1]], 0), ([[1, 1, 0, 0]], 1)):
    print("all scores 0.5, true labels", truth)
    told, expected = look("ranking loss", equal, np.array(truth))
    as_seen &= abs(told - loss) < 1e-6 and expected == 1
rng = np.random.default_rng(0)
truth = rng.integers(0, 2, size=(200, 5))
scores = rng.random(size=(200, 5))
for what, given in (("scores as they are", scores), ("the same in halves", np.round(2 * scores) / 2)):
    print(what)
    for name in pairs:
        told, expected = look(name, given, truth)
        as_seen &= (abs(told - expected) < 1e-4) != (name == "ranking loss" and given is not scores)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
