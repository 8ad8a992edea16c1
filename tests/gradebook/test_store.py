import subprocess
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy
from nbgrader.api import MissingEntry

from autograder.course.notebooks import read_notebook
from autograder.gradebook.entries import Entries
from autograder.gradebook.store import make_rows, open_gradebook, settle
from autograder.intake.restore import read_cells, restore
from autograder.intake.submitted import Time
from autograder.results import CheckResult, Result


def at(*parts):
    return Time(datetime(*parts, tzinfo=UTC))


def result(student="ada", key="work1.course1", double=2.0):
    def check(name, score, max_score):
        status = "passed" if score == max_score else "failed"
        return CheckResult(
            name=name, notebook="tiny", score=score, max_score=max_score, status=status,
            explanations=[] if status == "passed" else [f"{name}: 10 times too large"],
        )  # fmt: skip

    checks = [check("double", double, 2), check("shift", 1, 1), check("triple", 0, 1)]
    score = sum(item.score for item in checks)
    return Result(
        assignment="tiny", student=student, score=score, max_score=4, seconds=0.1, key=key,
        checks=checks,
    )  # fmt: skip


def notebooks(tiny, answer=None):
    """The tiny notebook as handed in; ``answer`` replaces the source of the solution cell."""
    released = read_notebook(tiny.release / "tiny.ipynb")
    cells = read_cells((tiny.release / "tiny.ipynb").read_bytes(), "tiny.ipynb")
    if answer:
        next(cell for cell in cells if cell.id == "triple-code").source = answer
    return {"tiny": restore(cells, released).notebook}


def record(gradebook, found, graded, time=None):
    entries = Entries(gradebook, found.assignment, [found.student])
    entries.record(found, lambda: graded)
    if time:
        entries.set_time(found.student, time)


def grade_of(gradebook, name, student="ada"):
    return gradebook.find_grade(name, "tiny", "tiny", student)


def test_rows_are_those_of_nbgrader(released):
    with open_gradebook(released.course) as gradebook:
        notebook = gradebook.find_notebook("tiny", "tiny")
        assert {cell.name: cell.max_score for cell in notebook.grade_cells} == {
            "double": 2,
            "shift": 1,
            "triple": 1,
        }
        assert {cell.name: cell.max_score for cell in notebook.task_cells} == {"why": 3}
        assert [cell.name for cell in notebook.solution_cells] == ["triple-code"]
        task = gradebook.find_source_cell("why", "tiny", "tiny")
        assert "MARK SCHEME" in task.source


def test_rows_stay_when_nothing_changed(released):
    with open_gradebook(released.course) as gradebook:
        before = gradebook.find_notebook("tiny", "tiny").id
    make_rows(released)
    with open_gradebook(released.course) as gradebook:
        assert gradebook.find_notebook("tiny", "tiny").id == before


def test_scores_and_comments_arrive(released):
    with open_gradebook(released.course) as gradebook:
        graded = notebooks(released, "def triple(x): return 3")
        record(gradebook, result(), graded, at(2026, 1, 2, 3, 4, 5))
    with open_gradebook(released.course) as gradebook:
        submission = gradebook.find_submission("tiny", "ada")
        assert (submission.score, submission.max_score) == (3, 7)
        assert submission.timestamp.isoformat() == "2026-01-02T03:04:05"
        assert grade_of(gradebook, "double").auto_score == 2
        assert not grade_of(gradebook, "double").needs_manual_grade
        assert grade_of(gradebook, "triple").auto_score == 0
        assert grade_of(gradebook, "why").auto_score is None
        assert grade_of(gradebook, "why").needs_manual_grade
        comment = gradebook.find_comment("triple-code", "tiny", "tiny", "ada").comment
        assert comment == "triple: failed, 0 of 1 points\ntriple: 10 times too large"


def test_an_untouched_cell_is_commented(released):
    with open_gradebook(released.course) as gradebook:
        record(gradebook, result(), notebooks(released))
        comment = gradebook.find_comment("triple-code", "tiny", "tiny", "ada").comment
    assert comment.startswith("No response.\n")


def test_what_was_not_submitted_scores_zero(released):
    with open_gradebook(released.course) as gradebook:
        record(gradebook, result(double=0), {})
        assert grade_of(gradebook, "why").auto_score == 0
        assert not grade_of(gradebook, "why").needs_manual_grade
        assert grade_of(gradebook, "shift").score == 1  # from a module


def test_the_rows_of_a_submission_are_those_that_nbgrader_makes(released):
    """Each grade and comment with its cell, as after ``add_submission``."""

    def parts(student):
        return [
            (row.name, sorted(grade.cell.id for grade in row.grades),
             sorted(comment.cell.id for comment in row.comments))
            for row in gradebook.find_submission("tiny", student).notebooks
        ]  # fmt: skip

    with open_gradebook(released.course) as gradebook:
        gradebook.add_student("bob")
        with gradebook.db.no_autoflush:  # it adds its rows once they are built
            gradebook.add_submission("tiny", "bob")
        record(gradebook, result("ada"), notebooks(released))
        assert parts("ada") == parts("bob")
        assert all(map(len, parts("bob")[0]))


def test_a_class_takes_no_more_statements_than_a_few(released):
    """Each is a way to the database and back."""
    graded = notebooks(released, "x")

    def statements(students):
        counted = []
        with open_gradebook(released.course) as gradebook:
            sqlalchemy.event.listen(
                gradebook.engine, "before_cursor_execute", lambda *_: counted.append(1)
            )
            entries = Entries(gradebook, "tiny", students)
            for student in students:
                entries.record(result(student), lambda: graded)
                entries.set_time(student, at(2026, 1, 2))
            gradebook.db.flush()
        return len(counted)

    few = statements([f"student{number}" for number in range(3)])
    assert statements([f"other{number}" for number in range(60)]) == few > 5


