"""Hidden checks and texts of the assignments on layers and nets, on right and wrong work.

Their notebooks are not executed in grading: all that is graded by program stands in modules.
"""

import pytest

from autograder.grade import Grader
from tests.assignments import grading
from tests.submissions import overlay

POINTS = {
    "softmax_two_layer": {"total": 63, "automatic": 30},
    "layers_convnet": {"total": 40, "automatic": 25},
    "fc_nets_dropout": {"total": 47, "automatic": 33},
}


@pytest.fixture(scope="module")
def desk(request, released_copy):
    assignment = released_copy(request.param)
    with Grader(assignment, b"course key") as grader:
        yield grading.Desk(grader, overlay.Bases(assignment))


def submissions():
    for name in POINTS:
        for folder in overlay.folders(name):
            yield pytest.param(name, folder, id=f"{name}, {folder.name}")


@pytest.mark.parametrize(("desk", "folder"), list(submissions()), indirect=["desk"])
def test_a_submission_earns_what_is_right_in_it(desk, folder, tmp_path):
    grading.expect_what_is_right(desk, folder, True, tmp_path)


@pytest.mark.parametrize(("desk", "points"), POINTS.items(), indirect=["desk"])
def test_points_in_the_texts_are_those_of_the_cells(desk, points):
    grading.expect_consistent_texts(desk.bases.assignment, **points)
