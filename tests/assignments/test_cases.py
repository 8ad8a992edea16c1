"""Each case of a check says what it is for, and the docs have it."""

import pytest

from autograder.course.folder import Course
from tests.assignments.table_of_cases import DOCUMENT, page, without_a_purpose
from tests.tiny_course import ROOT

COURSE = Course(ROOT)


@pytest.mark.parametrize("name", COURSE.assignment_names())
def test_each_case_says_what_it_is_for(name):
    assert without_a_purpose(COURSE.assignment(name)) == []


def test_the_page_in_the_docs_is_what_the_checks_say_now():
    assert DOCUMENT.read_text(encoding="utf-8") == page()
