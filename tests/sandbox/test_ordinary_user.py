"""The sandbox once more, as an ordinary user."""

from tests.ordinary_user import run_tests


def test_the_sandbox_holds_for_an_ordinary_user():
    run_tests("tests/sandbox")
