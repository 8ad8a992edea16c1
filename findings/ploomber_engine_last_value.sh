#!/bin/sh
# ploomber-engine 0.0.33: in a notebook that it runs `_` is empty, `;` hides nothing, and a Pillow image ends the run.
#
# IPython's manual: "_ (a single underscore): stores previous output", Out[n] the n-th cell's, and a semicolon at the end
# suppresses the output. nbclient, which runs notebooks in their own kernel, keeps to that. ploomber-engine puts a display
# hook of its own in IPython's place, that only makes the output: with 20 + 1 in one cell, `_ * 2` in the next is 42 there
# and the empty text here, written into the notebook without a word. The hook also writes a picture's bytes as they are where
# nbformat wants base64: a cell that ends with a Pillow image stops the run, in the middle, with a NotebookValidationError.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ploomber-engine==0.0.33 nbclient==0.11.0 nbformat==5.11.1 \
    ipykernel==7.4.0 ipython==9.18.1 pillow==13.0.0
cat >"$folder/look.py" <<'END'
import copy
import sys
from importlib.metadata import version

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from ploomber_engine import execute_notebook

print(*(f"{name} {version(name)}" for name in ("ploomber-engine", "nbclient", "nbformat", "ipython", "pillow")))
PICTURE = 'from PIL import Image\nImage.new("RGB", (2, 2))'


def notebook(*sources):
    return new_notebook(
        cells=[new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def results(ran):
    """Of each cell its value as text, None where it shows none."""
    found = []
    for cell in ran.cells:
        shown = [output.data["text/plain"] for output in cell.outputs if output.output_type == "execute_result"]
        found.append(shown[0] if shown else None)
    return found


def by_nbclient(given):
    given = copy.deepcopy(given)
    NotebookClient(given, timeout=120, resources={"metadata": {"path": "."}}).execute()
    return given


def by_ploomber(given):
    nbformat.write(given, "given.ipynb")
    execute_notebook("given.ipynb", "ran.ipynb", progress_bar=False)
    return nbformat.read("ran.ipynb", as_version=4)


values = notebook("20 + 1", "_ * 2", "len(Out)", "'hidden';")
expected, told = results(by_nbclient(values)), results(by_ploomber(values))
for cell, right, wrong in zip(values.cells, expected, told):
    print(f"{cell.source:10} nbclient: {right}   ploomber-engine: {wrong}")
as_seen = expected == ["21", "42", "2", None] and told == ["21", "''", "0", "'hidden'"]
drawn = by_nbclient(notebook(PICTURE)).cells[0].outputs[0].data
print("a Pillow image, nbclient:", sorted(drawn))
as_seen &= isinstance(drawn["image/png"], str)
try:
    by_ploomber(notebook(PICTURE, "'afterwards'"))
    as_seen = False
except nbformat.validator.NotebookValidationError as error:
    print("a Pillow image, ploomber-engine: NotebookValidationError:", str(error).splitlines()[0][:40], "...")
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
cd "$folder"
PLOOMBER_STATS_ENABLED=false venv/bin/python look.py 2>log.txt || { cat log.txt; exit 1; }
