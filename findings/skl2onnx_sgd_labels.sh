#!/bin/sh
# skl2onnx 1.20.0: an SGDClassifier converted to ONNX gives other labels than predict: iris goes from 94 to 69 per cent right.
#
# scikit-learn's predict takes the class of the largest score. The converted model takes the class of the largest probability,
# and those are cut off: with loss="modified_huber" each score is clipped to -1...1, so that of two classes above 1 the first
# wins, and where all are below -1 the first of all; with "log_loss" a sigmoid is 1 or 0 to the last bit in float32 before
# long, as with the digits. The probabilities are scikit-learn's own, so a check of those finds nothing; the labels are wrong
# without a word. loss="hinge", and the option raw_scores=True with either loss, give predict's labels.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check skl2onnx==1.20.0 onnx==1.23.2 onnxruntime==1.32.0 \
  scikit-learn==1.9.1 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
from onnxruntime import InferenceSession
from skl2onnx import to_onnx
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler

print(", ".join(f"{name} {version(name)}" for name in ("skl2onnx", "onnxruntime", "scikit-learn")))


def look(name, x, y, loss, raw=False):
    """Return how many labels differ, how many are right in each tool, and whether the probabilities agree."""
    model = SGDClassifier(loss=loss, random_state=0).fit(x, y)
    onnx = to_onnx(model, x[:1], options={id(model): {"zipmap": False, "raw_scores": raw}})
    labels, scores = InferenceSession(onnx.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"X": x})
    expected = model.predict(x)
    sure = np.sort(model.decision_function(x))[:, -2:] @ [-1, 1] > 1e-2  # no near ties of the scores
    differ = int(np.sum(labels[sure] != expected[sure]))
    of_scores = model.decision_function if raw or loss == "hinge" else model.predict_proba
    close = np.allclose(scores, of_scores(x), rtol=1e-3, atol=1e-3)
    right, right_there = np.mean(expected == y), np.mean(labels == y)
    options = " raw_scores" if raw else ""
    print(f"{name}, {loss}{options}: right {right:.3f}, in ONNX {right_there:.3f}, other labels {differ} of {len(y)},", end=" ")
    print(f"scores or probabilities agree: {close}")
    return differ, right - right_there, close


flowers, kinds = load_iris(return_X_y=True)
flowers = StandardScaler().fit_transform(flowers).astype(np.float32)
digits, values = load_digits(return_X_y=True)
digits = digits.astype(np.float32)

differ, lost, close = look("iris, scaled", flowers, kinds, "modified_huber")
as_seen = [differ > 10 and lost > 0.05 and close]
differ, lost, close = look("digits", digits, values, "log_loss")
as_seen.append(differ > 10 and lost > 0 and close)
for case in (
    ("iris, scaled", flowers, kinds, "modified_huber", True),
    ("digits", digits, values, "log_loss", True),
    ("iris, scaled", flowers, kinds, "hinge"),
    ("digits", digits, values, "hinge"),
):
    differ, lost, close = look(*case)
    as_seen.append(differ == 0 and close)
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
"$folder/venv/bin/python" "$folder/look.py"
