"""Each known mistake fails the checks it is listed under, and is told by its own sentence."""

import pytest

from autograder.audit import tasks
from autograder.checks.known_mistakes import FILE
from autograder.grade.processes import Job
from autograder.grade.settings import Settings
from tests.extras import marks_of
from tests.tiny_course import ROOT

NAMES = sorted(path.parent.name for path in (ROOT / "assignments").glob(f"*/{FILE}"))


def test_every_assignment_knows_some():
    assert len(NAMES) == 8


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 12])
@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in NAMES])
def test_every_known_mistake_is_rejected_and_told(name, every):
    """In the short run each twelfth: the others differ in words and formulas alone."""
    assert tasks.untold_mistakes(Job(ROOT, name, Settings(b"course key")), every=every) == []
