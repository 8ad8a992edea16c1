import pytest

from autograder.course import Course
from tests import tiny_course


@pytest.fixture
def course(tmp_path):
    """A tiny course in a folder of its own."""
    return Course(tiny_course.write(tmp_path / "course"))


@pytest.fixture
def tiny(course):
    return course.assignment("tiny")
