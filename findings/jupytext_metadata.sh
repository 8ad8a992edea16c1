#!/bin/sh
# jupytext 1.19.6: metadata of a code cell that come back as others, without a word; two lines of text make the code prose.
#
# Written and read again, a cell and its metadata should be what they were, or be refused. Percent scripts do it with quotes,
# braces, arrows and line breaks, but a null loses its key, which becomes the cell's *title*. In R Markdown numbers in a
# list become texts, and a text of two lines (the words for a plot, say) breaks the head of the block: the code cell
# comes back as Markdown, its code inert.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jupytext==1.19.6 nbformat==5.11.1
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import jupytext
from nbformat.v4 import new_code_cell, new_notebook

print("jupytext", version("jupytext"))


def there_and_back(form, metadata):
    notebook = new_notebook(cells=[new_code_cell("plot()", metadata=dict(metadata))])
    (cell,) = jupytext.reads(jupytext.writes(notebook, form), form).cells
    got = cell.cell_type, dict(cell.metadata)
    print(f"{form:10} {metadata} -> {got}")
    return got


two_lines, null, numbers = {"alt": "Loss\nover epoch"}, {"alt": None}, {"sizes": [1, 2]}
as_seen = (
    there_and_back("py:percent", two_lines) == ("code", two_lines)
    and there_and_back("py:percent", numbers) == ("code", numbers)
    and there_and_back("py:percent", null) == ("code", {"title": "alt"})
    and there_and_back("md", null) == ("code", null)
    and there_and_back("Rmd", numbers) == ("code", {"sizes": ["1", "2"]})
    and there_and_back("Rmd", two_lines) == ("markdown", {})
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
