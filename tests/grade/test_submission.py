"""Grading one submission, with a real sandbox and the tiny course."""

import io
import json
import re
import shutil

import nbformat
import pytest
from PIL import Image

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.marks import kind_of
from autograder.intake.select import Submission
from tests import tiny_course
from tests.drawing import png

LIMITS = "\n[limits]\ncheck_seconds = 3\ncell_seconds = 3\nsubmission_seconds = 60\n"
HANG = "while True:\n    pass"
# Ends only by a kill: the interrupt is caught, again and again.
STUBBORN = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

MORE_CHECKS = '''

@check(requires="double")
def shift(student, rng):
    """`Shift` adds its constant."""
    x = rng.standard_normal(5)
    expect_close(student.layers.Shift(1.5).forward(x), x + 1.5)
'''


@pytest.fixture(scope="module")
def assignment(tmp_path_factory, released_once):
    root = tmp_path_factory.mktemp("grade") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    config = assignment.folder / "assignment.toml"
    config.write_text(config.read_text() + LIMITS)
    checks = assignment.checks.read_text()
    own = re.search(r"\n\n@check\ndef shift.*?(?=\n\n@check)", checks, re.DOTALL)[0]
    assignment.checks.write_text(checks.replace(own, MORE_CHECKS))
    return assignment


@pytest.fixture(scope="module")
def grader(assignment):
    with Grader(assignment, Settings(b"course key", whole=True)) as grader:
        yield grader


@pytest.fixture
def solved():
    return tiny_course.solved()


def statuses(graded):
    return {check.name: check.status for check in graded.result.checks}


def by_name(graded, name):
    return next(check for check in graded.result.checks if check.name == name)


def test_right_work_scores_full(grader, solved):
    graded = grader.grade(solved, "ada")
    result = graded.result
    assert (result.score, result.max_score) == (4, 4)
    assert statuses(graded) == dict.fromkeys(("double", "shift", "triple"), "passed")
    assert [(run.name, run.status) for run in result.notebooks] == [("tiny", "ok")]
    assert [(cell.name, cell.max_score) for cell in result.manual] == [("why", 3)]
    assert result.sandbox.level == grader.zygote.level
    assert by_name(graded, "double").description == "`double` returns twice its argument."
    assert graded.alerts == []


def test_the_untouched_release_scores_zero(grader, assignment):
    graded = grader.grade(tiny_course.untouched(assignment), "ada")
    assert graded.result.score == 0
    assert statuses(graded) == {"double": "failed", "shift": "skipped", "triple": "failed"}
    assert by_name(graded, "double").explanations == ["still to do: double."]
    assert by_name(graded, "triple").explanations == ["still to do: triple."]
    assert by_name(graded, "shift").cause == "prerequisite"


def test_the_same_work_gets_the_same_result(grader, solved):
    results = [grader.grade(solved, "ada").result for _ in range(2)]
    for result in results:
        result.seconds = 0
        for part in (*result.checks, *result.notebooks):
            part.seconds = 0
    assert results[0] == results[1]


class TestModules:
    def test_a_missing_module_costs_its_checks_only(self, grader, solved):
        del solved.files["cs_lib/layers.py"]
        notebook = json.loads(solved.notebooks["tiny"])
        notebook["cells"][1]["source"] = "import numpy as np"
        solved.notebooks["tiny"] = json.dumps(notebook).encode()
        graded = grader.grade(solved, "ada")
        assert statuses(graded)["triple"] == "passed"
        assert by_name(graded, "double").cause in ("missing", "import")
        sentence = "cs_lib/layers.py: expected this file, got none. Hand it in."
        assert graded.result.warnings[0] == sentence

    def test_a_syntax_error_costs_its_checks_and_says_where(self, grader, solved):
        solved.files["cs_lib/layers.py"] = b"def double(x:\n    return 2 * x\n"
        check = by_name(grader.grade(solved, "ada"), "double")
        assert (check.status, check.cause) == ("failed", "import")
        assert "cs_lib/layers.py, line 1" in check.explanations[0]

    def test_a_hang_costs_its_check(self, grader, solved):
        tiny_course.replace(solved, "def double(x):", f"def double(x):{indented(STUBBORN)}")
        tiny_course.replace_cell(solved, "imports", "import numpy as np")
        graded = grader.grade(solved, "ada")
        assert statuses(graded) == {"double": "failed", "shift": "skipped", "triple": "passed"}
        assert by_name(graded, "double").cause == "timeout"

    def test_a_crash_costs_its_check(self, grader, solved):
        crash = "def double(x):\n    import os\n    os._exit(0)"
        tiny_course.replace(solved, "def double(x):", crash)
        graded = grader.grade(solved, "ada")
        assert by_name(graded, "double").cause == "crash"
        assert statuses(graded)["triple"] == "passed"

    def test_given_functions_come_from_the_course(self, grader, solved):
        # The submission's budget.py, or any module without a todo, is not even looked at.
        solved.files["cs_lib/numeric.py"] = b"raise SystemExit"
        assert grader.grade(solved, "ada").result.score == 4


