"""A course run: several processes, one writer, resumed and repeated."""

import json

import nbformat
import pytest

from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course, submitted
from autograder.grade.settings import CourseSettings
from autograder.grade.submission import Grader
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.intake.submitted import handed_in
from tests import tiny_course
from tests.course_run import KEY, hand_in


def scores(assignment):
    return {
        path.stem: json.loads(path.read_text())["score"]
        for path in assignment.results.glob("*.json")
    }


class TestFirstRun:
    def test_each_gets_what_was_earned(self, graded_once):
        assignment, summary, _ = graded_once
        expected = {"ada": 4, "bob": 0, "cyd": 2, "dan": 3, "eve": 0, "fay": 2}
        assert scores(assignment) == expected
        assert {result.student: result.score for result in summary.results} == expected
        assert sorted(summary.graded) == sorted(expected)

    def test_what_cannot_be_read_is_listed(self, graded_once):
        assignment, summary, _ = graded_once
        assert list(summary.unreadable) == ["eve"]
        result, reason = read_result(assignment, "eve"), summary.unreadable["eve"]
        assert result.warnings == [reason]
        assert {tuple(check.explanations) for check in result.checks} == {(reason,)}
        assert summary.alerts == []

    def test_progress_counts_to_the_end(self, graded_once):
        assert [done for done, _ in graded_once[2]] == [1, 2, 3, 4, 5, 6]
        assert {total for _, total in graded_once[2]} == {6}

    def test_the_gradebook_has_the_scores(self, graded_once):
        assignment, _, _ = graded_once
        with open_gradebook(assignment.course) as gradebook:
            found = {
                submission.student.id: submission.score
                for submission in gradebook.assignment_submissions("tiny")
            }
            timestamp = gradebook.find_submission("tiny", "ada").timestamp
        assert found == scores(assignment)
        assert timestamp.isoformat() == "2026-01-02T03:04:05"

    def test_graders_find_notebooks_with_outputs_and_the_students_files(self, graded_once):
        folder = graded_once[0].course.autograded / "ada" / "tiny"
        names = {
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        }
        assert names == {"tiny.ipynb", "cs_lib/layers.py", "scan.png", "timestamp.txt"}
        notebook = nbformat.read(folder / "tiny.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[2].outputs[0].data["text/plain"] == "double: passed, 2 of 2 points"


class TestNextRun:
    def test_what_has_not_changed_is_not_graded_again(self, graded):
        summary = grade_course(graded, CourseSettings(KEY, jobs=1))
        assert summary.graded == []
        assert len(summary.results) == 6
        assert list(summary.unreadable) == ["eve"]

    def test_changed_work_and_lost_results_are_graded_again(self, graded):
        hand_in(graded, "fay", tiny_course.solved())
        (graded.results / "bob.json").unlink()
        (graded.results / "dan.json").write_text("{")
        summary = grade_course(graded, CourseSettings(KEY, jobs=1))
        assert sorted(summary.graded) == ["bob", "dan", "fay"]
        assert scores(graded)["fay"] == 4
        with open_gradebook(graded.course) as gradebook:
            assert gradebook.find_submission("tiny", "fay").score == 4

    def test_changed_checks_another_key_and_force_grade_all_again(self, graded):
        one = ("ada",)
        assert grade_course(graded, CourseSettings(b"other", students=one, jobs=1)).graded == [
            "ada"
        ]
        assert grade_course(
            graded, CourseSettings(b"other", students=one, jobs=1, force=True)
        ).graded == ["ada"]
        graded.checks.write_text(graded.checks.read_text() + "\n# changed\n")
        assert grade_course(graded, CourseSettings(b"other", students=one, jobs=1)).graded == [
            "ada"
        ]
        assert grade_course(graded, CourseSettings(b"other", students=one, jobs=1)).graded == []

    def test_a_killed_run_goes_on_where_it_stopped(self, graded):
        three = ("ada", "bob", "fay")
        for student in three:
            (graded.results / f"{student}.json").unlink()
        before = {}

        def kill(done, total):
            before.update({name: score for name, score in scores(graded).items() if name in three})
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            grade_course(graded, CourseSettings(KEY, students=three, jobs=1), kill)
        assert len(before) == 1
        summary = grade_course(graded, CourseSettings(KEY, students=three, jobs=1))
        assert sorted([*summary.graded, *before]) == ["ada", "bob", "fay"]

    def test_a_grading_process_that_dies_costs_one_student(self, graded):
        text = graded.checks.read_text()
        boom = "    if isinstance(notebook.triple(x), str):\n        os._exit(9)\n"
        text = text.replace("    expect_close(notebook", f"{boom}    expect_close(notebook")
        graded.checks.write_text(text.replace("from autograder", "import os\n\nfrom autograder", 1))
        deadly = tiny_course.solved()
        tiny_course.replace_cell(deadly, "triple-code", "def triple(x):\n    return 'boom'")
        hand_in(graded, "bob", deadly)
        summary = grade_course(graded, CourseSettings(KEY, students=("ada", "bob", "fay"), jobs=2))
        assert sorted(summary.graded) == ["ada", "fay"]
        (alert,) = summary.alerts
        assert alert.startswith("bob: not graded: the process that grades died")

    @pytest.mark.parametrize("ending", ["SystemExit(0)", "KeyboardInterrupt", "MemoryError"])
    def test_an_end_between_the_checks_costs_one_student(self, graded, ending):
        hook = f"""
def grading(*args, honest=room.Grading):
    if args[-1] == "bob":
        raise {ending}
    return honest(*args)

room.Grading = grading
"""
        text = f"from {Grader.__module__} import Grader\n" + graded.checks.read_text()
        room = "\nimport sys\nroom = sys.modules[Grader.__module__]\n"
        graded.checks.write_text(text + room + hook)
        summary = grade_course(graded, CourseSettings(KEY, students=("ada", "bob", "fay"), jobs=1))
        assert sorted(summary.graded) == ["ada", "fay"]
        (alert,) = summary.alerts
        assert alert.startswith("bob: not graded: ")
        assert ending.partition("(")[0] in alert

    def test_a_mistake_in_a_check_is_told_at_each_run(self, graded):
        graded.checks.write_text(graded.checks.read_text().replace("3 * x", "3 * unknown"))
        for _ in range(2):
            summary = grade_course(graded, CourseSettings(KEY, students=("ada",), jobs=1))
            (alert,) = summary.alerts
            assert alert.startswith("ada: assignments/tiny/checks.py, line ")
            assert "unknown" in alert


def test_without_submissions_it_says_where_they_belong(released):
    with pytest.raises(
        InstructorError, match=r"^submitted/\*/tiny: expected submissions, found none"
    ):
        grade_course(released, CourseSettings(KEY))


def test_an_unknown_student_is_named(graded_once):
    with pytest.raises(InstructorError, match=r'expected a submission of "zoe"'):
        submitted(handed_in(graded_once[0]), ("zoe",))


def test_without_submissions_what_lies_there_is_named(released):
    stray = released.course.submitted / "ada" / "tinny" / "tiny.ipynb"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    download = released.course.root / "downloaded" / "tiny" / "archive" / "ada.zip"
    download.parent.mkdir(parents=True)
    download.write_bytes(b"")
    with pytest.raises(InstructorError) as error:
        grade_course(released, CourseSettings(KEY))
    said = str(error.value).splitlines()
    assert said[1].startswith("submitted/ada/tinny: no assignment is called so. Rename it")
    assert said[2].startswith("downloaded/tiny/archive/ada.zip: a download that is not collected")
