#!/bin/sh
# sparse 0.19.3: nonzero(round(x)) names the places of -0.2 and of a -5 that was multiplied by 0: -0.0 is no zero there.
#
# numpy.nonzero, and scipy.sparse's, leave out every number that equals 0, also -0.0, which is what a small negative number is
# rounded to, or a mask of zeros makes of a negative one. The sparse package stores every number that is not the fill value to
# the last bit, and its nonzero and argwhere, "the indices of the array elements which are non-zero", list all that is stored.
# Which zeros are among them depends on the sign of what was there before. unique_counts has 0 twice, and argmax takes a later
# zero for the first largest. The values themselves, x != 0, and what becomes +0.0 are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sparse==0.19.3 scipy==1.17.1 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import scipy.sparse
import sparse

print(*(f"{name} {version(name)}" for name in ("sparse", "scipy", "numpy")))
small = np.array([0.2, -0.2, 0.0, 3.2, -1.4])
signed = np.array([5.0, -5.0, 0.0, 4.0, -4.0])
mask = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
CASES = {
    "rounded": (small, lambda x: x.round(0)),
    "masked": (signed, lambda x: x * mask),
    "masked, signs turned": (-signed, lambda x: x * mask),
}
EXTRA = {"rounded": [1], "masked": [1], "masked, signs turned": [0, 2]}
as_seen = True
for name, (values, step) in CASES.items():
    dense = step(values)
    ours = step(sparse.COO.from_numpy(values))
    assert np.array_equal(ours.todense(), dense)
    right = np.nonzero(dense)[0].tolist()
    theirs = scipy.sparse.csr_array(dense[None, :]).nonzero()[1].tolist()
    found = sparse.nonzero(ours)[0].tolist()
    compared = sparse.nonzero(ours != 0)[0].tolist()
    print(f"{name}: {dense}, nonzero by numpy {right}, scipy {theirs}, sparse {found}, of x != 0 {compared}")
    as_seen &= right == theirs == compared and sorted(right + EXTRA[name]) == found
    as_seen &= sparse.argwhere(ours)[:, 0].tolist() == found
    there, counts = sparse.unique_counts(ours)
    true_there, true_counts = np.unique(dense, return_counts=True)
    print(f"  unique_counts {there} {counts}, numpy {true_there} {true_counts}")
    as_seen &= int((np.asarray(there) == 0).sum()) == 2 and int((true_there == 0).sum()) == 1
row = np.array([[-2.0, -3.0, -1.0]]) * np.array([[1.0, 0.0, 1.0]]) + np.array([[0.0, -0.0, 1.0]])
ours, right = np.ravel(sparse.argmax(sparse.COO.from_numpy(row), axis=1).todense()).tolist(), np.argmax(row, axis=1).tolist()
print(f"the first largest of {row[0]}: numpy {right}, sparse {ours}")
as_seen &= right == [1] and ours == [2]
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
