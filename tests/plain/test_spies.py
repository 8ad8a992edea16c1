"""What hand-ins do to read hidden tests, and whether any of it stands on the students' pages."""

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.handout.release import release
from autograder.publish.feedback import feedback
from tests.plain import courses
from tests.plain.courses import answer, book, graded_test

SECRET, MESSAGE = "zyzzyva", "quadrille"
RIGHT = "def work(x):\n    return x"
HIDDEN = f"""assert work(1) == 1
### BEGIN HIDDEN TESTS
assert work('{SECRET}') == '{SECRET}', '{MESSAGE}'
### END HIDDEN TESTS"""
NOTEBOOK = book(
    answer("work", RIGHT),
    graded_test("test", HIDDEN, 2),
    answer("later", "# more"),
    graded_test("again", "assert work(2) == 2", 1),
)
ASKED = "def work(x):\n    if isinstance(x, str):\n        {}\n    return x"
FRAME = "import inspect\nkept = []\n" + ASKED.format(
    "frame = inspect.currentframe().f_back\n"
    "        kept.append((frame.f_code.co_consts, inspect.getsource(frame), x))"
)
SPIES = {
    "says": (ASKED.format("print(x)"), ""),
    "says backwards": (ASKED.format("print(x[::-1])"), ""),
    "shows": (ASKED.format("from IPython.display import display; display({x: x})"), ""),
    "raises": (ASKED.format("raise ValueError(x)"), ""),
    "raises by name": (ASKED.format("raise type(x, (Exception,), {})"), ""),
    "fails": (ASKED.format("return 0"), "raise sys.last_value"),
    "warns": (ASKED.format("import warnings; warnings.warn(x)"), ""),
    "ends": (ASKED.format("import os; os.write(1, x.encode()); os._exit(7)"), ""),
    "keeps frames": (FRAME, "print(kept)\nkept"),
    "raises frames": (FRAME, "raise ValueError(kept)"),
    "prints what ran": (RIGHT, "print(In, Out, get_ipython().history_manager.input_hist_raw)"),
    "raises what ran": (RIGHT, "raise ValueError(In)"),
    "looks at main": (RIGHT, "import __main__\nprint(vars(__main__))\nvars(__main__)"),
    "looks at all objects": (
        RIGHT,
        "import gc\nfound = [o for o in gc.get_objects() if 'zyz' in str(o)]\nprint(found)\nfound",
    ),
    "looks at the last error": (
        ASKED.format("return 0"),
        "import sys, traceback\ntraceback.print_exception(sys.last_value)\n"
        "print(sys.last_traceback.tb_frame.f_locals)\nraise sys.last_value",
    ),
    "reads the cells": (RIGHT, "import linecache\nprint(linecache.cache)\nraise KeyError(In[2])"),
    "writes a file": (
        ASKED.format("open('kept.txt', 'w').write(x)"),
        "print(open('kept.txt').read())\n"
        "from IPython.display import FileLink\nFileLink('kept.txt')",
    ),
    "answers with it": (FRAME, "work = lambda x: (_ for _ in ()).throw(ValueError(kept))"),
    "hooks the shell": (
        "def work(x):\n    return x\n\n"
        "get_ipython().events.register('pre_run_cell', lambda info: print(info.raw_cell))",
        "",
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course after grading and feedback, every student a spy."""
    root = tmp_path_factory.mktemp("spied")
    (root / "nbgrader_config.py").write_text(courses.CONFIG)
    (root / "source" / "ps").mkdir(parents=True)
    nbformat.write(NOTEBOOK, root / "source" / "ps" / "ps.ipynb")
    assignment = Course(root).assignment("ps")
    release(assignment)
    for student, (asked, later) in {"honest": (RIGHT, "work(2)"), **SPIES}.items():
        notebook = nbformat.read(assignment.release / "ps.ipynb", as_version=4)
        notebook.cells[0].source, notebook.cells[2].source = asked, later
        assignment.submitted(student).mkdir(parents=True)
        nbformat.write(notebook, assignment.submitted(student) / "ps.ipynb")
    summary = grade_course(assignment, CourseSettings(b"key", jobs=1))
    assert (summary.alerts, len(summary.graded)) == ([], 1 + len(SPIES))
    feedback(assignment)
    return assignment


def test_the_hidden_tests_decide(graded):
    scores = {student: read_result(graded, student).score for student in SPIES}
    assert read_result(graded, "honest").score == 3
    failing = {"raises", "raises by name", "fails", "ends", "looks at the last error"}
    assert {student for student, score in scores.items() if score < 2} == failing


@pytest.mark.parametrize("spy", SPIES)
def test_nothing_of_hidden_tests_is_in_what_a_spy_gets(graded, spy):
    pages = graded.course.root / "feedback" / spy / "ps"
    files = [*pages.rglob("*.*"), graded.results / f"{spy}.json"]
    assert {path.name for path in files} >= {"index.html", "ps.html", f"{spy}.json"}
    autograded = graded.course.autograded / spy / "ps"
    for path in (*files, *filter(lambda path: path.is_file(), autograded.rglob("*"))):
        text = path.read_text(errors="replace")
        for secret in (SECRET, SECRET[::-1], MESSAGE):
            assert secret not in text, path
