#!/bin/sh
# testbook 0.4.2: a notebook's function called with {0: 1, 1: 2} gets {"0": 1, "1": 2}; for {1, 2} the text "{1, 2}".
#
# tb.ref("f") is called like f itself. The arguments are written out as Python code, so an int key, a set or a complex number
# could go over as they are, or be refused. Every key of a dict is made a text first, and what is none of the known types
# becomes a text too (for arrays that is known): bytes, sets, ranges, complex numbers, np.int64. Functions that look up or
# count do not fail on it, they return something else, and a right answer is graded wrong.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check testbook==0.4.2 ipykernel==7.4.0 \
  nbclient==0.11.0 nbformat==5.11.1 numpy==2.4.6
cd "$folder"
cat >look.py <<'END'
import logging
import sys
import warnings
from importlib.metadata import version

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from testbook import testbook  # noqa: E402

print("testbook", version("testbook"))
SOURCE = """
def total(sizes):
    return sum(sizes.get(layer, 0) for layer in range(3))

def count(labels):
    return len(labels)

def double(number):
    return number * 2
"""
nbformat.write(new_notebook(cells=[new_code_cell(SOURCE)]), "book.ipynb")
space = {}
exec(SOURCE, space)


def look(tb, name, argument):
    direct, through = space[name](argument), tb.ref(name)(argument)
    print(f"{name}({argument!r}): {direct!r}, through testbook {through!r}")
    return direct, through


with testbook("book.ipynb", execute=True) as tb:
    as_seen = [
        look(tb, "total", {0: 4, 1: 3, 2: 2}) == (9, 0),
        look(tb, "count", {7, 8}) == (2, 6),
        look(tb, "count", b"ab") == (2, 5),
        look(tb, "count", range(5)) == (5, 11),
        look(tb, "double", np.int64(3)) == (6, "33"),
        look(tb, "double", np.float64(1.5)) == (3, 3),
        look(tb, "count", ["a", "b"]) == (2, 2),
    ]
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
venv/bin/python look.py
