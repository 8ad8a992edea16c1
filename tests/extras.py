"""What tests need to know of packages that only some assignments use."""

import pytest

from autograder.course.extras import left_out
from autograder.course.folder import Course
from tests.tiny_course import ROOT

needs_torch = pytest.mark.skipif(
    bool(left_out(["torch"])), reason="PyTorch is not installed: make test-torch"
)


def marks_of(name):
    """Return the marks of a test that grades an assignment: left out where a package is missing."""
    reason = left_out(Course(ROOT).assignment(name).config.requirements)
    return pytest.mark.skipif(bool(reason), reason=f"{name} {reason}")


def graded_names():
    """Return all assignments as parameters of tests that grade them."""
    return [pytest.param(name, marks=marks_of(name)) for name in Course(ROOT).assignment_names()]
