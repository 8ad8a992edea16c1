"""The notebooks and the hidden checks of ``mlp_trigrams``, on right and wrong work."""

import pytest
from cs_lib.datasets import synthesize

from autograder.grade import Grader
from tests.assignments import grading
from tests.submissions import overlay

NAME = "mlp_trigrams"


@pytest.fixture(scope="module")
def desk(released_copy):
    assignment = released_copy(NAME)
    synthesize(assignment.config.data, assignment.course.datasets)
    with Grader(assignment, b"course key") as grader:
        yield grading.Desk(grader, overlay.Bases(assignment))


@pytest.mark.parametrize(("folder", "with_notebooks"), list(grading.cases(NAME)))
def test_a_submission_earns_what_is_right_in_it(folder, with_notebooks, desk, tmp_path):
    graded = grading.expect_what_is_right(desk, folder, with_notebooks, tmp_path)
    if folder.name == "right":
        grading.expect_clean_run(graded)


def test_points_in_the_texts_are_those_of_the_cells(desk):
    grading.expect_consistent_texts(desk.bases.assignment, total=56, automatic=42)
