"""Right solutions in other words earn all points, whoever hands them in."""

from pathlib import Path

import pytest

from autograder.audit.tasks import only
from autograder.checks import load_checks
from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.solved import solved_files
from autograder.intake.select import Submission
from autograder.results import CheckResult
from tests.extras import graded_names
from tests.submissions.right_functions import Solution, batches, laid_over, solutions
from tests.tiny_course import ROOT

COURSE = Course(ROOT)
NAMES = COURSE.assignment_names()
TRAINS = ("best_", "training_run")
"""Checks of a trained net take seconds each, and no function here is about them."""
SLOW = ("initial_convnet", "linear_classifier_train", "tiny_net", "training_loop")
"""Checks that take most of the time: once in the short run, under all seeds in the long one."""
Fault = tuple[list[str], str, int, list[str]]
"""Solutions, the check that takes points off them, for which student, and why."""


def test_there_are_at_least_sixty():
    assert sum(len(solutions(name)) for name in NAMES) >= 60
    for name in NAMES:
        for solution in solutions(name):
            assert solution.source.startswith('"""'), f"{solution.path}: says not what it is"


def test_methods_of_the_same_name_are_all_laid_over_the_reference():
    """A property and its setter."""
    reference = {"a.py": b"class Net:\n    def __init__(self):\n        self.size = 1\n"}
    source = """
class Net:
    @property
    def size(self):
        return self.twice / 2

    @size.setter
    def size(self, value):
        self.twice = 2 * value
"""
    names = {}
    files = laid_over(reference, [Solution(Path("size.py"), "a.py", source)])
    exec(files["a.py"], names)
    net = names["Net"]()
    assert (net.size, net.twice) == (1, 2)


@pytest.mark.parametrize("name", graded_names())
def test_they_earn_all_points(name):
    assignment = COURSE.assignment(name)
    assert lost(assignment, [0], closer=[1, 2]) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", graded_names())
def test_they_earn_all_points_under_fifty_seeds(name):
    assert lost(COURSE.assignment(name), range(3, 53)) == []


def lost(assignment, seeds, closer=()) -> list[Fault]:
    """Say which checks take points off which solutions.

    Parameters
    ----------
    seeds : sequence of int
        Students for whom all checks run.
    closer : sequence of int
        Students for whom those run that call a function of the solutions, and are not slow.
    """
    names = [
        check.name
        for check in load_checks(assignment)
        if not check.uses_notebook and not check.name.startswith(TRAINS)
    ]
    reference = solved_files(assignment)
    reference = {path: reference[path] for path in assignment.config.student_modules}
    found: list[Fault] = []
    settings, alone = Settings(b"course key", only=names), Submission(files=reference)
    with Grader(assignment, settings, alone=alone) as grader:  # it imports what modules need
        for batch in batches(solutions(assignment.name)):
            work = Submission(files=laid_over(reference, batch))
            checks: list[CheckResult] = []
            for seed in seeds:
                checks = grader.grade(work, f"student {seed}").result.checks
                found += _faults(batch, checks, seed)
            with only(grader, _closer(batch, checks)):
                for seed in closer:
                    checks = grader.grade(work, f"student {seed}").result.checks
                    found += _faults(batch, checks, seed)
    return found


def _closer(batch, checks):
    """Return the quick checks that call a function which a solution of the batch defines."""
    defined = {f"{file}:{name.partition('.')[0]}" for item in batch for file, name in item.names}
    return [
        check.name
        for check in checks
        if not check.name.startswith(SLOW)
        and any(_owner(function) in defined for function in check.functions)
    ]


def _owner(function):
    """Return file and class, or function, of what a check has called."""
    file, _, name = function.partition(":")
    return f"{file}:{name.partition('.')[0]}"


def _faults(batch, checks, seed):
    what = [solution.path.stem for solution in batch]
    return [
        (what, check.name, seed, check.explanations)
        for check in checks
        if check.score < check.max_score or check.status != "passed"
    ]
