import shutil

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


@pytest.fixture(scope="session")
def released_once(tmp_path_factory):
    from autograder.gradebook import make_rows  # nbgrader takes seconds to import
    from autograder.release import release

    course = Course(tiny_course.write(tmp_path_factory.mktemp("released") / "course"))
    make_rows(course.assignment("tiny"))
    release(course.assignment("tiny"))
    return course


@pytest.fixture
def released(tmp_path, released_once):
    """The tiny assignment, released, with its rows in the gradebook, in a folder of its own."""
    shutil.copytree(released_once.root, tmp_path / "course")
    return Course(tmp_path / "course").assignment("tiny")
