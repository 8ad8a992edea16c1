"""A course run on a Dask cluster gives what a run on this machine gives."""

import shutil

import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from tests import tiny_course
from tests.course_run import KEY, hand_in, wrong

dask = pytest.importorskip("dask", reason="NOT run on Dask: it is not installed")
distributed = pytest.importorskip("distributed", reason="NOT run on Dask: it is not installed")


@pytest.fixture
def assignment(tmp_path, released_once):
    shutil.copytree(released_once.root, tmp_path / "course")
    assignment = Course(tmp_path / "course").assignment("tiny")
    hand_in(assignment, "ada", tiny_course.solved())
    hand_in(assignment, "bob", wrong("SCALE = 2.0", "SCALE = 3.0"))
    return assignment


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")
def test_a_cluster_grades_as_this_machine_does(assignment, tmp_path):
    cluster = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
    )
    with cluster:
        options = CourseSettings(KEY, dask=cluster.scheduler_address)
        summary = grade_course(assignment, options)
    assert {result.student: result.score for result in summary.results} == {"ada": 4, "bob": 2}
    assert sorted(summary.graded) == ["ada", "bob"]
    again = grade_course(assignment, CourseSettings(KEY, jobs=1))
    assert again.graded == []
    assert read_result(assignment, "ada").sandbox.level in ("A", "B")


def test_no_cluster_at_the_address(assignment):
    quickly = dask.config.set({"distributed.comm.timeouts.connect": "200ms"})
    refused = pytest.raises(InstructorError, match=r'^--dask: expected a scheduler at "tcp://127')
    with quickly, refused:
        grade_course(assignment, CourseSettings(KEY, dask="tcp://127.0.0.1:9"))