class TestNotebooks:
    def test_a_missing_notebook_costs_its_checks_only(self, grader, solved):
        solved.notebooks.clear()
        graded = grader.grade(solved, "ada")
        assert statuses(graded) == {"double": "passed", "shift": "passed", "triple": "failed"}
        assert by_name(graded, "triple").cause == "missing"
        assert graded.result.notebooks[0].status == "missing"
        assert graded.notebooks == {}

    def test_an_unreadable_notebook_says_why(self, grader, solved):
        solved.notebooks["tiny"] = b"{"
        graded = grader.grade(solved, "ada")
        assert graded.result.score == 3
        assert graded.result.notebooks[0].status == "unreadable"
        assert "tiny.ipynb: expected a notebook" in by_name(graded, "triple").explanations[0]

    def test_a_check_sees_the_names_of_its_cell(self, grader, solved):
        # What is defined again further down does not reach back.
        tiny_course.append_cell(solved, "def triple(x):\n    return 0")
        assert grader.grade(solved, "ada").result.score == 4

    @pytest.mark.parametrize("code", [HANG, STUBBORN, "import os\nos._exit(1)"])
    def test_a_cell_that_does_not_end_costs_that_cell(self, grader, solved, code):
        tiny_course.insert_cell(solved, 2, code)
        graded = grader.grade(solved, "ada")
        assert graded.result.score == 4
        run = graded.result.notebooks[0]
        assert run.status == ("error" if "_exit" in code else "timeout")
        assert run.error.startswith("cell 2: ")
        outputs = graded.notebooks["tiny"].cells[2].outputs
        assert outputs[-1].name == "stderr"

    def test_a_check_that_hangs_leaves_the_notebook_as_it_was(self, grader, solved):
        tiny_course.replace_cell(
            solved, "triple-code", f"seen = [1]\ndef triple(x):{indented(STUBBORN)}"
        )
        tiny_course.append_cell(solved, "print('seen', seen)")
        graded = grader.grade(solved, "ada")
        assert by_name(graded, "triple").cause == "timeout"
        assert graded.notebooks["tiny"].cells[-1].outputs[0].text == "seen [1]\n"

    def test_a_cell_run_again_prints_once(self, grader, solved):
        tiny_course.insert_cell(solved, 2, "print('once')")
        tiny_course.insert_cell(solved, 3, "import os\nos._exit(1)")
        graded = grader.grade(solved, "ada")
        assert [output.text for output in graded.notebooks["tiny"].cells[2].outputs] == ["once\n"]

    def test_a_raising_cell_is_reported_and_the_run_goes_on(self, grader, solved):
        tiny_course.insert_cell(solved, 2, "1 / 0")
        graded = grader.grade(solved, "ada")
        assert graded.result.score == 4
        run = graded.result.notebooks[0]
        assert (run.status, "ZeroDivisionError" in run.error) == ("error", True)

    def test_a_test_cell_a_student_changed_is_the_courses_own(self, grader, solved):
        tiny_course.replace_cell(solved, "triple", "triple = lambda x: 3 * x")
        tiny_course.replace_cell(solved, "triple-code", "def triple(x):\n    return x")
        graded = grader.grade(solved, "ada")
        assert statuses(graded)["triple"] == "failed"
        assert graded.notebooks["tiny"].cells[5].source == "assert triple(1) == 3"

    def test_a_module_of_utf_16_is_told_so_and_shown_as_it_is(self, grader, solved):
        solved.files["cs_lib/layers.py"] = tiny_course.LAYERS.encode("utf-16")
        (double, *_) = grader.grade(solved, "ada").result.checks
        assert "cs_lib/layers.py: saved as UTF-16; save it as UTF-8" in double.explanations[0]

    def test_an_answer_merged_into_its_test_cell_counts(self, grader, solved):
        answer = "def triple(x):\n    return 3 * np.asarray(x, dtype=float)"
        tiny_course.delete_cell(solved, "triple-code")
        tiny_course.replace_cell(solved, "triple", f"{answer}\n\nassert triple(1) == 3")
        assert statuses(grader.grade(solved, "ada"))["triple"] == "passed"

    def test_the_verdict_stands_above_the_outputs(self, grader, solved):
        cell = grader.grade(solved, "ada").notebooks["tiny"].cells[5]
        assert cell.outputs[0].data["text/plain"] == "triple: passed, 1 of 1 points"

    def test_outputs_hold_nothing_a_browser_would_run(self, grader, solved):
        code = "from IPython.display import HTML, Javascript\ndisplay(HTML('<b>'), Javascript('x'))"
        tiny_course.append_cell(solved, code)
        notebook = grader.grade(solved, "ada").notebooks["tiny"]
        nbformat.validate(notebook)
        kinds = {kind for output in notebook.cells[-1].outputs for kind in output.data}
        assert kinds == {"text/plain"}

    def test_attachments_are_shown_to_graders(self, grader, solved):
        scan = png(40, 30, (10, 20, 200)) + b"<script>behind the picture</script>"
        scans = {"my scan (1).png": scan, "broken.jpg": b"\xff\xd8\xff", "proof.pdf": b"%PDF-1.4"}
        solved.attachments.update(scans)
        graded = grader.grade(solved, "ada")
        notebook = graded.notebooks["tiny"]
        nbformat.validate(notebook)
        lines = notebook.cells[-1].source.split("\n\n")
        assert lines[1].startswith("broken.jpg: not shown: it cannot be read as JPEG.")
        assert lines[3] == "![my scan (1).png](my%20scan%20%281%29.png)"
        assert lines[-1] == "[proof.pdf](proof.pdf)"
        assert set(graded.attachments) == {"my scan (1).png", "proof.pdf"}
        drawn = graded.attachments["my scan (1).png"]
        assert Image.open(io.BytesIO(drawn)).size == (40, 30)
        assert b"script" not in drawn

    def test_what_a_student_wrote_is_marked_and_the_courses_text_is_not(self, grader, solved):
        tiny_course.append_markdown(solved, "Because.")
        cells = grader.grade(solved, "ada").notebooks["tiny"].cells
        texts = [cell for cell in cells if cell.cell_type != "code"]
        assert [cell.source for cell in texts if kind_of(cell) == "handed in"] == ["Because."]
        assert len(texts) > 1

    def test_plots_are_kept(self, grader, solved):
        tiny_course.append_cell(
            solved, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
        )
        (output,) = grader.grade(solved, "ada").notebooks["tiny"].cells[-1].outputs
        assert output.data["image/png"].startswith("iVBORw0KGgo")

    def test_plots_that_no_check_needs_are_not_made(self, grader, assignment, solved):
        tiny_course.append_cell(
            solved, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
        )
        with Grader(assignment, Settings(b"course key")) as fast:
            graded = fast.grade(solved, "ada")
        assert graded.notebooks["tiny"].cells[-1].outputs == []
        assert graded.result.score == grader.grade(solved, "ada").result.score

    def test_the_budget_of_grading_is_quick(self, grader, solved):
        tiny_course.append_cell(solved, "import os\nprint(os.environ['CS_LIB_BUDGET'])")
        cell = grader.grade(solved, "ada").notebooks["tiny"].cells[-1]
        assert cell.outputs[0].text == "quick\n"


