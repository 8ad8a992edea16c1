"""Right and wrong hand-ins of each assignment get what is right in them."""

import pytest
from cs_lib.datasets import synthesize

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests.assignments import grading
from tests.extras import marks_of
from tests.submissions import overlay
from tests.tiny_course import ROOT

NAMES = Course(ROOT).assignment_names()
TRAINED = {
    "pytorch_cifar": ("right", "step_without_zero_grad", "two_layers_in_a_list"),
}
"""Where every hand-in is trained, which takes seconds: those that are no slow tests."""


@pytest.fixture(scope="module")
def desk(request, released_copy):
    assignment = released_copy(request.param)
    if assignment.config.notebooks.execute:
        synthesize(assignment.config.data, assignment.course.datasets)
    with Grader(assignment, Settings(b"course key")) as grader:
        yield grading.Desk(grader, overlay.Bases(assignment))


def cases():
    """Every submission of an assignment; notebooks run only where it is about them.

    What is wrong in a module is seen without the notebooks, which take seconds each; the slow
    tests run them all.
    """
    for name in NAMES:
        needs = marks_of(name)
        executed = Course(ROOT).assignment(name).config.notebooks.execute
        for folder in overlay.folders(name):
            whole = grading.is_about_notebooks(folder)
            if executed and not whole:
                case = f"{name}, {folder.name}, modules"
                yield pytest.param(name, folder, False, id=case)
            slow = (executed and not whole) or folder.name not in TRAINED.get(name, (folder.name,))
            marks = (needs, pytest.mark.slow) if slow else needs
            yield pytest.param(name, folder, True, id=f"{name}, {folder.name}", marks=marks)


@pytest.mark.parametrize(
    ("desk", "folder", "with_notebooks"),
    list(cases()),
    indirect=["desk"],
    scope="module",  # else the desk would be set up for every submission
)
def test_it_earns_what_is_right_in_it(desk, folder, with_notebooks, tmp_path):
    graded = grading.expect_what_is_right(desk, folder, with_notebooks, tmp_path)
    if folder.name == "right":
        grading.expect_clean_run(graded)
