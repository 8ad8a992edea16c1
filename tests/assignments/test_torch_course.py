"""A course of PyTorch hand-ins: graded, and with a page for each student."""

import pytest

from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.publish.feedback import feedback
from tests.extras import marks_of
from tests.submissions import overlay

NAME = "pytorch_cifar"


@pytest.mark.slow
@marks_of(NAME)
def test_the_reference_earns_all_points_the_skeleton_none_and_both_get_a_page(released_copy):
    assignment = released_copy(NAME)
    bases = overlay.Bases(assignment)
    for student, files in (("ada", bases.reference), ("ben", bases.release)):
        for path, content in files.items():
            target = assignment.submitted(student) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    summary = grade_course(assignment, CourseSettings(b"course key", jobs=1))
    scores = {result.student: (result.score, result.max_score) for result in summary.results}
    assert scores == {"ada": (25, 25), "ben": (0, 25)}
    feedback(assignment)
    for student, says in (("ada", "unseen pictures"), ("ben", "still to do")):
        pages = sorted((assignment.course.feedback / student / NAME).glob("*.html"))
        assert [page.stem for page in pages] == ["index", NAME]
        assert any(says in page.read_text(encoding="utf-8") for page in pages)
