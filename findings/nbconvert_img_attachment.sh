#!/bin/sh
# nbconvert 7.17.2: a picture attached to a Markdown cell is embedded from `![](attachment:a.png)` and left out from <img>.
#
# <img src="attachment:a.png" width="300"> is how one gives an attachment a size: JupyterLab shows it. HTMLExporter
# leaves the address as it is, "attachment:a.png", which no browser knows: the page has a broken picture and no warning.
# Reference links, links around pictures, tables, quotes and titles are all embedded.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbconvert==7.17.2 nbformat==5.11.1
cat >"$folder/look.py" <<'END'
import sys
import warnings
from importlib.metadata import version

from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

warnings.simplefilter("ignore")  # of alternative text
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
print("nbconvert", version("nbconvert"))


def embedded(source):
    cell = new_markdown_cell(source, attachments={"a.png": {"image/png": PIXEL}})
    page, _ = HTMLExporter().from_notebook_node(new_notebook(cells=[cell]))
    shown = PIXEL in page
    print(f"{source!r}: {'embedded' if shown else 'left as it is'}")
    return shown


markdown = [
    embedded(source)
    for source in (
        "![scan](attachment:a.png)",
        "![scan][1]\n\n[1]: attachment:a.png",
        '![scan](attachment:a.png "a title")',
        "| a |\n|---|\n| ![scan](attachment:a.png) |",
    )
]
as_seen = all(markdown) and not embedded('<img src="attachment:a.png" width="300" alt="scan">')
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
