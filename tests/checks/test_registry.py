"""Loading checks: are mistakes found before anything runs, with file and line?"""

import pytest

from autograder.checks import cases, check, load_checks
from autograder.errors import InstructorError
from tests.checks.small_course import ASSIGNMENT, write_course

PLAIN = """
    @check
    def first(student, rng):
        "It works."
"""


def load(tmp_path, checks, names=("first",)):
    cells = [(name, "") for name in names]
    return load_checks(
        write_course(tmp_path, modules={"layers.py": ""}, checks=checks, cells=cells)
    )


def test_checks_are_joined_with_their_cells(tmp_path):
    (loaded,) = load(tmp_path, PLAIN)
    assert (loaded.name, loaded.description) == ("first", "It works.")
    assert (loaded.cell.notebook, loaded.cell.max_score) == ("book", 1)
    assert not loaded.uses_notebook


def test_what_a_check_requires_comes_before_it(tmp_path):
    checks = """
        @check(requires="second")
        def first(student, notebook):
            "A."

        @check
        def second(notebook):
            "B."
    """
    assert [item.name for item in load(tmp_path, checks, ("first", "second"))] == [
        "second",
        "first",
    ]


def with_check(decorator):
    return PLAIN.replace("@check", decorator)


MISTAKES = [
    (PLAIN.replace("student", "studnet"), 'line 4, first: unknown argument "studnet"'),
    (PLAIN.replace('"It works."', "pass"), "first: expected a docstring"),
    (PLAIN.replace("first", "other"), 'book.ipynb, cell 1: "first" carries points but has no'),
    (with_check('@check(requires="zero")'), 'requires "zero", but there is no such'),
    (with_check('@check(requires="first")'), "requires itself: first → first"),
    (with_check('@check(carry_forward="layers.f")'), "carry_forward without requires"),
    (with_check('@check(without="layers")'), 'without "layers": expected a module that is given'),
    (with_check("@check\n    @cases(a={'x': 1})"), '"x" in case "a" is no argument'),
    (
        with_check("@check\n    @cases(a={'x': 1}, b={})").replace("rng", "x"),
        'unknown argument "x" in case "b"',
    ),
    ("def broken(:\n    pass", "checks.py, line 3: invalid syntax"),
    ("1 / 0", "checks.py, line 3: ZeroDivisionError"),
    ("from autograder.checks import expect_clse", "checks.py, line 3: ImportError"),
]


@pytest.mark.parametrize(("checks", "message"), MISTAKES)
def test_a_mistake_is_located(tmp_path, checks, message):
    with pytest.raises(InstructorError) as error:
        load(tmp_path, checks)
    assert message in str(error.value)


def test_a_check_without_a_cell_is_a_mistake(tmp_path):
    with pytest.raises(InstructorError, match="first: no graded cell of this name"):
        load(tmp_path, PLAIN, ())


def test_several_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(InstructorError) as error:
        load(tmp_path, PLAIN.replace('"It works."', "pass"), ("second",))
    assert len(str(error.value).splitlines()) == 3


def test_a_check_stands_for_itself_outside_of_a_course():
    @check(requires=("a", "b"), pure=True)
    @cases(small={"n": 1}, large={"n": 100})
    def every_size(student, n):
        """Sizes."""

    assert every_size.requires == ("a", "b")
    assert list(every_size.cases) == ["small", "large"]
    assert every_size.pure


def test_a_module_check_cannot_wait_for_the_notebook(tmp_path):
    checks = """
        @check(requires="second")
        def first(student):
            "A."

        @check
        def second(notebook):
            "B."
    """
    with pytest.raises(InstructorError, match="which runs with the notebook, after the checks"):
        load(tmp_path, checks, ("first", "second"))


SHARED = """
from autograder.checks import check, expect

@check
def first(student, rng):
    "It works."
"""


def with_neighbours(tmp_path):
    return write_course(
        tmp_path, modules={"layers.py": ""}, checks="from .rooms import first",
        cells=[("first", "")],
    )  # fmt: skip


def write_neighbour(tmp_path, folder, text):
    path = tmp_path / "assignments" / folder / "rooms.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("folder", [ASSIGNMENT, "shared_checks"])
def test_checks_may_stand_in_modules_beside_and_shared(tmp_path, folder):
    assignment = with_neighbours(tmp_path)
    write_neighbour(tmp_path, folder, SHARED)
    (loaded,) = load_checks(assignment)
    assert loaded.place == f"assignments/{folder}/rooms.py, line 4"


def test_a_module_is_loaded_as_it_is_now(tmp_path):
    assignment = with_neighbours(tmp_path)
    write_neighbour(tmp_path, "shared_checks", SHARED)
    assert load_checks(assignment)[0].description == "It works."
    write_neighbour(tmp_path, "shared_checks", SHARED.replace("It works.", "It really works."))
    assert load_checks(assignment)[0].description == "It really works."


@pytest.mark.parametrize(
    ("text", "message"),
    [("x = (", r"rooms\.py, line 1: "), ("x = 1\ny = 1 / 0", r"rooms\.py, line 2: ZeroDivision")],
)
def test_a_mistake_in_a_shared_module_says_where(tmp_path, text, message):
    assignment = with_neighbours(tmp_path)
    write_neighbour(tmp_path, "shared_checks", text)
    with pytest.raises(InstructorError, match=rf"assignments/shared_checks/{message}"):
        load_checks(assignment)
