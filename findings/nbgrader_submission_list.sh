#!/bin/sh
# nbgrader 0.9.6: the list of one assignment's submissions takes the longer the more other assignments there are.
#
# Formgrader's page of an assignment's submissions asks Gradebook.submission_dicts, which joins submissions, notebooks and
# grades. None of the columns by which these refer to each other has an index of its own, so SQLite goes through all of a
# table for each row. The same 150 submissions: asked for when they are all there is, beside seven more assignments, and
# with an index on two of the columns. Seen: 0.05 s, 1.5 to 2.6 s, 0.1 s.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbgrader==0.9.6 SQLAlchemy==2.1.9
cat >"$folder/look.py" <<'END2'
import sys
import time
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
from nbgrader.api import Gradebook  # noqa: E402
from sqlalchemy import text  # noqa: E402

print("nbgrader", version("nbgrader"), "SQLAlchemy", version("SQLAlchemy"))
STUDENTS = 150


def fill(gradebook, name):
    gradebook.add_assignment(name)
    gradebook.add_notebook("book", name)
    for number in range(3):
        gradebook.add_grade_cell(f"cell{number}", "book", name, max_score=1, cell_type="code")
    for number in range(STUDENTS):
        gradebook.add_submission(name, f"student{number}")


def listed(gradebook):
    gradebook.db.expire_all()
    begin = time.process_time()
    found = gradebook.submission_dicts("first")
    seconds = time.process_time() - begin
    assert len(found) == STUDENTS
    return seconds


with Gradebook(f"sqlite:///{sys.argv[1]}/gradebook.db") as gradebook:
    for number in range(STUDENTS):
        gradebook.add_student(f"student{number}")
    fill(gradebook, "first")
    alone = min(listed(gradebook) for _ in range(3))
    for number in range(7):
        fill(gradebook, f"other{number}")
    among = min(listed(gradebook) for _ in range(3))
    for table, column in (("submitted_notebook", "assignment_id"), ("grade", "notebook_id")):
        gradebook.db.execute(text(f"CREATE INDEX of_{table} ON {table} ({column})"))
    indexed = min(listed(gradebook) for _ in range(3))
print(f"{STUDENTS} submissions: {alone:.3f} s alone, {among:.3f} s among eight assignments, {indexed:.3f} s with indexes")
assert among > 4 * max(alone, indexed), "mended: delete this finding"
END2
export PATH="$folder/venv/bin:$PATH" # nbgrader calls alembic by its name
python "$folder/look.py" "$folder"
