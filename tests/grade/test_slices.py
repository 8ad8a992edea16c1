"""A run of what the checks ask for judges as a run of the whole notebook does."""

import pytest

from autograder.grade import grading as room
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests import tiny_course

RIGHT = "def triple(x):\n    return 3 * np.asarray(x)"
STUB = 'def triple(x):\n    raise NotImplementedError("tiny: implement triple")'


@pytest.fixture(scope="module")
def graders(released_once):
    assignment = released_once.assignment("tiny")
    fast, whole = (
        Grader(assignment, Settings(b"key", whole=False)),
        Grader(assignment, Settings(b"key", whole=True)),
    )
    with fast, whole:
        yield fast, whole


def own(*cells, triple=RIGHT):
    """Hand in cells of one's own above the answer."""
    work = tiny_course.solved()
    tiny_course.replace_cell(work, "triple-code", triple)
    for number, cell in enumerate(cells):
        tiny_course.insert_cell(work, 4 + number, cell)
    return work


def with_k(*cells, triple="def triple(x):\n    return k * x"):
    return own(*cells, triple=triple)


def judged(grader, work):
    """Return what matters of each check, and those judged after a whole run."""
    grading = room.Grading(grader, work, "ada")
    result = grading.grade().result
    return [
        (item.name, item.status, item.score, item.cause, item.explanations)
        for item in result.checks
    ], grading.whole


CASES = {
    "right": (own(), []),
    "an endless training above": (own("k = 3", "print('trained')\nnet = [k]"), []),
    "what it uses is defined above": (with_k("k = 3"), []),
    "changed in place": (
        with_k("k = np.array(1)", "k += 2"),
        [],
    ),
    "a wrong value": (own(triple="def triple(x):\n    return 2 * np.asarray(x)"), []),
    "a stub": (own(triple=STUB), []),
    "renamed": (own(triple="def thrice(x):\n    return 3 * x"), []),
    "a syntax error": (own(triple="def triple(x:\n    return 3 * x"), []),
    "defined before, then the cell fails": (
        own(RIGHT, triple="1 / 0\n" + RIGHT.replace("3 *", "2 *")),
        ["triple"],
    ),
    "a cell that no check needs fails, and so leaves an older value": (
        with_k("k = np.array(1)\nother = k", "1 / 0\nother = np.array(5)", "other += 2"),
        ["triple"],
    ),
    "a cell is still to do, below one that fails": (
        own("1 / 0\nx = 3", triple='raise NotImplementedError("tiny: triple")\ntriple = abs'),
        [],
    ),
    "the cell fails": (own(triple="1 / 0\n" + RIGHT), ["triple"]),
    "a name that exists nowhere": (own(triple="def triple(x):\n    return factor * x"), ["triple"]),
    "by exec": (with_k("exec('k = 3')"), ["triple"]),
    "by globals": (
        with_k("globals()['k'] = 3"),
        ["triple"],
    ),
    "by a star": (
        with_k("from numpy import *", "k = array(3)"),
        ["triple"],
    ),
    "by a magic": (
        with_k("%run -n nothing.py", "k = 3"),
        ["triple"],
    ),
    "through the module": (
        own(
            "import cs_lib.layers\ncs_lib.layers.SCALE = 3.0",
            triple="def triple(x):\n    return double(x)",
        ),
        [],
    ),
    "deleted again": (own(triple=RIGHT + "\ndel triple"), ["triple"]),
    "an exit above": (own("import os\nos._exit(3)"), []),
}


@pytest.mark.parametrize(("work", "again"), CASES.values(), ids=CASES)
def test_the_same_verdict(graders, work, again):
    fast, whole = graders
    expected, _ = judged(whole, work)
    found, run_whole = judged(fast, work)
    assert found == expected
    assert run_whole == again


def test_what_no_check_needs_does_not_run(graders):
    fast, _ = graders
    work = own("while True:\n    pass")
    graded = fast.grade(work, "ada")
    assert graded.result.score == 4
    assert [run.status for run in graded.result.notebooks] == ["ok"]


def test_a_notebook_without_checks_does_not_run_whatever_is_in_it(released_once):
    settings = Settings(b"key", whole=False, only=("double",))
    with Grader(released_once.assignment("tiny"), settings) as grader:
        graded = grader.grade(own("exec('x = 1')\nwhile True:\n    pass"), "ada")
    assert [run.status for run in graded.result.notebooks] == ["skipped"]


def test_cells_are_called_by_their_numbers_in_the_notebook(graders):
    fast, _ = graders
    work = own("a = 1", "b = 2", triple="def triple(x):\n    return x.nothing")
    text = next(c for c in fast.grade(work, "ada").result.checks if c.name == "triple")
    assert "notebook cell 6" in text.explanations[0]


def test_a_kernel_runs_all(released_once):
    assignment = released_once.assignment("tiny")
    with Grader(assignment, Settings(b"key", whole=False, executor="kernel")) as grader:
        assert judged(grader, own())[1] == ["triple"]