class TestRegrade:
    @pytest.fixture
    def graded(self, released):
        """Graded once, and by hand: a written answer, and one automatic score raised."""
        with open_gradebook(released.course) as gradebook:
            record(gradebook, result(), notebooks(released, "x"))
            for name, score in (("why", 2.5), ("triple", 0.5)):
                grade = grade_of(gradebook, name)
                grade.manual_score, grade.needs_manual_grade = score, False
            comment = gradebook.find_comment("why", "tiny", "tiny", "ada")
            comment.manual_comment = "Well put."
        return released

    def again(self, assignment, **changes):
        with open_gradebook(assignment.course) as gradebook:
            record(gradebook, result(**changes), notebooks(assignment, "x"))
        return open_gradebook(assignment.course)

    def test_scores_of_a_person_survive(self, graded):
        with self.again(graded, key="work2.course2", double=0) as gradebook:
            assert grade_of(gradebook, "double").score == 0
            assert grade_of(gradebook, "why").score == 2.5
            assert grade_of(gradebook, "triple").score == 0.5
            assert gradebook.find_comment("why", "tiny", "tiny", "ada").comment == "Well put."

    def test_changed_work_asks_for_a_person_again(self, graded):
        with self.again(graded, key="work2.course1") as gradebook:
            assert grade_of(gradebook, "why").needs_manual_grade

    def test_changed_checks_do_not_ask_for_written_answers_again(self, graded):
        with self.again(graded, key="work1.course2") as gradebook:
            assert not grade_of(gradebook, "why").needs_manual_grade

    def test_a_raised_score_is_asked_for_when_the_automatic_one_changed(self, graded):
        with open_gradebook(graded.course) as gradebook:
            grade_of(gradebook, "double").manual_score = 1
        with self.again(graded, key="work1.course2", double=0) as gradebook:
            assert grade_of(gradebook, "double").needs_manual_grade
            assert not grade_of(gradebook, "triple").needs_manual_grade

    def test_the_same_result_changes_nothing(self, graded):
        with open_gradebook(graded.course) as gradebook:
            grade_of(gradebook, "double").auto_score = 1.25
        with self.again(graded) as gradebook:
            assert grade_of(gradebook, "double").auto_score == 1.25

    def test_for_the_same_result_no_notebook_is_read(self, graded):
        with open_gradebook(graded.course) as gradebook:
            Entries(gradebook, "tiny", ["ada"]).record(result(), pytest.fail)


def test_who_was_removed_from_the_gradebook_comes_back(released):
    """As by ``nbgrader db student remove --force``: the result stands, and its key here."""
    with open_gradebook(released.course) as gradebook:
        record(gradebook, result(), notebooks(released))
    with open_gradebook(released.course) as gradebook:
        gradebook.remove_student("ada")
    with open_gradebook(released.course) as gradebook:
        record(gradebook, result(), notebooks(released), at(2026, 1, 2))
        assert grade_of(gradebook, "double").score == 2


def test_a_failure_leaves_nothing_behind(released):
    def killed():
        with open_gradebook(released.course) as gradebook:
            record(gradebook, result(), notebooks(released))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with open_gradebook(released.course) as gradebook, pytest.raises(MissingEntry):
        gradebook.find_student("ada")


LATE = """
c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def test_late_work_is_penalised_by_the_courses_policy(released):
    config = released.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE)
    with open_gradebook(released.course) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 00:00:00 UTC")
        record(gradebook, result("ada"), notebooks(released), at(2026, 1, 1, 0, 0, 1))
        record(gradebook, result("bob"), notebooks(released), at(2025, 12, 31))
        settle(gradebook, released)
    with open_gradebook(released.course) as gradebook:
        assert gradebook.find_submission("tiny", "ada").late_submission_penalty == 3
        assert gradebook.find_submission("tiny", "bob").late_submission_penalty == 0


def test_nbgraders_pages_can_be_imported_after_the_gradebook():
    code = (
        "import autograder.gradebook\n"
        "from nbgrader.server_extensions.formgrader import handlers\n"
        "import nbgrader\n"
        "print(nbgrader.__version__, nbgrader._load_jupyter_server_extension.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.endswith(" _load_jupyter_server_extension\n"), done.stderr


def indexed(engine):
    """By table, the first column of what the kit has indexed."""
    look = sqlalchemy.inspect(engine)
    return {
        table: [
            index["column_names"]
            for index in look.get_indexes(table)
            if index["name"].startswith("autograder_")
        ]
        for table in ("grade", "submitted_notebook")
    }


def test_a_gradebook_made_before_gets_the_indexes_that_a_large_course_needs(released):
    wanted = {"grade": [["notebook_id"]], "submitted_notebook": [["assignment_id"]]}
    with open_gradebook(released.course) as gradebook:
        engine = gradebook.engine
        assert indexed(engine) == wanted
    with engine.begin() as connection:
        for name in ("autograder_grades_of_notebook", "autograder_notebooks_of_submission"):
            connection.execute(sqlalchemy.text(f"DROP INDEX {name}"))
    assert indexed(engine) == {"grade": [], "submitted_notebook": []}
    engine.dispose()
    with open_gradebook(released.course) as gradebook:
        assert indexed(gradebook.engine) == wanted
