"""Test cells that grade themselves: what counts, what is told, what stays secret."""

import json

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.errors import SandboxUnavailable
from autograder.grade.in_notebook import CellTests, Judge
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.release import release
from autograder.intake.select import Submission, read
from autograder.sandbox import Level, choose
from autograder.wall.replies import CellRun
from tests.plain import courses
from tests.plain.courses import answer, book, graded_test, task

SECRET = "zyzzyva"
RIGHT = """def work(x):
    return 2 * x


def secret_word(x):
    return 'known to staff alone'"""
PARTLY_HIDDEN = f"""assert work(2) == 4
### BEGIN HIDDEN TESTS
assert secret_word('{SECRET}') == 'known to staff alone'
### END HIDDEN TESTS"""
NOTEBOOK = book(
    answer("work", RIGHT),
    graded_test("seen", "assert work(1) == 2, 'work(1) is not 2'", 1),
    graded_test("share", "0.25 if work(0) == 0 else 0.0", 1),
    graded_test("more", "work(8)", 2),
    graded_test("hidden", PARTLY_HIDDEN, 3),
    graded_test("after", "assert work(3) == 6", 1),
    graded_test("value", "work(4) == 8", 1),
    task("why", "Why?", 1),
)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tmp_path_factory.mktemp("own")
    (root / "nbgrader_config.py").write_text(courses.CONFIG)
    (root / "source" / "ps").mkdir(parents=True)
    nbformat.write(NOTEBOOK, root / "source" / "ps" / "ps.ipynb")
    assignment = Course(root).assignment("ps")
    release(assignment)
    return assignment


@pytest.fixture(scope="module")
def grader(assignment):
    with Grader(assignment, Settings(b"")) as grader:
        yield grader


@pytest.fixture
def graded(assignment, grader):
    def grade(source, *more, before=""):
        """Grade an answer; `more` are cells that follow the cell `after`, `before` come first."""
        notebook = nbformat.read(assignment.release / "ps.ipynb", as_version=4)
        notebook.cells[0].source = source
        notebook.cells[6:6] = [nbformat.v4.new_code_cell(text) for text in more]
        if before:
            notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
        submission = Submission(notebooks={"ps": nbformat.writes(notebook).encode()})
        return grader.grade(submission, "ada")

    return grade


def scores(graded):
    return {check.name: check.score for check in graded.result.checks}


def found(graded, name):
    return next(check for check in graded.result.checks if check.name == name)


FULL = {"seen": 1, "share": 0.25, "more": 2, "hidden": 3, "after": 1, "value": 1}


def test_right_work_gets_all(graded):
    result = graded(RIGHT)
    assert scores(result) == FULL
    assert [cell.name for cell in result.result.manual] == ["why"]


def test_a_value_above_the_points_gives_them_all_and_nbgraders_way_is_named(graded):
    assert found(graded(RIGHT), "more").nbgrader == "stops: the cell's value is above its 2 points."


def test_text_on_stderr_costs_nothing_and_nbgraders_way_is_named(graded):
    source = RIGHT.replace(
        "    return 2 * x", "    import sys\n    print('x', file=sys.stderr)\n    return 2 * x"
    )
    result = graded(source)
    assert scores(result) == FULL
    assert found(result, "seen").nbgrader == "0 points: the cell wrote to stderr."


def test_a_visible_test_tells_its_message(graded):
    check = found(graded(RIGHT.replace("2 * x", "3 * x")), "seen")
    assert check.status == "failed"
    assert "AssertionError: work(1) is not 2" in check.explanations[0]


WORK = "def work(x):\n    return 2 * x\n\n\n"
SPIES = {
    "raises what it was asked": f"{WORK}def secret_word(x):\n    raise ValueError(x)",
    "prints its caller": f"""import inspect
{WORK}def secret_word(x):
    frame = inspect.currentframe().f_back
    print(inspect.getsource(frame))
    raise ValueError(inspect.getsource(frame))""",
    "fails later": """kept = []
def work(x):
    if x == 3:
        raise ValueError(kept)
    return 2 * x

def secret_word(x):
    kept.append(x)
    return 0""",
    "fails under a name": f"{WORK}def secret_word(x):\n    raise type(x, (Exception,), {{}})",
    "ends with a code": f"import os\n{WORK}def secret_word(x):\n    os._exit(ord(x[0]))",
}