def test_the_whole_is_bounded(assignment, solved):
    config = assignment.folder / "assignment.toml"
    before = config.read_text()
    config.write_text(before.replace("submission_seconds = 60", "submission_seconds = 4"))
    for _ in range(5):
        tiny_course.insert_cell(solved, 2, HANG)
    try:
        slow = Course(assignment.course.root).assignment("tiny")
        with Grader(slow, Settings(b"key", whole=True)) as grader:
            graded = grader.grade(solved, "ada")
    finally:
        config.write_text(before)
    assert graded.result.seconds < 10
    assert statuses(graded) == {"double": "passed", "shift": "passed", "triple": "failed"}
    check = by_name(graded, "triple")
    assert (check.cause, check.explanations) == (
        "timeout",
        ["not run: the submission used up its 4 s."],
    )


def test_a_mistake_in_a_check_alerts_the_staff_and_not_the_student(tmp_path, released_once, solved):
    shutil.copytree(released_once.root, tmp_path / "course")
    assignment = Course(tmp_path / "course").assignment("tiny")
    text = assignment.checks.read_text()
    assignment.checks.write_text(
        text.replace("expect_close(notebook", "raise KeyError(4711)\n    (notebook")
    )
    with Grader(assignment, Settings(b"key", whole=True)) as grader:
        graded = grader.grade(solved, "ada")
    assert statuses(graded)["triple"] == "error"
    place = r"assignments/tiny/checks\.py, line \d+"
    assert re.fullmatch(rf"{place}, triple: KeyError: 4711", graded.alerts[0])
    assert "4711" not in graded.result.model_dump_json()
    assert "4711" not in nbformat.writes(graded.notebooks["tiny"])


