"""A term's work in one go: over thirty students, two assignments, from handing in to the LMS.

Each stage of the term is a fixture, built on the one before, that keeps what was seen then:
a test may run alone, in any order, on any worker.
"""

import csv
import io
import json
import os
import shutil
from dataclasses import dataclass

import pytest

from autograder.course.folder import Course
from autograder.grade.course_run import grade_course
from autograder.grade.regrade import regrade
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.handout.release import release
from autograder.handout.scaffold import scaffold
from autograder.handout.solved import solved_files
from autograder.publish.export import export
from autograder.publish.feedback import feedback
from autograder.publish.report import summarise
from tests import tiny_course
from tests.course_run import KEY, hand_in
from tests.nbgrader_plugins.commands import nbgrader

ALL = CourseSettings(KEY, jobs=2)
DOUBLE, SHIFT, TRIPLE = 2, 1, 1
FULL = DOUBLE + SHIFT + TRIPLE
STUBBORN = """
    while True:
        try:
            while True: pass
        except BaseException: pass
"""


def module(old, new):
    return lambda work: tiny_course.replace(work, old, new)


def notebook(name, source):
    return lambda work: tiny_course.replace_cell(work, name, source)


def own_cell(source):
    return lambda work: tiny_course.insert_cell(work, 2, source)


def content(path, text):
    return lambda work: work.files.update({path: text}) or None


def other_kernel(work):
    edited = json.loads(work.notebooks["tiny"])
    edited["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    work.notebooks["tiny"] = json.dumps(edited).encode()


SOLVED = "return SCALE * np.asarray(x, dtype=float)"
KINDS = {
    # what is wrong with it: (what to do to the solution, the score it still earns)
    "right": (lambda work: None, FULL),
    "right, another way": (module(SOLVED, "return np.add(x, x)"), FULL),
    "wrong factor": (module("SCALE = 2.0", "SCALE = 3.0"), SHIFT + TRIPLE),
    "transposed": (module(SOLVED, "return (SCALE * np.asarray(x)).T"), SHIFT + TRIPLE),
    "nan": (module(SOLVED, "return np.full(np.shape(x), np.nan)"), SHIFT + TRIPLE),
    "nothing returned": (module(SOLVED, "pass"), SHIFT + TRIPLE),
    "raises": (module(SOLVED, "raise ValueError(x)"), SHIFT + TRIPLE),
    "shift missing": (module("return np.add(x, self.by) + 0.0", "return x"), DOUBLE + TRIPLE),
    "hangs": (module(SOLVED, f"{STUBBORN}"), SHIFT + TRIPLE),
    "crashes": (module(SOLVED, "import os; os._exit(0)"), SHIFT + TRIPLE),
    "segfaults": (module(SOLVED, "import ctypes; ctypes.string_at(0)"), SHIFT + TRIPLE),
    "syntax error": (content("cs_lib/layers.py", b"def double(x:"), TRIPLE),
    "module missing": (lambda work: work.files.clear(), TRIPLE),
    "notebook missing": (lambda work: work.notebooks.clear(), DOUBLE + SHIFT),
    "notebook garbled": (lambda work: work.notebooks.update(tiny=b"{"), DOUBLE + SHIFT),
    "notebook stripped": (tiny_course.strip_metadata, FULL),
    "test cell deleted": (lambda work: tiny_course.delete_cell(work, "triple"), FULL),
    "test cell doubled": (lambda work: tiny_course.double_cell(work, "triple"), FULL),
    "test cell changed": (notebook("triple", "pass"), FULL),
    "part not done": (notebook("triple-code", "# later"), DOUBLE + SHIFT),
    "cell raises": (own_cell("1 / 0"), FULL),
    "cell hangs": (own_cell("while True: pass"), FULL),
    "cell crashes": (own_cell("import os; os._exit(0)"), FULL),
    "cell floods": (own_cell("print('x' * 30_000_000)"), FULL),
    "asks for input": (own_cell("name = input('Your name? ')"), FULL),
    "warns on stderr": (module(SOLVED, f"import sys; sys.stderr.write('!'); {SOLVED}"), FULL),
    "wrong kernel": (other_kernel, FULL),
    "reads the gradebook": (own_cell("print(open('/proc/self/environ').read())"), FULL),
    "prints a forged result": (own_cell("print('{\"score\": 100}')"), FULL),
    "patches numpy": (
        module("SCALE = 2.0", "SCALE = 3.0\nnp.allclose = lambda *a, **k: True"),
        SHIFT + TRIPLE,
    ),
}


def student(kind):
    return kind.replace(" ", "_").replace(",", "")


LATE, EXCUSED = student("right, another way"), student("transposed")
ROSTER = f"""
[groups.tiny]
1 = ["ada", "alan"]
[extensions.tiny]
{EXCUSED} = 48
"""
POLICY = """
c.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugins.late.LatePolicy"
c.LatePolicy.percent_per_day = 25
"""
WITHOUT_NOTEBOOK = {student("notebook missing"), student("notebook garbled"), "empty"}
GIVEN = 2
"""What a person gives for every written answer."""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory, released_once):
    """Thirty-three hand in: one of each kind, a pair as a group, and the untouched release."""
    root = tmp_path_factory.mktemp("scenario") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    config = assignment.folder / "assignment.toml"
    limits = "\n[limits]\ncheck_seconds = 4\ncell_seconds = 4\nsubmission_seconds = 60\n"
    config.write_text(config.read_text() + limits)
    for kind, (change, _) in KINDS.items():
        work = tiny_course.solved()
        change(work)
        assert hand_in(assignment, student(kind), work)
    hand_in(assignment, "untouched", tiny_course.untouched(assignment))
    hand_in(assignment, "ada", tiny_course.solved())
    assignment.submitted("empty").mkdir(parents=True)
    (root / "roster.toml").write_text(ROSTER)
    (root / "nbgrader_config.py").write_text((root / "nbgrader_config.py").read_text() + POLICY)
    with open_gradebook(assignment.course) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-02 00:00:00 UTC")
    for name in (LATE, EXCUSED):
        (assignment.submitted(name) / "timestamp.txt").write_text("2026-01-03 00:00:00 UTC")
    assert len(os.listdir(assignment.course.submitted)) == 33
    return assignment


