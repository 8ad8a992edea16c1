"""No name that came from a worker is looked up in the grader: names are looked up in one room."""

import ast
from pathlib import Path

import pytest

import autograder
from autograder.checks.reference import Reference
from autograder.course.folder import Course

ENGINE = Path(autograder.__file__).parent
ELSEWHERE = (
    "worker/",
    "sandbox/",
    "audit/inside.py",
    "audit/dishonest.py",
    "handout/templates/",
    "kit/",
    "slicing/",
)
"""Runs behind the wall, is written for a course, runs with a student, looks at syntax trees."""
HERE = ("kit/numeric.py", "kit/explain/")
"""Of the kit, what the grader uses, too; but for the tests that students see."""
SEEN = ("kit/explain/visible.py", "kit/explain/calls.py")
LOOKUPS = {"getattr", "import_module", "__import__", "attrgetter", "eval", "exec", "locate"}
CONSTANT = {"getattr": 1, "import_module": 0}
"""Where the name stands: as a constant it is the engine's own."""
ROOM = "checks/reference.py"
ALLOWED = {
    "checks/expect/basics.py: getattr(notebook, name)": "asks the worker",
    "checks/expect/basics.py: getattr(owner, name)": "the same",
    "audit/mutants.py: getattr(node, name)": "of a syntax tree",
    "gradebook/__init__.py: importlib.import_module(f'nbgrader.{name}')": "nbgrader asks",
    "gradebook/__init__.py: getattr(package, name)": "the same",
    "nbgrader_plugins/release.py: getattr(row, f'{kind}_cells')": "kind is one of two words there",
    "nbgrader_plugins/release.py: getattr(self.gradebook, f'add_{kind}_cell')": "the same",
}


def lookups(path: Path):
    """Return the calls of a file that look up a name that is no constant."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = CONSTANT.get(name, -1)
        if name in LOOKUPS and not (
            0 <= place < len(node.args) and isinstance(node.args[place], ast.Constant)
        ):
            yield ast.unparse(node)


def test_names_are_looked_up_in_one_room():
    files = (str(path.relative_to(ENGINE)) for path in ENGINE.rglob("*.py"))
    found = {
        f"{file}: {call}"
        for file in files
        if not file.startswith(ELSEWHERE) or (file.startswith(HERE) and file not in SEEN)
        for call in lookups(ENGINE / file)
    }
    inside = {text for text in found if text.startswith(f"{ROOM}: ")}
    assert inside
    assert found - inside <= set(ALLOWED)


@pytest.fixture
def reference():
    course = Course(ENGINE.parent)
    return Reference(course.assignment("fc_nets_dropout"))


def test_the_reference_is_found_by_the_names_of_the_library(reference):
    assert callable(reference.function("layers.affine_forward"))
    assert callable(reference.function("classifiers.fc_net.FullyConnectedNet.loss"))


@pytest.mark.parametrize(
    "name",
    [
        "layers.np.sum",
        "layers.np.sys.exit",
        "layers.np.ctypeslib.os.abort",
        "layers.__builtins__",
        "layers.__loader__.exec_module",
        "layers.affine_forward.__globals__.get",
        "classifiers.fc_net.FullyConnectedNet.__subclasses__",
        "classifiers.fc_net.FullyConnectedNet.loss.__get__",
    ],
)
def test_no_name_leads_out_of_the_library(reference, name):
    assert reference.function(name) is None
