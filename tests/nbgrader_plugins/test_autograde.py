"""``nbgrader autograde`` on an assignment of the kit gives what the kit's own command gives."""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.course.key import course_key
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from tests import tiny_course
from tests.course_run import hand_in
from tests.nbgrader_plugins.converters import autograde


def submissions(assignment):
    """Work in every state that students hand in, by student."""
    wrong, doubled, garbled, stripped, no_notebook_metadata = (
        tiny_course.solved() for _ in range(5)
    )
    tiny_course.replace(wrong, "SCALE = 2.0", "SCALE = 3.0")
    tiny_course.double_cell(doubled, "triple")
    garbled.notebooks["tiny"] = b"{"
    tiny_course.delete_cell(stripped, "triple")
    tiny_course.strip_metadata(no_notebook_metadata)
    raising = tiny_course.solved()
    tiny_course.insert_cell(raising, 2, "1 / 0")
    tiny_course.replace(early := tiny_course.solved(), "SCALE = 2.0", "SCALE = 3.0")
    return {
        "right": tiny_course.solved(),
        "untouched": tiny_course.untouched(assignment),
        "wrong": wrong,
        "doubled": doubled,
        "garbled": garbled,
        "stripped": stripped,
        "nameless": no_notebook_metadata,
        "raising": raising,
        "early": early,
        "later": tiny_course.solved(),
        "renamed": tiny_course.solved(),
        "twice": tiny_course.solved(),
        "nothing": tiny_course.solved(),
        "evening": tiny_course.solved(),
        "summer": tiny_course.solved(),
    }


def rename(assignment):
    """Give some notebooks other names, as browsers and students do."""
    renamed, twice, nothing = map(assignment.submitted, ("renamed", "twice", "nothing"))
    (renamed / "tiny.ipynb").rename(renamed / "WMS tiny.ipynb")
    (twice / "tiny.ipynb").rename(twice / "tiny (1).ipynb")
    shutil.copy(assignment.release / "tiny.ipynb", twice)
    shutil.rmtree(nothing / "cs_lib")
    shutil.copy(nothing / "tiny.ipynb", nothing / "a.ipynb")
    other = (nothing / "tiny.ipynb").read_text().replace("return 3 *", "return 4 *")
    (nothing / "b.ipynb").write_text(other)
    (nothing / "tiny.ipynb").unlink()


LATE = """
c.Exchange.timezone = "Europe/Berlin"
c.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugins.late.LatePolicy"
c.LatePolicy.percent_per_day = 50
"""
ROSTER = """
[groups.tiny]
1 = ["early", "later", "absent"]
[extensions.tiny]
later = 48
"""


def set_a_due_date(assignment):
    """One group of three: two have handed in, the later of them late, but with more time."""
    root = assignment.course.root
    (root / "roster.toml").write_text(ROSTER)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE)
    with open_gradebook(assignment.course) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-02 00:00:00 UTC")
    times = {
        "early": "2026-01-01 00:00:00 UTC",
        "later": "2026-01-03 00:00:00 UTC",
        "evening": "yesterday evening",
        "summer": "2026-01-02 06:00:00 PM CET",
    }
    for student, text in times.items():
        (assignment.submitted(student) / "timestamp.txt").write_text(text)


@pytest.fixture(scope="module")
def both(tmp_path_factory, released_once):
    """The same submissions, graded by the kit's command and by nbgrader's."""
    assignments = []
    for name in ("kit", "nbgrader"):
        root = tmp_path_factory.mktemp(name) / "course"
        shutil.copytree(released_once.root, root)
        (root / "autograder.key").write_text("the same key")
        assignment = Course(root).assignment("tiny")
        for student, submission in submissions(assignment).items():
            hand_in(assignment, student, submission)
        rename(assignment)
        set_a_due_date(assignment)
        assignments.append(assignment)
    kit, by_nbgrader = assignments
    grade_course(kit, CourseSettings(course_key(kit.course.root, print), jobs=1))
    autograde(by_nbgrader.course, "tiny")
    return kit, by_nbgrader