EXPECTED = {student(kind): score for kind, (_, score) in KINDS.items()} | {
    "untouched": 0, "empty": 0, "ada": FULL, "alan": FULL,
}  # fmt: skip


def scores_in_gradebook(assignment):
    with open_gradebook(assignment.course) as gradebook:
        return {item.student.id: item.score for item in gradebook.assignment_submissions("tiny")}


def totals(assignment):
    """What each student gets, from nbgrader's tables."""
    with open_gradebook(assignment.course) as gradebook:
        return {
            item.student.id: item.score - item.late_submission_penalty
            for item in gradebook.assignment_submissions("tiny")
        }


@dataclass(frozen=True)
class Stage:
    """What the staff saw when a stage of the term was done."""

    told: object
    scores: dict[str, float]
    totals: dict[str, float]
    files: set[str]


def stage(assignment, told):
    files = {path.name for path in assignment.course.root.iterdir()}
    return Stage(told, scores_in_gradebook(assignment), totals(assignment), files)


@pytest.fixture(scope="module")
def handed_in(assignment):
    return stage(assignment, None)


@pytest.fixture(scope="module")
def graded(assignment, handed_in):
    return stage(assignment, grade_course(assignment, ALL))


@pytest.fixture(scope="module")
def graded_twice(assignment, graded):
    return stage(assignment, grade_course(assignment, ALL))


@pytest.fixture(scope="module")
def read_by_hand(assignment, graded_twice):
    """Every written answer is given its points; tells how many there were."""
    with open_gradebook(assignment.course) as gradebook:
        waiting = [
            grade
            for item in gradebook.assignment_submissions("tiny")
            for book in item.notebooks
            for grade in book.grades
            if grade.needs_manual_grade
        ]
        for grade in waiting:
            grade.manual_score, grade.needs_manual_grade = GIVEN, False
    return stage(assignment, len(waiting))