@pytest.mark.parametrize("spy", SPIES)
def test_hidden_tests_reach_neither_result_nor_notebook(graded, spy):
    result = graded(SPIES[spy], "print(In)", "print(kept)", "raise ValueError(In)", "1 / 0")
    told = result.result.model_dump_json() + json.dumps(result.notebooks)
    assert found(result, "hidden").score == 0
    assert "zyzzyva" not in told
    assert "known to staff" not in told.replace(SPIES[spy], "")
    assert "hidden" in found(result, "hidden").explanations[0]


LOOKS = {
    "variables": "found = [v for v in map(str, list(globals().values())) if secret in v]",
    "objects": """import gc
found = [0 for o in gc.get_objects() if type(o) in (dict, list, tuple) and secret in str(o)[:9999]]
""",
    "files": """import os
files = [os.path.join(folder, f) for folder, _, names in os.walk('.') for f in names]
found = [f for f in files if secret.encode() in open(f, 'rb').read()]""",
    "lines": """import linecache
found = [k for k, v in linecache.cache.items() if secret in str(v)]""",
    "frames": """import sys
frame, found = sys._getframe(), []
while frame:
    found += [k for k, v in frame.f_locals.items() if secret in str(v)[:9999]]
    frame = frame.f_back""",
}


@pytest.mark.parametrize("look", LOOKS)
def test_hidden_tests_cannot_be_read_before_they_run(graded, look):
    look = LOOKS[look].replace("secret", "''.join(('zyz', 'zyva'))")
    result = graded(RIGHT.replace("2 * x", "2 * x if not found else 1 / 0"), before=look)
    assert scores(result) == FULL, result.notebooks["ps"].cells[0].outputs


@pytest.mark.parametrize(
    "forged",
    [
        "import sys\nsys.displayhook(1.0)",
        "print(1.0)",
        "from IPython.display import display\ndisplay(1.0)",
        "get_ipython().last_execution_result.result = 1.0",
    ],
)
def test_a_verdict_is_not_what_is_printed(graded, forged):
    lines = "".join(f"    {line}\n" for line in forged.splitlines())
    source = f"def work(x):\n{lines}    return -1\n\ndef secret_word(x):\n    return 0"
    assert scores(graded(source)) == FULL | {"seen": 0, "share": 0, "hidden": 0, "after": 0}


@pytest.mark.parametrize(
    "end", ["import os\nos._exit(0)", "raise SystemExit", "raise KeyboardInterrupt"]
)
def test_one_cell_that_ends_the_process_costs_itself(graded, end):
    lines = "".join(f"        {line}\n" for line in end.splitlines())
    source = f"def work(x):\n    if x == 1:\n{lines}    return 2 * x\n\n" + RIGHT.split("\n\n")[1]
    assert scores(graded(source)) == FULL | {"seen": 0}


def test_nothing_of_hidden_tests_is_in_the_release(assignment):
    assert b"zyzzyva" not in (assignment.release / "ps.ipynb").read_bytes()


@pytest.mark.parametrize("cause", ["memory", "crash", "exception", "import", None])
def test_no_word_of_a_worker_that_has_seen_a_hidden_test_is_told(cause):
    tests = CellTests({}, {"hidden": SECRET}, frozenset(["hidden"]))
    judge = Judge(tests, {}, {})
    run = CellRun("error", [], None, f"MemoryError: {SECRET}", 0.0, cause=cause)
    assert SECRET in judge.told("other", run)
    judge.source("hidden")
    assert SECRET not in judge.told("other", run) + judge.told("hidden", run)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """An assignment with a module and a data file beside its notebook."""
    root = courses.write(tmp_path_factory.mktemp("beside"))
    assignment = Course(root).assignment("samples")
    release(assignment)
    courses.solved(root, "samples", "ada")
    return assignment


@pytest.mark.parametrize("level", [Level.A, Level.B])
def test_files_beside_the_notebook_are_the_courses(samples, level):
    try:
        choose(level)
    except SandboxUnavailable as error:
        pytest.skip(f"NOT run at level {level}: {error}")
    folder = samples.submitted("ada")
    (folder / "heights.csv").write_text("0 0 0")  # the course's own takes its place
    (folder / "helper.so").write_bytes(b"in the place of helper.py")
    (folder / "helper").mkdir(exist_ok=True)
    (folder / "helper" / "__init__.py").write_text("def load():\n    return [0]\n")
    with Grader(samples, Settings(b"", level)) as grader:
        result = grader.grade(read(folder, samples), "ada").result
    assert result.score == result.max_score, result
