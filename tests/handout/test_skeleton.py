import pytest

from autograder.course.settings import Module
from autograder.errors import InstructorError
from autograder.handout.skeleton import build_skeleton
from tests.tiny_course import LAYERS


def skeleton(text=LAYERS, available=lambda module, name: True, **module):
    return build_skeleton(text, "cs_lib/layers.py", Module(**module), "tiny", available)


def run(source):
    namespace = {}
    exec(source, namespace)
    return namespace


def test_a_todo_keeps_its_docstring_and_raises_with_its_name():
    double = run(skeleton(todo=["double"]))["double"]
    assert "Return SCALE times x." in double.__doc__
    with pytest.raises(NotImplementedError, match=r"^tiny: implement double$"):
        double(1)


def test_a_given_function_works_and_shows_no_marker():
    source = skeleton(given=["double"])
    assert run(source)["double"](2) == 4
    assert "SOLUTION" not in source


def test_what_is_not_named_is_absent():
    source = skeleton(todo=["double"])
    assert "elsewhere" not in source
    assert "halve" not in source
    assert "Shift" not in source


def test_constants_are_kept_where_they_are_used():
    source = skeleton(todo=["double"])
    assert "SCALE = 2.0" in source
    assert "UNUSED" not in source


def test_an_import_goes_with_the_last_function_that_used_it():
    text = "import math\nimport cmath\n\n\ndef f(x):\n    return math.cos(x)\n"
    assert "cmath" not in skeleton(text, given=["f"])
    assert "import math" in skeleton(text, given=["f"])


def test_an_import_that_is_passed_on_stays_where_the_release_has_it():
    text = (
        'from cs_lib.other import hidden, shown\n\n__all__ = ["f", "hidden", "shown"]\n\n\n'
        "def f(x):\n    return x\n"
    )
    source = skeleton(text, lambda module, name: name != "hidden", given=["f"])
    assert "from cs_lib.other import shown" in source
    assert "hidden" not in source


def test_an_import_of_an_absent_name_goes_where_only_the_solution_needs_it():
    text = (
        "from cs_lib.other import hidden, shown\n\n\ndef f(x):\n    ### BEGIN SOLUTION\n"
        "    return hidden(shown(x))\n    ### END SOLUTION\n"
    )
    source = skeleton(text, lambda module, name: name != "hidden", todo=["f"])
    assert "from cs_lib.other import shown" in source
    assert "hidden" not in source


def test_a_class_can_be_given_with_one_method_to_do():
    shift = run(skeleton(given=["Shift"], todo=["Shift.forward"]))["Shift"]
    assert shift(3).by == 3
    with pytest.raises(NotImplementedError, match=r"tiny: implement Shift\.forward"):
        shift(3).forward(1)


TWO = """class Two:
    def a(self):
        ### BEGIN SOLUTION
        return "first"
        ### END SOLUTION

    def b(self):
        ### BEGIN SOLUTION
        return "second"
        ### END SOLUTION
"""


def test_of_a_class_named_by_one_method_the_other_solutions_are_absent():
    two = run(skeleton(TWO, todo=["Two.a"]))["Two"]
    assert hasattr(two, "a")
    assert not hasattr(two, "b")


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ({"todo": ["duble"]}, 'expected a function or class "duble".*Did you mean "double"'),
        ({"todo": ["halve"]}, "halve is a TODO, expected a .* region in it, found none"),
        ({"todo": ["Shift.__init__"]}, "Shift.__init__ is a TODO, expected"),
    ],
)
def test_a_wrong_name_or_a_todo_without_region_is_an_error(module, message):
    with pytest.raises(InstructorError, match=message):
        skeleton(**module)


def test_given_code_that_calls_an_absent_function_is_an_error():
    text = "def helper():\n    pass\n\n\ndef f():\n    helper()\n"
    with pytest.raises(InstructorError, match='uses "helper", which is absent'):
        skeleton(text, given=["f"])


def test_code_at_top_level_is_an_error():
    with pytest.raises(InstructorError, match=r"line 1: expected imports, assignments"):
        skeleton("print(1)\n\n\ndef f():\n    pass\n", given=["f"])