def rows(assignment):
    """Every grade and comment in the gradebook, and what lateness costs."""
    with open_gradebook(assignment.course) as gradebook:
        submissions = gradebook.assignment_submissions("tiny")
        grades = {
            (submission.student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        comments = {
            (submission.student.id, comment.name): comment.auto_comment
            for submission in submissions
            for notebook in submission.notebooks
            for comment in notebook.comments
        }
        late = {
            submission.student.id: (submission.extension, submission.late_submission_penalty)
            for submission in submissions
        }
    return grades, comments, late


def students(assignment):
    return sorted(path.stem for path in assignment.results.glob("*.json"))


def test_scores_are_what_was_earned(both):
    scores = {student: read_result(both[1], student).score for student in students(both[1])}
    assert scores == {
        "right": 4, "untouched": 0, "wrong": 2, "doubled": 4, "garbled": 3, "stripped": 4,
        "nameless": 4, "raising": 4, "early": 4, "later": 4, "absent": 4,
        "renamed": 4, "twice": 4, "nothing": 0, "evening": 4, "summer": 4,
    }  # fmt: skip


def test_the_gradebook_is_the_same(both):
    assert rows(both[0]) == rows(both[1])


def test_a_group_shares_the_work_that_was_handed_in_last(both):
    _, _, late = rows(both[1])
    assert late["early"] == late["absent"] == (None, 2)  # half of four points
    assert late["later"] == (timedelta(hours=48), 0)


def test_a_time_is_read_by_the_courses_clock_or_costs_nothing(both):
    _, _, late = rows(both[1])
    assert late["summer"] == (None, 2)
    assert late["evening"] == (None, 0)


def test_results_are_the_same_but_for_their_times(both):
    assert students(both[0]) == students(both[1])
    for student in students(both[0]):
        pair = [read_result(assignment, student) for assignment in both]
        for result in pair:
            result.seconds = 0
            for part in (*result.checks, *result.notebooks):
                part.seconds = 0
        assert pair[0] == pair[1]


def test_graders_see_the_same_notebooks(both):
    def seen(assignment):
        return {
            path.relative_to(assignment.course.root): [
                (cell.cell_type, cell.source, cell.metadata, cell.get("outputs"))
                for cell in nbformat.read(path, as_version=4).cells
            ]
            for path in sorted(assignment.course.autograded.rglob("*.ipynb"))
            if "garbled" not in path.parts  # only nbgrader writes one, of put-back cells
        }

    assert seen(both[0]) == seen(both[1])


def test_the_mark_scheme_is_there_for_the_grader(both):
    text = (both[0].course.autograded / "right" / "tiny" / "tiny.ipynb").read_text()
    assert "Because once is not enough for anybody." in text


def test_scores_of_a_person_survive_nbgraders_regrade(both):
    assignment = both[1]
    with open_gradebook(assignment.course) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "right")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
    autograde(assignment.course, "tiny", student="right")
    with open_gradebook(assignment.course) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "right")
        assert (grade.score, grade.needs_manual_grade) == (2.5, False)


def test_only_of_changed_cells_a_warning_says_so(both, tmp_path, caplog):
    root = tmp_path / "course"
    shutil.copytree(both[1].course.root, root)
    assignment = Course(root).assignment("tiny")
    caplog.clear()
    autograde(assignment.course, "tiny", student="untouched")
    assert "has changed" not in caplog.text
    changed = tiny_course.untouched(assignment)
    tiny_course.replace_cell(changed, "why", "Twice?")
    hand_in(assignment, "untouched", changed)
    autograde(assignment.course, "tiny", student="untouched")
    assert caplog.text.count("has changed") == 1
    assert "Attribute 'checksum' for cell why has changed" in caplog.text


def test_the_command_itself(both, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(both[1].course.root, root)
    command = [Path(sys.executable).with_name("nbgrader"), "autograde", "tiny", "--force"]
    done = subprocess.run(
        [*command, "--student", "wrong"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert read_result(Course(root).assignment("tiny"), "wrong").score == 2
