"""Each mistake of the catalogue is rejected, and explained by its name."""

from functools import cache

import pytest

from tests.checks.catalogue import DOCUMENT, MISTAKES, document
from tests.checks.library import CHECKS, LIBRARY, check_source


@pytest.fixture(scope="module")
def graded(zygote, tmp_path_factory):
    """Give the outcome of a mistake, each graded once."""
    folder = tmp_path_factory.mktemp("mistakes")
    return cache(lambda mistake: mistake.grade(zygote, folder))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.kind)
def test_a_mistake_is_explained(graded, mistake):
    assert mistake.old in LIBRARY
    outcome = graded(mistake)
    if mistake.warning:
        assert outcome.status == "passed"
        assert mistake.says in "\n".join(outcome.warnings)
    else:
        assert outcome.status in ("failed", "partial")
        assert mistake.says in "\n".join(outcome.explanations)


@pytest.mark.parametrize("name", CHECKS)
def test_the_library_itself_passes(grade, name):
    outcome = grade(LIBRARY, check_source(name))[name]
    assert (outcome.status, outcome.explanations, outcome.warnings) == ("passed", [], [])


def test_there_are_at_least_forty_kinds():
    assert len({mistake.kind for mistake in MISTAKES}) == len(MISTAKES) >= 40


def test_the_table_in_the_docs_is_what_students_read_now(graded):
    assert document(graded) == DOCUMENT.read_text(), (
        "docs/checks.md: run `python -m tests.checks.catalogue`"
    )
