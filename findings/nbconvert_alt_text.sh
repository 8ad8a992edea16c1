#!/bin/sh
# nbconvert 7.17.2: words for a plot (`alt` in the metadata of output or cell) are on the page of the templates classic and
# basic, and not on that of lab, the default one, nor of reveal.
#
# Expected: alt="Loss over epoch" on the picture, wherever one can say it: classic takes it from the metadata of the
# output, of its image/png, or of the cell. With lab each of the three is passed over, the picture gets
# alt="No description has been provided for this image", and the warning of missing alternative text comes all the same.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbconvert==7.17.2 nbformat==5.11.1
cat >"$folder/look.py" <<'END'
import logging
import re
import sys
from importlib.metadata import version

from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

logging.disable(logging.WARNING)  # of missing alternative text
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAID = {"alt": "Loss over epoch"}
print("nbconvert", version("nbconvert"))


def words(template, place):
    output = new_output(
        "display_data",
        data={"image/png": PIXEL},
        metadata={"image/png": SAID} if place == "the picture" else SAID if place == "the output" else {},
    )
    cell = new_code_cell("plot()", outputs=[output], metadata=SAID if place == "the cell" else {})
    page, _ = HTMLExporter(template_name=template).from_notebook_node(new_notebook(cells=[cell]))
    (found,) = re.findall(r'<img[^>]*alt="([^"]*)"', page)
    print(f"{template}, alt of {place}: {found}")
    return found == SAID["alt"]


shown = {
    template: [words(template, place) for place in ("the picture", "the output", "the cell")]
    for template in ("classic", "basic", "lab", "reveal")
}
as_seen = shown == {"classic": [True] * 3, "basic": [True] * 3, "lab": [False] * 3, "reveal": [False] * 3}
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
