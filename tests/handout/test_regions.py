import time

import pytest

from autograder.errors import InstructorError
from autograder.handout import regions

SOURCE = ["def f():", "    ### BEGIN SOLUTION", "    return 1", "    ### END SOLUTION", "f()"]


def test_region_is_replaced_by_the_stub_at_its_indentation():
    stubbed = regions.with_stubs(SOURCE, "f.py", lambda line: [f"raise E({line})"])
    assert stubbed == ["def f():", "    raise E(1)", "f()"]


def test_given_code_keeps_the_solution_without_markers():
    assert regions.without_markers(SOURCE) == ["def f():", "    return 1", "f()"]


def test_solution_lines_are_the_lines_between_the_markers():
    assert regions.solution_lines(SOURCE, "f.py") == [(2, "    return 1")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["### BEGIN SOLUTION", "x"],
            'f.py, line 1: "### BEGIN SOLUTION" has no "### END SOLUTION"',
        ),
        (["x", "### END SOLUTION"], 'f.py, line 2: "### END SOLUTION" has no "### BEGIN SOLUTION"'),
        (["### BEGIN SOLUTION"] * 2, "f.py, line 2: expected"),
    ],
)
def test_an_unbalanced_marker_is_named_with_its_line(lines, message):
    with pytest.raises(InstructorError, match=message):
        regions.find_regions(lines, "f.py")


def test_what_is_for_the_staff_alone_goes_with_the_lines_of_its_markers():
    text = "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc\n=== BEGIN MARK SCHEME ===\nd"
    assert regions.without_secrets(text) == "a\nc\n"


def test_a_long_line_of_a_student_is_looked_through_once():
    begin = time.process_time()
    assert len(regions.without_secrets("![" * 200_000)) == 400_000
    assert time.process_time() - begin < 10  # it was minutes