def test_what_cannot_be_read_gets_a_zero_with_the_reason(grader):
    result = grader.grade(Submission(unreadable="x.zip: expected a zip."), "ada").result
    assert (result.score, result.max_score, result.warnings) == (0, 4, ["x.zip: expected a zip."])
    assert {check.status for check in result.checks} == {"failed"}


def test_an_empty_submission_scores_zero(grader):
    graded = grader.grade(Submission(), "ada")
    assert graded.result.score == 0
    assert len(graded.result.warnings) == 2


class TestInstructorMistakes:
    @pytest.fixture
    def changed(self, tmp_path, released_once):
        shutil.copytree(released_once.root, tmp_path / "course")
        return Course(tmp_path / "course").assignment("tiny")

    def test_nothing_released(self, changed):
        shutil.rmtree(changed.release)
        with pytest.raises(
            InstructorError, match=r"^release/tiny/tiny\.ipynb: .*autograder release tiny"
        ):
            Grader(changed, Settings(b"key"))

    def test_a_release_older_than_the_source(self, changed):
        notebook = nbformat.read(changed.release / "tiny.ipynb", as_version=4)
        del notebook.cells[5]
        nbformat.write(notebook, changed.release / "tiny.ipynb")
        with pytest.raises(
            InstructorError, match=r'^release/tiny/tiny\.ipynb: expected a cell "triple"'
        ):
            Grader(changed, Settings(b"key"))

    def test_notebook_checks_without_a_run(self, changed):
        config = changed.folder / "assignment.toml"
        config.write_text(config.read_text() + "\n[notebooks]\nexecute = false\n")
        with pytest.raises(
            InstructorError,
            match=r"notebooks\.execute: expected true, got false. Of what carries points, triple",
        ):
            Grader(changed, Settings(b"key"))

    def test_an_unknown_name_of_a_check(self, changed):
        with pytest.raises(
            InstructorError, match=r'--checks: .*"nope"\. There are: double, shift, triple'
        ):
            Grader(changed, Settings(b"key", only=("nope",)))


def test_single_checks_can_be_run(assignment, solved):
    with Grader(assignment, Settings(b"key", only=("triple",))) as grader:
        graded = grader.grade(solved, "ada")
    assert statuses(graded) == {"triple": "passed"}
    assert (graded.result.score, graded.result.max_score) == (1, 1)


def test_a_kernel_can_run_the_cells(assignment, solved):
    tiny_course.append_cell(solved, "6 * 7")
    with Grader(assignment, Settings(b"key", executor="kernel")) as grader:
        graded = grader.grade(solved, "ada")
    assert graded.result.score == 4
    assert graded.notebooks["tiny"].cells[-1].outputs[0].data["text/plain"] == "42"


def indented(code):
    return "\n    ".join(["", *code.strip().splitlines()])


def test_a_check_of_the_notebook_that_trips_over_a_value_of_it_has_failed(
    assignment, solved, tmp_path
):
    root = tmp_path / "course"
    shutil.copytree(assignment.course.root, root)
    tripping = Course(root).assignment("tiny")
    text = tripping.checks.read_text()
    line = "    expect_close(notebook.triple(x), 3 * x)\n"
    tripping.checks.write_text(text.replace(line, f"{line}    notebook.limits['low'].copy()\n"))
    cell = "limits = {'low': np.zeros(3)}"
    source = tripping.source / "tiny.ipynb"
    source.write_text(source.read_text().replace("Shift, double", f"Shift, double\\n{cell}"))
    name = next(name for name in solved.notebooks)
    book = solved.notebooks[name].decode()
    solved.notebooks[name] = book.replace(
        "Shift, double", f"Shift, double\\n{cell.replace('np.zeros(3)', 'None')}"
    ).encode()
    with Grader(tripping, Settings(b"course key")) as grader:
        graded = grader.grade(solved, "ada")
    (check,) = (check for check in graded.result.checks if check.name == "triple")
    assert (check.status, check.cause) == ("failed", "exception")
    assert check.explanations == [
        "limits: low: expected an array, got None. "
        "Is it never set, or a return statement missing or not reached?"
    ]
    assert graded.alerts == []
