"""From a text in timestamp.txt to a penalty, or to none and a warning."""

import csv
import shutil
from datetime import UTC, datetime

import pytest

from autograder.course.clock import course_clock
from autograder.course.folder import Course
from autograder.course.roster import read_roster
from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.points import final_grades
from autograder.publish.export import export
from tests import tiny_course
from tests.course_run import KEY, hand_in

LATE = """
c.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugins.late.LatePolicy"
c.LatePolicy.percent_per_day = 10
c.Exchange.timezone = "Europe/Berlin"
"""
TIMES = {
    "in time": ("2026-10-24 19:00:00 CEST", 0),
    "in time by clock": ("2026-10-24 17:00:00 UTC", 0),
    "evening": ("2026-10-24 9:00 PM", 0.4),
    "one day": ("2026-10-25 19:00", 0.4),  # 25 hours
    "two days": ("2026-10-25 19:01", 0.8),
    "with mark": ("\ufeff2026-10-26 19:00 CET\n", 0.8),
    "no word": (None, 0),
    "unknown": ("yesterday evening", 0),
    "elsewhere": ("2026-10-29 19:00 EST", 0),
    "empty": ("\n", 0),
}
UNREADABLE = ["elsewhere", "empty", "unknown"]


@pytest.fixture(scope="module")
def run(tmp_path_factory, released_once):
    root = tmp_path_factory.mktemp("late") / "course"
    shutil.copytree(released_once.root, root)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE)
    (root / "roster.toml").write_text('[due]\ntiny = "2026-10-24 19:00"\n')
    assignment = Course(root).assignment("tiny")
    for student, (text, _) in TIMES.items():
        folder = hand_in(assignment, student, tiny_course.solved())
        if text is not None:
            (folder / "timestamp.txt").write_text(text, encoding="utf-8")
    return assignment, grade_course(assignment, CourseSettings(KEY, jobs=1))


def penalties(assignment):
    return {grade.student: grade.penalty for grade in final_grades(assignment)}


def test_work_is_late_by_the_courses_clock(run):
    assert penalties(run[0]) == pytest.approx({name: late for name, (_, late) in TIMES.items()})


def test_of_a_time_that_cannot_be_read_the_student_is_named(run):
    said = run[1].warnings
    assert sorted(line.partition(":")[0] for line in said) == UNREADABLE
    assert any('got "yesterday evening". No penalty' in line for line in said)


def test_the_export_says_so(run, tmp_path):
    warned = []
    path = export(run[0], "csv", tmp_path / "grades.csv", warned.append)
    with path.open(encoding="utf-8-sig") as file:
        noted = {row["student"]: row["note"] for row in csv.DictReader(file) if row["note"]}
    assert sorted(noted) == UNREADABLE
    assert noted["unknown"].startswith("no penalty: timestamp.txt: expected a date and a time")
    late = [line for line in warned if "no penalty" in line]
    assert [line.partition(":")[0] for line in late] == UNREADABLE


def test_a_mended_time_is_taken_in_without_grading_again(run, tmp_path):
    shutil.copytree(run[0].course.root, tmp_path / "course")
    assignment = Course(tmp_path / "course").assignment("tiny")
    for student, text in (("unknown", "2026-10-25 18:00"), ("evening", "when I was done")):
        (assignment.submitted(student) / "timestamp.txt").write_text(text)
    summary = grade_course(assignment, CourseSettings(KEY, jobs=1))
    assert summary.graded == []
    found = penalties(assignment)
    assert (found["unknown"], found["evening"]) == pytest.approx((0.4, 0))


def test_a_zone_that_is_none_is_located(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Exchange.timezone = "CEST"\n')
    with pytest.raises(InstructorError, match=r"^nbgrader_config\.py: c\.Exchange\.timezone: "):
        course_clock(course)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('"2026-10-24 19:00"', datetime(2026, 10, 24, 19, tzinfo=UTC)),
        ("2026-10-24T19:00:00", datetime(2026, 10, 24, 19, tzinfo=UTC)),
        ("2026-10-24 19:00:00+02:00", datetime(2026, 10, 24, 17, tzinfo=UTC)),
        ('"24 Oct 2026 7 PM +0200"', datetime(2026, 10, 24, 17, tzinfo=UTC)),
        ('"next week"', r"^roster\.toml: due\.tiny: expected a date and a time"),
        ("5", r"^roster\.toml: due\.tiny"),
    ],
)
def test_a_due_date_is_read_or_located(course, text, due):
    (course.root / "roster.toml").write_text(f"[due]\ntiny = {text}\n")
    if isinstance(due, datetime):
        assert read_roster(course).due_date("tiny", course_clock(course)) == due
    else:
        with pytest.raises(InstructorError, match=due):
            read_roster(course).due_date("tiny", course_clock(course))
