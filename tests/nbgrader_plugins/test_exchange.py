"""nbgrader's exchange: hand out, fetch, submit, collect, grade, give back, export."""

import csv
import shutil

import pytest

from autograder.course.folder import Course
from autograder.gradebook.record import read_result
from autograder.publish.feedback import feedback
from tests import tiny_course
from tests.nbgrader_plugins.commands import nbgrader

STUDENTS = {"ada": 4, "bob": 2, "cyd": 0}
"""Student to the score earned."""


class World:
    """A course, an exchange, and a folder for each student's computer."""

    def __init__(self, root, course):
        self.root, self.course = root, course
        self.assignment = course.assignment("tiny")
        self.exchange = root / "exchange"
        self.exchange.mkdir()
        self._connect(course.root, (course.root / "nbgrader_config.py").read_text())
        for student in STUDENTS:
            self.home(student).mkdir()
            own = 'c = get_config()\nc.CourseDirectory.course_id = "course"\n'
            self._connect(self.home(student), own)

    def _connect(self, folder, text):
        settings = (
            f"c.Exchange.root = {str(self.exchange)!r}\n"
            f"c.Exchange.cache = {str(folder.with_name(folder.name + '-cache'))!r}\n"
            "c.ExchangeCollect.check_owner = False  # one user of this machine plays all\n"
        )
        (folder / "nbgrader_config.py").write_text(text + settings)

    def home(self, student):
        return self.root / student

    def staff(self, *command):
        return nbgrader(self.course.root, *command)

    def as_student(self, student, *command):
        return nbgrader(self.home(student), *command, f"--student={student}")

    def work(self, student, submission):
        """Write a student's work over what was fetched."""
        folder = self.home(student) / "tiny"
        for path, content in submission.files.items():
            (folder / path).write_bytes(content)
        for name, content in submission.notebooks.items():
            (folder / f"{name}.ipynb").write_bytes(content)

    def page(self, student):
        """Return the page that the student finds after fetching the feedback."""
        home = self.home(student) / "tiny" / "feedback"
        shutil.rmtree(home, ignore_errors=True)
        self.as_student(student, "fetch_feedback", "tiny")
        (page,) = home.rglob("tiny.html")
        return page.read_text()


@pytest.fixture(scope="module")
def world(tmp_path_factory, released_once):
    root = tmp_path_factory.mktemp("exchange")
    shutil.copytree(released_once.root, root / "course")
    world = World(root, Course(root / "course"))
    world.staff("release_assignment", "tiny")
    for student in STUDENTS:
        world.as_student(student, "fetch_assignment", "tiny")
    world.fetched = files(world.home("cyd") / "tiny")
    half_done = tiny_course.solved()
    tiny_course.replace(half_done, "SCALE = 2.0", "SCALE = 3.0")
    world.work("ada", tiny_course.solved())
    world.work("bob", half_done)
    for student in STUDENTS:
        world.as_student(student, "submit", "tiny")
    world.staff("collect", "tiny")
    world.staff("autograde", "tiny")
    return world


def files(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "feedback" not in path.parts
    }


def test_students_fetch_the_release_to_the_byte(world):
    assert world.fetched == files(world.assignment.release)


def test_what_was_collected_is_graded_by_the_engine(world):
    scores = {student: read_result(world.assignment, student).score for student in STUDENTS}
    assert scores == STUDENTS


def test_a_later_hand_in_takes_the_place_of_the_first(world):
    world.work("cyd", tiny_course.solved())
    world.as_student("cyd", "submit", "tiny")
    world.staff("collect", "tiny", "--update")
    assert "SCALE *" in (world.assignment.submitted("cyd") / "cs_lib" / "layers.py").read_text()


def test_nbgraders_feedback_reaches_the_student(world):
    world.staff("generate_feedback", "tiny", "--force")
    world.staff("release_feedback", "tiny")
    page = world.page("bob")
    assert "(Score: 2.0 / 7.0)" in page
    assert "Because once is not enough" not in page


def test_the_kits_feedback_reaches_the_student(world):
    feedback(world.assignment)
    world.staff("release_feedback", "tiny")
    assert "1.5 times too large" in world.page("bob")


def test_scores_are_exported(world):
    world.staff("export", "--to=grades.csv")
    with (world.course.root / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: float(row["raw_score"]) for student, row in rows.items()} == STUDENTS
    assert {float(row["max_score"]) for row in rows.values()} == {7}
