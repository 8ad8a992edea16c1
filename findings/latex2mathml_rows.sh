#!/bin/sh
# latex2mathml 3.81.1: of LaTeX's environments for several rows only align and its kin become a table.
#
# Expected: flalign*, alignat* and eqnarray* become a table of two rows, as align* does, and gather* and multline* two
# lines (as LaTeX, MathJax and KaTeX show them).
# Got: one <mrow>, in which the column mark & and the number of alignat's argument are shown as symbols; between the
# lines stands <mspace linebreak="newline"/>, which MathML Core does not know: browsers show one line.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.1
cat >"$folder/look.py" <<'END'
import sys
from html import unescape
from importlib.metadata import version

from latex2mathml.converter import convert_to_element

ALIGNED, PLAIN = r"a &= b \\ c &= d", r"a = b \\ c = d"
print("latex2mathml", version("latex2mathml"))


def shown(name, body, argument=""):
    found = convert_to_element(rf"\begin{{{name}}}{argument}{body}\end{{{name}}}")
    rows, text = len(list(found.iter("mtr"))), unescape("".join(found.itertext()))
    print(f"{name}: {rows} rows, shown as {text}")
    return rows, text


as_seen = [
    shown("align*", ALIGNED) == (2, "a=bc=d"),
    shown("flalign*", ALIGNED) == (0, "a&=bc&=d"),
    shown("eqnarray*", ALIGNED) == (0, "a&=bc&=d"),
    shown("alignat*", ALIGNED, "{2}") == (0, "2a&=bc&=d"),
    shown("gather*", PLAIN) == (0, "a=bc=d"),
    shown("multline*", PLAIN) == (0, "a=bc=d"),
]
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
"$folder/venv/bin/python" "$folder/look.py"
