#!/bin/sh
# latex2mathml 3.81.1: a fence with a size of its own, \bigl\| or \Bigl\{ or \biggl\langle, is shown as its source.
#
# Expected: the fences that \|x\| and \left\|x\right\| have, ‖x‖, a little larger (LaTeX, MathJax and KaTeX do it).
# Got: an <mo> whose text is the command, backslash and all: \|x\|, \{x\}, \langle x\rangle. Fences that are characters,
# as in \bigl(x\bigr), are fine, and so is \bigl‖.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.1
cat >"$folder/look.py" <<'END'
import html
import re
import sys
from importlib.metadata import version

from latex2mathml.converter import convert

print("latex2mathml", version("latex2mathml"))


def shown(tex):
    text = html.unescape(re.sub("<[^>]*>", "", convert(tex)))
    print(f"{tex:32} {text}")
    return text


as_seen = (
    shown(r"\left\|x\right\|") == "‖x‖"
    and shown(r"\bigl(x\bigr)") == "(x)"
    and shown(r"\bigl‖x\bigr‖") == "‖x‖"
    and shown(r"\bigl\|x\bigr\|") == r"\|x\|"
    and shown(r"\Bigl\{x\Bigr\}") == r"\{x\}"
    and shown(r"\biggl\langle x\biggr\rangle") == r"\langlex\rangle"
    and shown(r"\bigl\lVert x\bigr\rVert") == r"\lVertx\rVert"
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