@pytest.fixture(scope="module")
def mended(assignment, read_by_hand):
    """A check is changed for all; tells what was announced and what was done."""
    text = assignment.checks.read_text()
    assignment.checks.write_text(text.replace("expect_close(notebook.triple(x), 3 * x)", "pass"))
    announced = regrade(assignment, ALL, apply=False)
    return stage(assignment, (announced, regrade(assignment, ALL, apply=True)))


@pytest.fixture(scope="module")
def second(assignment, mended):
    """A second assignment is graded, with two submissions; tells what both got."""
    scaffold(assignment.course, "first_steps")
    second = assignment.course.assignment("first_steps")
    release(second)
    shutil.copytree(second.release, second.submitted("untouched"))
    for path, work in solved_files(second).items():
        (second.submitted("ada") / path).parent.mkdir(parents=True, exist_ok=True)
        (second.submitted("ada") / path).write_bytes(work)
    return stage(assignment, grade_course(second, ALL).results)


def test_everybody_gets_what_the_honest_part_earned(handed_in, graded):
    assert {result.student: result.score for result in graded.told.results} == EXPECTED
    assert graded.scores == EXPECTED
    assert graded.told.alerts == []
    assert graded.files - handed_in.files == {"autograded", "results"}


def test_a_second_run_has_nothing_to_do(graded_twice):
    assert graded_twice.told.graded == []


def test_written_answers_are_graded_by_hand(read_by_hand):
    # Not of those without a readable notebook, and once for the pair.
    assert read_by_hand.told == len(EXPECTED) - len(WITHOUT_NOTEBOOK) - 1


def test_a_mistake_in_a_check_is_mended_for_all(assignment, mended):
    announced, done = mended.told
    assert sorted(change.student for change in announced.changes) == ["part_not_done", "untouched"]
    assert done.changes == announced.changes
    # What a person gave has survived.
    assert mended.scores["part_not_done"] == FULL + GIVEN
    assert read_result(assignment, "untouched").score == TRIPLE


def test_everybody_reads_what_was_found(assignment, mended):
    assert len(feedback(assignment)) == len(EXPECTED)
    pages = {
        path.parent.parent.name: path.read_text()
        for path in assignment.course.feedback.glob("*/tiny/tiny.html")
    }
    assert pages.keys() == EXPECTED.keys()
    assert "Look for an endless loop" in pages["hangs"]
    assert "2 of 3 points" in pages["alan"]
    for page in pages.values():
        assert "Because once is not enough for anybody" not in page
        assert "<script" not in page


def test_the_staff_sees_how_the_class_did(assignment, mended):
    found = summarise(assignment)
    assert (len(found.grades), found.pending, found.not_handed_in) == (len(EXPECTED), 0, [])
    assert found.checks[0].name == "double"


def test_the_grades_go_to_the_lms(assignment, mended):
    text = export(assignment, "canvas").read_bytes().decode("utf-8-sig")
    exported = {row[3]: float(row[5]) for row in list(csv.reader(io.StringIO(text)))[2:]}
    assert exported == totals(assignment)
    assert exported[LATE] == 0.75 * (FULL + GIVEN)  # a day late
    assert exported[EXCUSED] == SHIFT + TRIPLE + GIVEN


def test_a_second_assignment_leaves_the_first_alone(mended, second):
    assert {result.student: result.score for result in second.told} == {"ada": 3, "untouched": 0}
    assert second.totals == mended.totals


def test_nbgraders_database_agrees_with_the_results(assignment, second):
    course = assignment.course
    nbgrader(course.root, "export", "--to=grades.csv")
    with (course.root / "grades.csv").open() as file:
        raw = {
            (row["assignment"], row["student_id"]): float(row["raw_score"])
            for row in csv.DictReader(file)
        }
    expected = {
        (name, path.stem): read_result(course.assignment(name), path.stem).score
        + (GIVEN if name == "tiny" and path.stem not in WITHOUT_NOTEBOOK else 0)
        for name in ("tiny", "first_steps")
        for path in course.assignment(name).results.glob("*.json")
    }
    assert len(expected) == len(EXPECTED) + 2
    assert {key: raw[key] for key in expected} == expected
