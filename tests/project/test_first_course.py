"""A course that the first version of the kit made goes on: results, gradebook, configuration."""

import csv
import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.archives import unpack
from tests.nbgrader_plugins.commands import nbgrader
from tests.tiny_course import ROOT

COURSE = ROOT / "tests" / "project" / "first_course" / "course.tar.xz"
POINTS = {"ada": 6.5, "bob": 2, "cyd": 2, "dan": 3, "eve": 0}
"""With what a person gave."""


@pytest.fixture
def course(tmp_path, monkeypatch):
    unpack(COURSE, tmp_path / "course")
    monkeypatch.setenv("AUTOGRADER_KEY", "course key")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def verdicts(course):
    """Return what each check gave each student."""
    results = (json.loads(path.read_text()) for path in (course / "results/tiny").glob("*.json"))
    return {
        (result["student"], check["name"]): (check["score"], check["status"], check["cause"])
        for result in results
        for check in result["checks"]
    }


def exported(course, run):
    """Return points and answers that wait, by student, as exported now."""
    assert run("export", "tiny", "--format", "csv")[0] == 0
    with (course / "reports/tiny-csv.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["student"]: (float(row["total"]), row["pending"]) for row in rows}


def test_its_results_and_what_people_gave_are_read(course, run):
    grades = exported(course, run)
    assert {student: points for student, (points, _) in grades.items()} == POINTS
    assert [student for student, (_, waits) in grades.items() if waits != "0"] == [
        "bob",
        "cyd",
        "eve",
    ]
    assert run("feedback", "tiny")[0] == 0
    pages = course / "feedback/ada/tiny"
    assert "6.5 of 7 points" in (pages / "index.html").read_text()
    assert "Well argued." in (pages / "tiny.html").read_text()
    assert run("report", "tiny")[0] == 0


def test_graded_again_everybody_has_the_points_of_before(course, run):
    before, grades = verdicts(course), exported(course, run)
    assert len(before) == 15
    code, out, _ = run("grade", "tiny", "--jobs", "1")
    assert code == 0
    assert "4 graded now, 5 in all" in out  # the kit has changed; two are a group
    assert verdicts(course) == before
    assert exported(course, run) == grades


def test_nbgrader_goes_on_with_its_configuration(course, run):
    """Which names classes of the kit by their dotted names of then."""
    grades = exported(course, run)
    nbgrader(course, "autograde", "tiny", "--student", "ada", "--force")
    nbgrader(course, "generate_feedback", "tiny", "--student", "ada", "--force")
    assert exported(course, run) == grades
    assert (course / "feedback/ada/tiny/tiny.html").exists()


def test_a_release_of_it_works_as_it_stands(course, run):
    assert run("release", "--all")[0] == 0
    assert "to do   double" in check(course)


def test_it_moves_as_the_changelog_says(course, run):
    told = re.sub(r"\s+", " ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    for name in ("check.py", "handin.py", "notebook_tests.py", "budget.py", "datasets/"):
        assert (
            f"`{name}`" in told.partition("delete ")[2].partition(" from `assignments/cs_lib`")[0]
        )
        path = course / "assignments/cs_lib" / name
        shutil.rmtree(path) if name.endswith("/") else path.unlink()
    assert "run `autograder init .`" in told
    assert run("init", ".")[0] == 0
    config = course / "assignments/tiny/assignment.toml"
    text = config.read_text()
    for line in ('files = ["datasets/*"]\n', '[modules."budget.py"]\ngiven = ["*"]\n'):
        assert f"`{line.splitlines()[0]}`" in told
        assert line in text
        text = text.replace(line, "")
    config.write_text(text)
    assert run("release", "--all")[0] == 0
    assert "to do   double" in check(course)
    library = course / "release/tiny/cs_lib"
    assert {path.name for path in library.iterdir()} - {"__pycache__"} == {  # of the check
        "__init__.py", "budget.py", "check.py", "datasets.py", "handin.py", "kit", "layers.py",
    }  # fmt: skip
    code, out, _ = run("regrade", "tiny", "--jobs", "1")
    assert code == 0
    assert "0 would change; --apply changes them, 5 stay as they are." in out


def check(course):
    """Run the visible tests in the release, as a student."""
    return subprocess.run(
        [sys.executable, "-m", "cs_lib.check"],
        cwd=course / "release/tiny",
        capture_output=True,
        text=True,
        check=False,
    ).stdout
