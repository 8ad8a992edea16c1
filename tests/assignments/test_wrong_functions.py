"""Wrong functions are told what is wrong with them, and nothing that is not so."""

import re

import pytest

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.solved import solved_files
from autograder.intake.select import Submission
from tests.submissions.right_functions import WRONG, laid_over, solutions
from tests.tiny_course import ROOT

COURSE = Course(ROOT)
NAMES = [name for name in COURSE.assignment_names() if solutions(name, WRONG)]
FAST = {
    "adam_without_correction_and_t_not_raised",
    "dropout_mask_of_random_weights",
    "epsilon_in_the_logarithm",
    "shape_of_one_axis",
    "conv_dx_of_an_empty_slice",
    "backward_changes_what_it_keeps",
}
"""Of each kind of why one: the others are slow tests."""
SAYS = re.compile(r"^(\w+) says (.*)$", re.MULTILINE)
NOT = re.compile(r"^not (.*)$", re.MULTILINE)


def wrong(name):
    """Return the wrong functions of an assignment, and the checks that they are about."""
    found = solutions(name, WRONG)
    return found, sorted({check for item in found for check, _ in SAYS.findall(item.about)})


def reference_modules(name):
    solved = solved_files(COURSE.assignment(name))
    return {path: solved[path] for path in COURSE.assignment(name).config.student_modules}


@pytest.fixture(scope="module")
def graders():
    made = {}

    def of(name):
        if name not in made:
            settings = Settings(b"course key", only=wrong(name)[1])
            alone = Submission(files=reference_modules(name))
            made[name] = Grader(COURSE.assignment(name), settings, alone=alone)
        return made[name]

    yield of
    for grader in made.values():
        grader.close()


def cases():
    for name in NAMES:
        for item in solutions(name, WRONG):
            marks = () if item.path.stem in FAST else pytest.mark.slow
            yield pytest.param(name, item, id=f"{name}, {item.path.stem}", marks=marks)


@pytest.mark.parametrize(("name", "item"), list(cases()))
def test_the_why_is_told(graders, name, item):
    grader = graders(name)
    files = laid_over(reference_modules(name), [item])
    result = grader.grade(Submission(files=files), "student").result
    told = {
        check.name: "\n".join([*check.explanations, *check.warnings]) for check in result.checks
    }
    wanted = SAYS.findall(item.about)
    assert wanted
    for check, words in wanted:
        assert words in told[check], told[check]
        assert result_of(result, check).score < result_of(result, check).max_score
    for words in NOT.findall(item.about):
        assert words not in "\n".join(told.values())


def result_of(result, name):
    (found,) = (check for check in result.checks if check.name == name)
    return found
