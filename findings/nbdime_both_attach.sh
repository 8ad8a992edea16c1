#!/bin/sh
# nbdime 4.0.2: where both sides of a merge attach a picture to one cell, both pictures are gone.
#
# A written answer gets a scan from each of two partners (a.png and b.png, different names, so nothing collides). The
# merged cell shows both texts between conflict marks and refers to both attachments; its `attachments` are missing
# altogether. nbmerge says "Unhandled conflict strategy inline-attachments" and writes the file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbdime==4.0.2 nbformat==5.11.1
cd "$folder"
cat >make.py <<'END'
import copy

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
base = new_notebook(cells=[new_markdown_cell("Our answer:", id="answer")])
for name, picture in (("base", None), ("local", "a.png"), ("remote", "b.png")):
    notebook = copy.deepcopy(base)
    if picture:
        notebook.cells[0].source += f"\n\n![](attachment:{picture})"
        notebook.cells[0].attachments = {picture: {"image/png": PIXEL}}
    nbformat.validate(notebook)
    nbformat.write(notebook, f"{name}.ipynb")
END
cat >look.py <<'END'
import json
import sys
from importlib.metadata import version

cell = json.load(open("merged.ipynb"))["cells"][0]
print("nbdime", version("nbdime"))
print("text:", "".join(cell["source"]))
print("attachments:", cell.get("attachments"))
log = open("log.txt").read()
as_seen = "attachments" not in cell and "attachment:a.png" in "".join(cell["source"])
as_seen = as_seen and "Unhandled conflict strategy inline-attachments" in log
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
venv/bin/python make.py
venv/bin/nbmerge base.ipynb local.ipynb remote.ipynb --out merged.ipynb >log.txt 2>&1 || true # 1: there are conflicts
venv/bin/python look.py
