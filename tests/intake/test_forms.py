"""Whatever shape work is handed in: it has its score, and a person is told."""

import shutil

import pytest

from autograder.course.folder import Course
from autograder.grade import course_report
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from tests.course_run import KEY
from tests.intake.forms import FORMS, write


@pytest.fixture(scope="module")
def run(tmp_path_factory, released_once):
    """All forms in one course, graded in one run."""
    root = tmp_path_factory.mktemp("forms") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    for form in FORMS:
        write(form, assignment.course.submitted, assignment.release)
    summary = grade_course(assignment, CourseSettings(KEY, jobs=2))
    assert summary.alerts == []
    return assignment, summary


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_it_has_its_score_and_a_person_is_told(run, form):
    assignment, summary = run
    result = read_result(assignment, form.student)
    assert (result and result.score) == form.score
    lines = course_report.lines(summary)
    ours = [
        line for line in [*summary.warnings, *map(str, summary.ignored)] if form.student in line
    ]
    said = "\n".join([*ours, *(result.warnings if result else ())])
    for part in form.told:
        assert part in said
    if not form.told:
        assert not [line for line in lines if f"{form.student}:" in line]


def test_there_are_sixty_forms():
    assert len(FORMS) >= 60
    assert len({form.student for form in FORMS}) == len(FORMS)
