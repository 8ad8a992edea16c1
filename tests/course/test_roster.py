import shutil
from datetime import timedelta

import pytest

from autograder.course.folder import Course
from autograder.course.roster import FILE, read_roster
from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.intake.submitted import handed_in
from autograder.publish.feedback import feedback
from tests import tiny_course
from tests.course_run import KEY, hand_in, wrong


def write(course, text):
    (course.root / FILE).write_text(text)


class TestReading:
    def test_a_course_without_one(self, course):
        assert read_roster(course).groups == {}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[groups", r"^roster\.toml: expected TOML"),
            ("[teams]\n", r"^roster\.toml: teams: no such key"),
            ("[groups.nope]\na = ['x']\n", r'^roster\.toml: groups: .*"nope"\. There are: tiny'),
            ("[extensions.tiny]\nada = -1\n", r"^roster\.toml: extensions\.tiny\.ada: .*got -1"),
            (
                "[groups.tiny]\n1 = ['ada', 'bob']\n2 = ['bob']\n",
                r"^roster\.toml: groups\.tiny: bob stands in 1 and in 2",
            ),
        ],
    )
    def test_mistakes_are_located(self, course, text, message):
        write(course, text)
        with pytest.raises(InstructorError, match=message):
            read_roster(course)


class TestGroups:
    @pytest.fixture
    def work(self, tiny):
        write(tiny.course, "[groups.tiny]\n1 = ['ada', 'bob', 'cyd']\n")
        for student in ("ada", "bob", "zoe"):
            hand_in(tiny, student, tiny_course.solved())
        return tiny

    def test_one_hands_in_for_all(self, work):
        assert handed_in(work).shares == {"bob": ("ada", "bob", "cyd"), "zoe": ("zoe",)}

    def test_of_several_the_latest_counts(self, work):
        for student, day in (("ada", "03"), ("bob", "02")):
            path = work.submitted(student) / "timestamp.txt"
            path.write_text(f"2026-01-{day} 00:00:00 UTC")
        assert set(handed_in(work).shares) == {"ada", "zoe"}

    def test_the_latest_is_the_latest_in_any_time_zone(self, work):
        for student, time in (("ada", "23:00:00 UTC"), ("bob", "23:30:00+02:00")):
            (work.submitted(student) / "timestamp.txt").write_text(f"2026-01-02 {time}")
        assert set(handed_in(work).shares) == {"ada", "zoe"}

    def test_a_group_that_handed_in_nothing_has_no_work(self, work):
        write(work.course, "[groups.tiny]\n1 = ['dan', 'eve']\n")
        assert set(handed_in(work).shares) == {"ada", "bob", "zoe"}


@pytest.fixture(scope="module")
def run(tmp_path_factory, released_once):
    """A pair that shares its work, and one who was given more time; both are late."""
    root = tmp_path_factory.mktemp("roster") / "course"
    shutil.copytree(released_once.root, root)
    config = root / "nbgrader_config.py"
    late = "autograder.nbgrader_plugins.late.LatePolicy"
    config.write_text(
        f'{config.read_text()}\nc.AssignLatePenalties.plugin_class = "{late}"\n'
        "c.LatePolicy.percent_per_day = 50\n"
    )
    assignment = Course(root).assignment("tiny")
    write(
        assignment.course,
        "[groups.tiny]\n1 = ['ada', 'bob']\n[extensions.tiny]\nzoe = 48\nnobody = 1\n",
    )
    with open_gradebook(assignment.course) as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-01 00:00:00 UTC")
    hand_in(assignment, "ada", wrong("SCALE = 2.0", "SCALE = 3.0"))
    hand_in(assignment, "zoe", tiny_course.solved())
    for student in ("ada", "zoe"):
        path = assignment.submitted(student) / "timestamp.txt"
        path.write_text("2026-01-01 12:00:00 UTC")
    summary = grade_course(assignment, CourseSettings(KEY, jobs=1))
    return assignment, summary


def test_all_of_a_group_get_the_result_of_its_work(run):
    assignment, summary = run
    assert {result.student: result.score for result in summary.results} == {
        "ada": 2,
        "bob": 2,
        "zoe": 4,
    }
    assert summary.graded == ["ada", "zoe"]
    assert read_result(assignment, "bob").checks == read_result(assignment, "ada").checks


def test_late_work_costs_unless_more_time_was_given(run):
    with open_gradebook(run[0].course) as gradebook:
        found = {
            item.student.id: (item.extension, item.late_submission_penalty)
            for item in gradebook.assignment_submissions("tiny")
        }
    assert found == {"ada": (None, 1), "bob": (None, 1), "zoe": (timedelta(hours=48), 0)}


def test_a_person_grades_a_groups_answer_once(run):
    assignment, _ = run
    with open_gradebook(assignment.course) as gradebook:
        waiting = [
            grade.student.id
            for item in gradebook.assignment_submissions("tiny")
            for notebook in item.notebooks
            for grade in notebook.grades
            if grade.needs_manual_grade
        ]
        assert sorted(waiting) == ["ada", "zoe"]
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Together, well."
    feedback(assignment)
    with open_gradebook(assignment.course) as gradebook:
        submission = gradebook.find_submission("tiny", "bob")
        # 2 + 3 points, of which half a day late costs half
        assert (submission.score, submission.late_submission_penalty) == (5, 2.5)
    for student in ("ada", "bob"):
        page = (assignment.course.feedback / student / "tiny" / "tiny.html").read_text()
        assert "Together, well." in page
