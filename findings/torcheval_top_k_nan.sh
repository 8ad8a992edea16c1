#!/bin/sh
# torcheval 0.0.7 with torch 2.13.0: a net whose outputs are all nan, or all equal, has a top-2 accuracy of 100 per cent.
#
# `k` is the "number of top probabilities to be considered", and a net that tells nothing apart puts the true one of ten
# classes among two as often as two of ten are drawn: where every class is true equally often, any two columns hold exactly 20
# per cent, and torch.topk, scikit-learn and k=1 (10 per cent) agree. torcheval counts the scores that are greater than the true
# label's, and nothing is greater than nan or than its equal, so that each label is in the first place. A net that has diverged
# to nan or died to zeros thereby jumps to the best top-k accuracy there is, and the "best" checkpoint is the broken one. The
# class MulticlassAccuracy, the average by class, hit_rate and reciprocal_rank do the same. Scores without ties are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scikit-learn==1.9.1 \
    torcheval==0.0.7
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import torch
from sklearn.metrics import top_k_accuracy_score
from torcheval.metrics import MulticlassAccuracy
from torcheval.metrics.functional import hit_rate, multiclass_accuracy, reciprocal_rank

print("torcheval", version("torcheval"), "torch", torch.__version__, "scikit-learn", version("scikit-learn"))
CLASSES = 10
labels = torch.arange(CLASSES).repeat(20)


def by_topk(scores, k):
    """The share of samples whose label is among torch.topk's k columns; of no use for nan, where nothing is foretold."""
    return (scores.topk(k, dim=1).indices == labels[:, None]).any(1).float().mean().item()


def look(name, scores):
    """torcheval's top-1, 2 and 5 accuracies, checked to be the same by class and in the class version, and the peers'."""
    told = []
    for k in (1, 2, 5):
        micro = multiclass_accuracy(scores, labels, k=k, num_classes=CLASSES).item()
        macro = multiclass_accuracy(scores, labels, k=k, num_classes=CLASSES, average="macro").item()
        metric = MulticlassAccuracy(k=k, num_classes=CLASSES).update(scores, labels)
        assert abs(micro - macro) < 1e-6 and abs(micro - metric.compute().item()) < 1e-6
        peers = "" if scores.isnan().any() else f"   torch.topk {by_topk(scores, k):.3f}"
        if peers and k > 1:
            peers += f"   scikit-learn {top_k_accuracy_score(labels.numpy(), scores.numpy(), k=k):.3f}"
        print(f"{name}, top {k}: torcheval {micro:.3f}{peers}")
        told.append(micro)
    hits = hit_rate(scores, labels, k=2).mean().item()
    rank = reciprocal_rank(scores, labels).mean().item()
    print(f"{name}: hit rate of 2 {hits:.3f}, mean reciprocal rank {rank:.3f}")
    return *told, hits, rank


shape = (len(labels), CLASSES)
random = torch.rand(shape, generator=torch.Generator().manual_seed(0))
broken = [look("all nan", torch.full(shape, torch.nan)), look("all equal", torch.zeros(shape))]
right = look("no ties", random)
as_seen = all(np.allclose(row, (0.1, 1, 1, 1, 1), atol=1e-6) for row in broken)
as_seen &= np.allclose(right[:3], [by_topk(random, k) for k in (1, 2, 5)], atol=1e-6) and abs(right[3] - right[1]) < 1e-6
as_seen &= all(abs(by_topk(torch.zeros(shape), k) - k / CLASSES) < 1e-6 for k in (1, 2, 5))
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" -W ignore "$folder/look.py"
