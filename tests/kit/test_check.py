"""``python -m cs_lib.check``: does a student see what is done, to do, wrong, and why?"""

import json
import signal
import subprocess
import sys

import pytest

from autograder.course.folder import Course
from autograder.handout.manifest import manifest
from tests.kit import student_folder
from tests.tiny_course import LAYERS, ROOT


@pytest.fixture
def untouched(tmp_path):
    return student_folder.write(tmp_path, solved=False)


@pytest.fixture
def solved(tmp_path):
    return student_folder.write(tmp_path, solved=True)


def run(folder, *names):
    result = student_folder.run(folder, "check", *names)
    assert result.stderr == ""
    return result


def test_an_untouched_release_is_a_list_of_what_is_to_do(untouched):
    result = run(untouched)
    assert result.returncode == 1
    assert result.stdout.count("to do   ") == 3
    assert "        still to do: double.\n" in result.stdout
    assert "0 of 3 tests pass: 0 of 4 points so far." in result.stdout
    assert "Still to do, worth 4 points: double, shift, triple" in result.stdout
    assert "Written questions are worth 3 more points" in result.stdout


def test_one_point_is_not_told_as_points(untouched):
    (untouched / "cs_lib" / "layers.py").write_text(LAYERS)
    assert "Still to do, worth 1 point: triple" in run(untouched).stdout


def test_a_solution_passes(solved):
    result = run(solved)
    assert result.returncode == 0
    assert "3 of 3 tests pass: 4 of 4 points so far." in result.stdout


def test_a_wrong_result_is_explained_as_the_grader_would(solved):
    student_folder.edit(
        solved / "cs_lib" / "layers.py", "return SCALE * np", "return 3 * SCALE * np"
    )
    student_folder.edit(
        solved / "tiny.ipynb",
        "assert np.allclose(double(np.ones(2)), 2)",
        "out = double(np.arange(5.0))\\nassert np.allclose(out, 2 * np.arange(5.0)), 'double: no.'",
    )
    result = run(solved)
    assert result.returncode == 1
    assert "FAILED  double" in result.stdout
    assert "double: no." in result.stdout
    assert "double: 3 times too large." in result.stdout


def test_an_exception_shows_the_students_own_lines_and_a_hint(solved):
    student_folder.edit(
        solved / "cs_lib" / "layers.py", "return SCALE * np.asarray", "return SCAL * np.asarray"
    )
    result = run(solved)
    assert "NameError: name 'SCAL' is not defined" in result.stdout
    assert "cs_lib/layers.py, line" in result.stdout
    assert "Is it spelled as where it is defined" in result.stdout
    assert "site-packages" not in result.stdout


def test_what_a_given_module_expects_is_told_as_it_stands(solved):
    """It is no assert of the student's own."""
    (solved / "cs_lib" / "given.py").write_text(
        "def expect_two(x):\n    assert len(x) == 2, 'double: expected two numbers.'\n"
    )
    manifest = solved / "cs_lib" / "kit" / "assignment.json"
    assert "cs_lib/given.py" not in json.loads(manifest.read_text())["modules"]
    student_folder.edit(
        solved / "tiny.ipynb",
        "assert np.allclose(double(np.ones(2)), 2)",
        "from cs_lib.given import expect_two\\nexpect_two(double(np.ones(3)))",
    )
    result = run(solved, "double")
    assert "        double: expected two numbers.\n" in result.stdout
    assert "of your own" not in result.stdout


def test_one_function_runs_only_its_tests_and_shows_what_they_print(solved):
    student_folder.edit(
        solved / "tiny.ipynb",
        "assert Shift(1).forward(1) == 2",
        "print('error', Shift(1).forward(1) - 2)",
    )
    result = run(solved, "Shift")
    assert result.returncode == 0
    assert result.stdout.count("passed") == 1
    assert "error 0.0" in result.stdout


def test_a_function_of_the_notebook_is_tested_too(solved):
    student_folder.edit(solved / "tiny.ipynb", "return 3 * np", "return 4 * np")
    result = run(solved, "triple")
    assert result.returncode == 1
    assert result.stdout.count("\n") < 5


