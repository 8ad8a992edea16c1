#!/bin/sh
# nbdime 4.0.2 with nbformat 5.11.1: nbmerge cannot merge two notebooks where each side inserts a cell at one place.
#
# Two people work on one notebook and each adds a remark below the first cell: the commonest conflict there is. Both
# texts belong into one cell between conflict marks. nbdime makes that cell, but its id is a dict, {"local_id": ...,
# "remote_id": ...}; nbformat keeps ids in a set when it writes, so nbmerge ends with "TypeError: unhashable type" and
# writes no file. (nbformat asks for a string; notebooks without cell ids, format 4.4, merge as they should.)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbdime==4.0.2 nbformat==5.11.1
cd "$folder"
cat >make.py <<'END'
import copy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

base = new_notebook(cells=[new_code_cell("a = 1", id="first"), new_code_cell("b = 2", id="last")])
for name, text in (("base", None), ("local", "one remark"), ("remote", "another remark")):
    notebook = copy.deepcopy(base)
    if text:
        notebook.cells.insert(1, new_markdown_cell(text, id=f"by-{name}"))
    nbformat.validate(notebook)
    nbformat.write(notebook, f"{name}.ipynb")
END
cat >old.py <<'END'
import json

for name in ("base", "local", "remote"):
    notebook = json.load(open(f"{name}.ipynb"))
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]
    json.dump(notebook, open(f"old_{name}.ipynb", "w"))
END
venv/bin/python make.py
venv/bin/python old.py
venv/bin/pip list --disable-pip-version-check 2>log.txt | grep -E '^(nbdime|nbformat) '
venv/bin/nbmerge base.ipynb local.ipynb remote.ipynb --out merged.ipynb >log.txt 2>&1 || true
tail -n 1 log.txt
grep -q "TypeError: unhashable type" log.txt && ! test -e merged.ipynb || { echo "CHANGED: with ids"; exit 1; }
venv/bin/nbmerge old_base.ipynb old_local.ipynb old_remote.ipynb --out old.ipynb >log.txt 2>&1 || true
grep -q "one remark" old.ipynb && grep -q "another remark" old.ipynb || { echo "CHANGED: without ids"; exit 1; }
echo "as found: no merged file with cell ids, a merged file without"
