"""The commands on a graded course."""

import csv
import shutil
import subprocess
import sys

import pytest

from autograder.errors import SubmissionError
from autograder.gradebook.record import read_result
from autograder.intake.restore import read_cells
from autograder.results import Result


@pytest.fixture
def course(graded, monkeypatch):
    """The graded course, and in it the current folder."""
    monkeypatch.chdir(graded.course.root)
    monkeypatch.setenv("AUTOGRADER_KEY", "course key")
    return graded


def test_a_second_run_lists_all_and_grades_none(course, run):
    code, out, _ = run("grade", "tiny", "--jobs", 1)
    assert code == 0
    assert "0 graded now, 6 in all, 1 unreadable, 1 files or folders not graded." in out
    assert "eve" in out


def test_regrade_tells_first_and_changes_when_asked(course, run):
    course.checks.write_text(course.checks.read_text().replace("x + 1.5)", "x + 2.5)"))
    options = ("regrade", "tiny", "--jobs", 1)
    code, out, _ = run(*options)
    assert code == 0
    assert "shift: 1 → 0" in out
    assert "4 would change; --apply changes them, 2 stay as they are." in out
    assert read_result(course, "ada").score == 4
    assert "4 changed, 2 stay" in run(*options, "--apply")[1]
    assert read_result(course, "ada").score == 3


def test_report_export_and_feedback_say_where_they_wrote(course, run):
    for arguments in (("report",), ("export", "--format", "csv"), ("feedback",)):
        command, *rest = arguments
        code, _, err = run(command, "tiny", *rest)
        assert code == 0, err
    assert (course.course.root / "reports" / "tiny.html").exists()
    with (course.course.root / "reports" / "tiny-csv.csv").open(encoding="utf-8-sig") as file:
        assert {row["student"]: row["total"] for row in csv.DictReader(file)}["ada"] == "4"
    assert len(list(course.course.feedback.rglob("index.html"))) == 6


def test_similar_lists_pairs(course, run):
    code, out, _ = run("similar", "tiny")
    assert code == 0
    assert "who" in out


def test_the_grading_table_names_what_could_not_be_read(course, run):
    (course.submitted("cyd") / "cs_lib" / "layers.py").unlink()
    course.submitted("gus").mkdir(parents=True)
    _, out, _ = run("grade", "tiny", "--jobs", 1)
    rows = {line.split("│")[1].strip(): line for line in out.splitlines() if line.count("│") == 6}
    assert "tiny.ipynb: unreadable" in rows["dan"]
    assert "cs_lib/layers.py: missing" in rows["cyd"]
    assert "cs_lib/layers.py: missing; tiny.ipynb:" in rows["gus"]


def test_what_cannot_be_read_is_told_in_one_way(course, run):
    """In the course's run, a single one, feedback, and before handing in, where the work lies."""
    result = read_result(course, "dan")
    with pytest.raises(SubmissionError) as error:
        read_cells((course.submitted("dan") / "tiny.ipynb").read_bytes(), "tiny.ipynb")
    sentence = str(error.value)
    assert "a file that is cut off after line 1" in sentence
    assert result.warnings == [sentence]
    assert [part.error for part in result.notebooks] == [sentence]
    assert run("feedback", "tiny")[0] == 0
    assert sentence in (course.course.feedback / "dan" / "tiny" / "index.html").read_text()
    _, out, _ = run("grade", "tiny", "--submission", course.submitted("dan"), "--json", "-")
    single = Result.model_validate_json(out)
    assert (single.warnings, single.unread) == (result.warnings, result.unread)
    folder = course.release
    shutil.copy(course.submitted("dan") / "tiny.ipynb", folder)
    for tool, options in (("check", ()), ("handin", ("--names", "Dan"))):
        command = [sys.executable, "-m", f"cs_lib.{tool}", *options]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert sentence in told.stdout + told.stderr


def test_an_export_says_that_it_is_not_final(course, run):
    code, _, err = run("export", "tiny", "--format", "canvas")
    assert code == 0
    assert "4 written answers of 4 students are not graded yet; they count 0" in err
    code, _, err = run("export", "tiny", "--format", "canvas", "--final")
    assert code == 1
    assert "Nothing was written" in err


def test_markup_in_a_students_name_is_shown_as_it_is(course, run):
    course.submitted("[red]x").mkdir(parents=True)
    assert "[red]x" in run("grade", "tiny", "--jobs", 1)[1]


def test_an_unknown_export_exits_2(course, run):
    code, _, err = run("export", "tiny", "--format", "xls")
    assert code == 2
    assert "expected one of csv, canvas" in err
