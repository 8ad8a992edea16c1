"""Has every check met work that is dishonest, and given it nothing?"""

import pytest

from autograder.checks import load_checks
from autograder.course.folder import Course
from tests.submissions import overlay
from tests.tiny_course import ROOT

NAMES = Course(ROOT).assignment_names()


def refused(assignment):
    """Return the checks that give nothing to a hostile submission, as its description says.

    That it is so, `test_submissions` sees.
    """
    hostile = (f for f in overlay.folders(assignment) if f.name.startswith("hostile"))
    expected = [overlay.read_expected(folder) for folder in hostile]
    return {name for each in expected for name, share in each.checks.items() if share == 0}


@pytest.mark.parametrize("assignment", NAMES)
def test_every_check_has_refused_dishonest_work(assignment):
    checks = {check.name for check in load_checks(Course(ROOT).assignment(assignment))}
    assert checks <= refused(assignment)
