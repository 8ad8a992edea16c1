"""Each case of a check is for something that the hand-out asks for, and the docs say what."""

import pytest

from autograder.course.folder import Course
from tests.assignments.table_of_cases import ASKED, DOCUMENT, not_asked_for, page
from tests.tiny_course import ROOT

COURSE = Course(ROOT)


@pytest.mark.parametrize("name", COURSE.assignment_names())
def test_each_case_is_for_what_the_hand_out_asks_for(name):
    assert not_asked_for(COURSE.assignment(name)) == []


def test_no_purpose_is_listed_that_no_case_has():
    written = page()
    assert [purpose for purpose in ASKED if f"| {purpose} |" not in written] == []


def test_the_page_in_the_docs_is_what_the_checks_say_now():
    assert DOCUMENT.read_text(encoding="utf-8") == page()