def test_an_unknown_name_is_answered_with_the_nearest(solved):
    result = run(solved, "doubel")
    assert result.returncode == 2
    assert "Did you mean double?" in result.stdout


def test_a_cell_that_a_test_does_not_need_is_not_run(solved):
    student_folder.edit(
        solved / "tiny.ipynb", "import numpy as np\\n", "import numpy as np\\n%matplotlib inline\\n"
    )
    student_folder.edit(
        solved / "tiny.ipynb", "assert np.allclose(double", "raise SystemExit(double"
    )
    result = run(solved, "triple")
    assert result.returncode == 0


def test_a_module_that_cannot_be_imported_fails_its_tests_only(solved):
    (solved / "cs_lib" / "layers.py").write_text("def double(x:\n")
    result = run(solved)
    assert '"A tiny assignment", which it needs: SyntaxError' in result.stdout
    assert "NameError" not in result.stdout
    assert result.returncode == 1


def test_the_tools_need_nothing_of_the_grader(solved):
    code = (
        "import runpy, sys\n"
        "for name in ('autograder', 'nbgrader', 'nbformat', 'IPython'):\n"
        "    sys.modules[name] = None\n"
        "sys.path.insert(0, '.')\n"
        "runpy.run_module('cs_lib.check', run_name='__main__')\n"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=solved, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.fixture
def without_pictures(solved):
    """A notebook whose first cell imports, and uses, a package that is not installed."""
    missing = "import nothing_that_is_there.pyplot as plt"
    notebook = solved / "tiny.ipynb"
    student_folder.edit(notebook, "import numpy as np", rf"{missing}\nimport numpy as np")
    student_folder.edit(notebook, 'Shift, double"', r'Shift, double\nplt.figure()"')
    return solved


def test_a_package_that_is_not_installed_costs_only_the_tests_that_need_it(without_pictures):
    student_folder.edit(
        without_pictures / "tiny.ipynb", "assert triple(1) == 3", "plt.plot(triple(1))"
    )
    result = run(without_pictures)
    assert result.stdout.count("passed  ") == 2
    needs = "needs nothing_that_is_there, which is not installed: run `pip install -r"
    assert result.stdout.count(needs) == 1


def test_a_wrong_result_is_explained_also_where_a_package_is_not_installed(without_pictures):
    student_folder.edit(
        without_pictures / "cs_lib" / "layers.py", "return np.add(x", "return -np.add(x"
    )
    result = run(without_pictures, "shift")
    assert "FAILED  shift" in result.stdout
    assert "nothing_that_is_there" not in result.stdout


def test_a_syntax_error_in_a_cell_is_told(solved):
    student_folder.edit(solved / "tiny.ipynb", "return 3 * np", "return 3 * * np")
    result = run(solved, "triple")
    assert "FAILED  triple" in result.stdout
    assert "SyntaxError" in result.stdout


BACKWARD = """
def shift_forward(x, b):
    return x + b, (x, b)


def shift_backward(dout, cache):
    return dout, dout.sum(axis=0) / len(dout)
"""
GRADIENT_TEST = """
def check(forward, backward, dout, **inputs):
    _, cache = forward(*inputs.values())
    for (name, value), gradient in zip(inputs.items(), backward(dout, cache)):
        numeric = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            for sign in (1, -1):
                value[index] += sign * 1e-5
                numeric[index] += sign * np.sum(forward(*inputs.values())[0] * dout) / 2e-5
                value[index] -= sign * 1e-5
        assert np.abs(numeric - gradient).max() < 1e-6, f"d{name} is wrong"


rng = np.random.default_rng(0)
dout, x, b = rng.normal(size=(4, 5)), rng.normal(size=(4, 5)), rng.normal(size=5)
check(shift_forward, shift_backward, dout, x=x, b=b)
"""


def test_a_wrong_backward_is_explained_as_the_grader_would(solved):
    """In a module, or in a cell; the assert stands in a function that the test calls."""
    by_grader = "db: 4 times too small; N is 4: divided by N once too often? It looks like a mean"
    notebook = json.loads((solved / "tiny.ipynb").read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["triple"]["source"] = GRADIENT_TEST
    cells["triple-code"]["source"] = BACKWARD
    (solved / "tiny.ipynb").write_text(json.dumps(notebook))
    in_a_cell = run(solved, "triple").stdout
    assert f"shift_backward: {by_grader}" in in_a_cell
    with (solved / "cs_lib" / "layers.py").open("a") as file:
        file.write(BACKWARD)
    cells["triple-code"]["source"] = "from cs_lib.layers import shift_forward, shift_backward"
    (solved / "tiny.ipynb").write_text(json.dumps(notebook))
    in_a_module = run(solved, "triple").stdout
    assert f"shift_backward: {by_grader}" in in_a_module
    for text in (in_a_cell, in_a_module):
        assert "db is wrong" in text
        assert "An assert of your own" not in text
        assert "cell " not in text


@pytest.mark.parametrize("tool", ["check", "handin"])
def test_a_folder_in_a_files_place_is_a_sentence(solved, tool):
    for name in ("tiny.ipynb", "cs_lib/layers.py"):
        (solved / name).unlink()
        (solved / name).mkdir()
    result = student_folder.run(solved, tool, *(["--names", "Ada"] if tool == "handin" else []))
    assert result.returncode == 1
    assert (result.stderr + result.stdout).removeprefix("Not handed in: ") == (
        "tiny.ipynb: expected a notebook, got a folder. Put the notebook itself in its place.\n"
    )


def test_a_notebook_that_has_lost_its_marks_says_how_to_get_them_back(solved):
    notebook = json.loads((solved / "tiny.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    (solved / "tiny.ipynb").write_text(json.dumps(notebook))
    result = run(solved)
    assert result.returncode == 1
    assert "tiny.ipynb: expected test cells, found none that are marked as such" in result.stdout
    assert "Take the notebook as you got it, and copy your own cells into it." in result.stdout
    assert "0 of 0 tests" not in result.stdout


def test_a_notebook_that_is_gone_is_named_and_the_others_are_tested(solved):
    (solved / "tiny.ipynb").unlink()
    result = run(solved)
    assert result.returncode == 1
    assert "tiny.ipynb: expected this notebook, found none." in result.stdout


def test_a_failed_assert_without_words_shows_itself(solved):
    student_folder.edit(solved / "cs_lib" / "layers.py", "return np.add(x", "return -np.add(x")
    assert "`assert Shift(1).forward(1) == 2` does not hold." in run(solved, "shift").stdout


def test_code_that_waits_for_input_does_not_hang(solved):
    student_folder.edit(
        solved / "cs_lib" / "layers.py", "return SCALE * np", "input(); return SCALE * np"
    )
    assert "The code waits for input. Take out input()" in run(solved, "double").stdout


def test_an_endless_loop_is_stopped(solved):
    student_folder.edit(
        solved / "cs_lib" / "layers.py", "return SCALE * np", "while True: pass\n    return np"
    )
    student_folder.edit(solved / "cs_lib" / "kit" / "running.py", "PATIENCE = 60", "PATIENCE = 1")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in `python -m cs_lib.check &`
    try:
        result = run(solved)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "no result after 1 s, stopped. Look for an endless loop." in result.stdout
    assert "cs_lib/layers.py, line" in result.stdout
    assert "2 of 3 tests pass" in result.stdout


def test_notebooks_come_in_the_order_of_the_hand_out():
    """Not in that of their names."""
    course = Course(ROOT)
    orders = {a.name: json.loads(manifest(a, ()))["notebooks"] for a in course.assignments()}
    assert orders["fc_nets_dropout"] == ["FullyConnectedNets.ipynb", "Dropout.ipynb"]
    assert orders["softmax_two_layer"] == ["theory.ipynb", "softmax.ipynb", "two_layer_net.ipynb"]


def test_a_test_that_compares_nothing_is_explained_by_the_first_nan(solved):
    student_folder.edit(
        solved / "cs_lib" / "layers.py", "return SCALE * np", "return np.sqrt(-SCALE * 1.0) * np"
    )
    student_folder.edit(
        solved / "tiny.ipynb",
        "assert np.allclose(double(np.ones(2)), 2)",
        "wider = double(np.ones(2)) + 1\\nassert (wider > 2).mean() > 0.9",
    )
    result = student_folder.run(solved, "check")
    assert "double: all entries are NaN. Look for 0/0, for the root" in result.stdout
