import os
import shutil
import sys
from pathlib import Path

import pytest

from autograder import __main__
from autograder.course.folder import Course
from autograder.grade.settings import CourseSettings
from tests import tiny_course

# What the kit reads from the environment of whoever runs it (a CI service sets CI, a course's
# staff the other two); every test starts without, here and in the processes it starts.
for name in ("AUTOGRADER_KEY", "CI", "COURSEDATA"):
    os.environ.pop(name, None)
ON_POSTGRES = os.environ.pop("AUTOGRADER_TESTS_ON", "") == "postgresql"
own = [os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else []
os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).with_name("start")), *own])


@pytest.fixture(scope="module", autouse=True)
def one_library_a_module():
    """Put back the `cs_lib` that was imported: grading another course imports that course's."""
    imported, path = _library(), list(sys.path)
    yield
    for name in _library():
        del sys.modules[name]
    sys.modules.update(imported)
    sys.path[:] = path


def _library():
    return {name: found for name, found in sys.modules.items() if name.split(".")[0] == "cs_lib"}


@pytest.fixture
def course(tmp_path):
    """A tiny course in a folder of its own."""
    return Course(tiny_course.write(tmp_path / "course"))


@pytest.fixture
def tiny(course):
    return course.assignment("tiny")


@pytest.fixture(scope="session")
def released_once(tmp_path_factory):
    from autograder.gradebook.store import make_rows  # nbgrader takes seconds to import
    from autograder.handout.release import release

    course = Course(tiny_course.write(tmp_path_factory.mktemp("released") / "course"))
    make_rows(course.assignment("tiny"))
    release(course.assignment("tiny"))
    return course


@pytest.fixture
def as_file(tmp_path, released_once):
    """The tiny assignment, released, with its rows in the gradebook, in a folder of its own."""
    shutil.copytree(released_once.root, tmp_path / "course")
    return Course(tmp_path / "course").assignment("tiny")


@pytest.fixture
def released(as_file, wherever):
    return wherever(as_file)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server."""
    pytest.importorskip("psycopg", reason="NOT run on PostgreSQL: psycopg is not installed")
    from tests.postgres import Server

    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request, as_file):
    """The released tiny assignment, its gradebook a file, and then a PostgreSQL database."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres").take_over(as_file.course)
    return as_file


@pytest.fixture(scope="session")
def wherever(request):
    """Let a course keep its gradebook where these tests are to run: see `make test-postgres`."""

    def wherever(assignment):
        if ON_POSTGRES:
            request.getfixturevalue("postgres").take_over(assignment.course)
        return assignment

    return wherever


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory, released_once):
    """The tiny course with six submissions, graded; the run's summary, its steps of progress."""
    from autograder.grade.course_run import grade_course
    from tests.course_run import KEY, hand_in_six

    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    config = assignment.folder / "assignment.toml"
    config.write_text(config.read_text() + "\n[limits]\ncheck_seconds = 3\n")
    hand_in_six(assignment)
    steps = []
    summary = grade_course(
        assignment, CourseSettings(KEY, jobs=2), lambda *step: steps.append(step)
    )
    return assignment, summary, steps


@pytest.fixture
def graded(tmp_path, graded_once, wherever):
    """The graded tiny assignment, in a course folder of its own."""
    shutil.copytree(graded_once[0].course.root, tmp_path / "graded")
    return wherever(Course(tmp_path / "graded").assignment("tiny"))


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        """Call the console script; return exit code, standard output and error."""
        monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            __main__.main()
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    return run
