"""The commands of docs/add_an_assignment.md run in a course that has no assignment yet."""

import pytest

from tests.project.test_docs_instructor import blocks, run


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    run(tmp_path, "autograder init course && rm -r course/*/first_steps course/*/*/first_steps.py")
    return folder


def test_the_commands_of_the_page_run(course):
    begin, try_it = blocks("add_an_assignment.md")
    assert "first_steps" in run(course, begin)
    said = run(course, try_it.replace("audit first_steps", "audit first_steps --seeds 3 --draws 1"))
    assert "first_steps: 0 of 3 points" in said
    assert "reference 3 of 3, skeleton 0, zeros everywhere 0" in said
