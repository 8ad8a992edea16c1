"""Right solutions in other words earn all points, whoever hands them in."""

import pytest

from autograder.checks import load_checks
from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.solved import solved_files
from autograder.intake.select import Submission
from tests.extras import graded_names
from tests.submissions.right_functions import batches, laid_over, solutions
from tests.tiny_course import ROOT

NAMES = Course(ROOT).assignment_names()
TRAINS = ("best_", "training_run")
"""Checks of a trained net take seconds each, and no function here is about them."""
SLOW = ("initial_convnet", "linear_classifier_train", "tiny_net", "training_loop")
"""Checks that take most of the time: once in the short run, under all seeds in the long one."""


def test_there_are_at_least_sixty():
    assert sum(len(solutions(name)) for name in NAMES) >= 60
    for name in NAMES:
        for solution in solutions(name):
            assert solution.source.startswith('"""'), f"{solution.path}: says not what it is"


@pytest.mark.parametrize("name", graded_names())
def test_they_earn_all_points(released_copy, name):
    assignment = released_copy(name)
    assert lost(assignment, [0]) == []
    assert lost(assignment, [1, 2], without=SLOW) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", graded_names())
def test_they_earn_all_points_under_fifty_seeds(released_copy, name):
    assert lost(released_copy(name), range(3, 53)) == []


def lost(assignment, seeds, without=()):
    """Say which checks take points off which solutions, for which student, and why."""
    only = [
        check.name
        for check in load_checks(assignment)
        if not check.uses_notebook and not check.name.startswith((*TRAINS, *without))
    ]
    reference = solved_files(assignment)
    reference = {path: reference[path] for path in assignment.config.student_modules}
    found = []
    with Grader(assignment, Settings(b"course key", only=only)) as grader:
        for batch in batches(solutions(assignment.name)):
            work = Submission(files=laid_over(reference, batch))
            for seed in seeds:
                for check in grader.grade(work, f"student {seed}").result.checks:
                    if check.score < check.max_score or check.status != "passed":
                        what = [solution.path.stem for solution in batch]
                        found.append((what, check.name, seed, check.explanations))
    return found
