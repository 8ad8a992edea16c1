"""The reference in the grader: modules, functions by name, definitions of notebooks."""

import pytest

from autograder.checks.reference import Reference, parameter_names
from autograder.errors import InstructorError
from tests.checks.small_course import write_course

LAYERS = """
def double(x, times=2):
    return times * x

class Shift:
    def forward(self, x): ...
"""
NESTED = "from cs_lib.layers import double\n\n\ndef quadruple(x):\n    return double(double(x))\n"
CELLS = [
    ("", "%matplotlib inline\nimport numpy as np\nprint('not run')\nraise SystemExit"),
    ("", "def f(x):\n    return np.sum(x)"),
    ("early", "f(1)"),
    ("", "rate = 0.1\ndef f(x):\n    return -np.sum(x)\nclass Net:\n    depth = 3\n"),
    ("late", "f(1)"),
]


@pytest.fixture
def assignment(tmp_path):
    modules = {"layers.py": LAYERS, "classifiers/__init__.py": "", "classifiers/softmax.py": NESTED}
    return write_course(tmp_path, modules=modules, checks="", cells=CELLS)


def cell(assignment, name):
    return next(cell for cell in assignment.graded_cells if cell.name == name)


def view(assignment, name="late"):
    return Reference(assignment).view(cell(assignment, name))


def test_modules_are_found_by_attribute_also_in_packages(assignment):
    assert view(assignment).layers.double(3) == 6
    assert view(assignment).classifiers.softmax.quadruple(3) == 12


def test_the_notebook_gives_what_is_defined_above_the_cell(assignment, capsys):
    assert view(assignment, "early").notebook.f([1, 2]) == 3
    assert view(assignment, "late").notebook.f([1, 2]) == -3
    assert view(assignment, "late").notebook.Net.depth == 3
    assert capsys.readouterr().out == ""


def test_of_the_definitions_there_are_those_that_some_names_need(assignment):
    reference, late = Reference(assignment), cell(assignment, "late")
    assert reference.definitions(late, str, ["Net"]) == "class Net:\n    depth = 3"
    found = reference.definitions(late, lambda text: text.replace("-np", "3 * np"), ["f"])
    assert found.startswith("import numpy as np\ndef f(x):")
    assert "3 * np.sum(x)" in found
    assert "Net" not in found
    assert "class Net" in reference.definitions(late, str)


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (lambda reference: reference.nothing, "expected a module nothing"),
        (lambda reference: reference.notebook.rate, "Variables are not run"),
        (lambda reference: reference.classifiers.nothing, "expected a module classifiers.nothing"),
    ],
)
def test_what_is_not_there_is_the_instructors(assignment, look, message):
    with pytest.raises(InstructorError, match=message):
        look(view(assignment))


def test_a_notebook_whose_definitions_fail_is_located(tmp_path):
    cells = [("", "def f(x=undefined): ..."), ("only", "")]
    assignment = write_course(tmp_path, modules={}, checks="", cells=cells)
    with pytest.raises(InstructorError, match=r"book\.ipynb, cell 1: .*NameError"):
        view(assignment, "only").notebook.f  # noqa: B018


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("layers.double", ["x", "times"]),
        ("layers.Shift.forward", ["x"]),
        ("classifiers.softmax.quadruple", ["x"]),
        ("layers.nothing", []),
        ("nowhere.f", []),
        ("layers.Shift.nothing", []),
    ],
)
def test_functions_are_found_by_their_dotted_name(assignment, name, parameters):
    assert parameter_names(Reference(assignment).function(name)) == parameters


def test_two_courses_in_one_process_keep_their_own_library(tmp_path):
    views = []
    for number in (2, 5):
        source = f"def times(x):\n    return {number} * x\n"
        folder = tmp_path / str(number)
        course = write_course(folder, modules={"layers.py": source}, checks="", cells=[("a", "")])
        views.append(view(course, "a"))
    assert [each.layers.times(1) for each in (*views, *views)] == [2, 5, 2, 5]
