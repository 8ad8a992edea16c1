#!/bin/sh
# papermill 2.7.0: `-p group 1_2` hands the number 12 to the notebook, and `-p student 007` the number 7.
#
# -p takes numbers for numbers, as its help says, and -r leaves texts texts. What it takes for a number is whatever
# Python's int() and float() take: underscores between digits, leading zeros, digits of other scripts. A group "1_2", a room
# "1_0.5" or a student's id "007" reach the notebook as 12, 10.5 and 7, with no word; "1_2a" and "12_" stay texts.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check papermill==2.7.0 nbformat==5.11.1
cd "$folder"
cat >look.py <<'END'
import subprocess
import sys
from importlib.metadata import version

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

print("papermill", version("papermill"))
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
cell = new_code_cell("group = student = room = ''", metadata={"tags": ["parameters"]})
nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), "in.ipynb")


def handed_over(option, text):
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "--prepare-only", "--no-progress-bar"]
    subprocess.run([*command, option, "group", text], check=True, capture_output=True)
    line = nbformat.read("out.ipynb", as_version=4).cells[-1].source.splitlines()[-1]
    print(f"{option} group {text}: {line}")
    return line


as_seen = (
    handed_over("-p", "1_2") == "group = 12"
    and handed_over("-p", "007") == "group = 7"
    and handed_over("-p", "1_0.5") == "group = 10.5"
    and handed_over("-p", "12_") == 'group = "12_"'
    and handed_over("-r", "1_2") == 'group = "1_2"'
)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
venv/bin/python look.py
