#!/bin/sh
# nbgrader 0.9.6: a due date "2036-10-24 18:00 +0200" is taken for 17:56:40 UTC, not for 16:00 UTC.
#
# parse_utc reads a text of three parts by itself: a zone that is a number goes to dateutil as a number of seconds, so
# +0200 is an offset of 200 seconds. `nbgrader db assignment add --duedate`, timestamp.txt and zip_collect read times
# with it. Written without the space, "18:00+0200", the same time is read right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbgrader==0.9.6 python-dateutil==4.0.0
cat >"$folder/look.py" <<'END'
import warnings
from datetime import datetime
from importlib.metadata import version

warnings.simplefilter("ignore")
from nbgrader.utils import parse_utc  # noqa: E402

print("nbgrader", version("nbgrader"), "python-dateutil", version("python-dateutil"))
texts = ("2036-10-24 18:00 +0200", "2036-10-24 18:00+0200", datetime.fromisoformat("2036-10-24 18:00+02:00"))
spaced, joined, standard = map(parse_utc, texts)
print("with a space:", spaced, "| without:", joined, "| the standard library:", standard)
assert joined == standard == datetime(2036, 10, 24, 16, 0)
assert spaced == datetime(2036, 10, 24, 17, 56, 40), "mended: delete this finding"
END
"$folder/venv/bin/python" "$folder/look.py"
