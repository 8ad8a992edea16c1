"""The attacks once more, with an ordinary user as the grader."""

import pytest

from tests.ordinary_user import run_tests


def test_the_attacks_fail_against_an_ordinary_user():
    run_tests("tests/attacks", "-k", "not levelC", timeout=1800)


@pytest.mark.slow
def test_the_other_attacks_fail_against_an_ordinary_user():
    run_tests("tests/attacks/test_attacks.py", "-m", "slow", "-k", "levelA or levelB", timeout=1800)
