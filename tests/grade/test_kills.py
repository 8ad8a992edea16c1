"""Whatever is killed in a course run, and whenever: after a rerun all is as if nothing had been.

The short forms have one moment and eight submissions, the slow ones twenty and three hundred.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook import record as record_room
from autograder.gradebook.entries import Entries
from tests import tiny_course
from tests.course_run import KEY, hand_in, wrong
from tests.same import left_behind

SHORT, LONG = (1, 8), (20, 300)
FORMS = [
    pytest.param(SHORT, id="short"),
    pytest.param(LONG, id="long", marks=pytest.mark.slow),
]
GRADE = (sys.executable, "-m", "autograder", "grade", "tiny", "--jobs", "2")
PAUSE = 0.005


def class_of(assignment, number):
    """Hand in work of so many students: right, wrong, with a time, untouched."""
    kinds = [tiny_course.solved(), wrong("SCALE = 2.0", "SCALE = 3.0"), tiny_course.solved()]
    kinds.append(tiny_course.untouched(assignment))
    for index in range(number):
        folder = hand_in(assignment, f"student{index:03}", kinds[index % len(kinds)])
        if index % 4 == 2:
            (folder / "timestamp.txt").write_text(f"2026-01-02 03:{index % 60:02}:05 UTC")


def copied(assignment, place):
    shutil.copytree(assignment.course.root, place)
    return Course(place).assignment("tiny")


@pytest.fixture(scope="module")
def classes(released_once, tmp_path_factory):
    """Return a course with so many submissions, and what an undisturbed run leaves of it."""
    made = {}

    def classes(number):
        if number not in made:
            root = tmp_path_factory.mktemp("class")
            shutil.copytree(released_once.root, root / "course")
            assignment = Course(root / "course").assignment("tiny")
            class_of(assignment, number)
            undisturbed = copied(assignment, root / "undisturbed")
            grade_course(undisturbed, CourseSettings(KEY, jobs=2 if number > 20 else 1))
            made[number] = assignment, left_behind(undisturbed)
        return made[number]

    return classes


@pytest.fixture
def to_grade(classes, request, tmp_path):
    """A course to grade, the moments of it, and what an undisturbed run leaves."""
    moments, number = request.param
    assignment, undisturbed = classes(number)
    chosen = sorted(random.Random(number).sample(range(number - 1), moments))
    return copied(assignment, tmp_path / "course"), chosen, undisturbed


def graded(assignment):
    return sum(1 for _ in assignment.results.glob("*.json"))


def until(true, process, seconds=300):
    """Wait until something is true, or the process has ended by itself."""
    deadline = time.monotonic() + seconds
    while not true() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(PAUSE)


def started(assignment, **environment):
    return subprocess.Popen(
        GRADE,
        cwd=assignment.course.root,
        env={**os.environ, "AUTOGRADER_KEY": KEY.decode(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("to_grade", FORMS, indirect=True)
def test_the_grader_is_killed(to_grade):
    assignment, moments, undisturbed = to_grade
    for moment in moments:
        with started(assignment) as process:
            until(lambda moment=moment: graded(assignment) > moment, process)
            process.kill()
        assert process.returncode == -signal.SIGKILL  # and has not ended before
    # Once more as the gradebook is being written.
    begun = assignment.course.gradebook.with_name("gradebook.db-journal")
    with started(assignment) as process:
        until(begun.exists, process)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    grade_course(assignment, CourseSettings(KEY, jobs=1))
    assert left_behind(assignment) == undisturbed


def test_drafts_of_a_run_that_was_killed_are_taken_away(released):
    released.results.mkdir(parents=True)
    for name in (".ada.json.x1y2z3", ".grading", "ada.json"):
        (released.results / name).write_text('{"half": ')
    record_room.remove_drafts(released)
    assert sorted(path.name for path in released.results.iterdir()) == [".grading", "ada.json"]


class TestPostgreSQL:
    @pytest.fixture
    def server(self):
        pytest.importorskip("psycopg", reason="NOT run on PostgreSQL: psycopg is not installed")
        from tests.postgres import Server

        server = Server()
        yield server
        server.close()

    @pytest.mark.parametrize("to_grade", FORMS, indirect=True)
    def test_the_server_is_killed(self, to_grade, server, monkeypatch):
        """As the gradebook is opened, at moments of its one transaction, and before its end."""
        assignment, moments, undisturbed = to_grade
        server.take_over(assignment.course)
        record, kills, calls = Entries.record, [0, *moments], []

        def recorded(*arguments, **keywords):
            calls.append(arguments)
            if kills and len(calls) > kills[0]:
                os.kill(server.process, signal.SIGKILL)
            record(*arguments, **keywords)

        monkeypatch.setattr(Entries, "record", recorded)
        while kills:
            calls.clear()
            with pytest.raises(InstructorError, match="See that the server runs"):
                grade_course(assignment, CourseSettings(KEY, jobs=1))
            kills.pop(0)
            with pytest.raises(InstructorError, match="See that the server runs"):
                grade_course(assignment, CourseSettings(KEY, jobs=1))
            server.start()
        grade_course(assignment, CourseSettings(KEY, jobs=1))
        assert left_behind(assignment) == undisturbed


class TestDask:
    @pytest.fixture(autouse=True)
    def _installed(self):
        pytest.importorskip("distributed", reason="NOT run on Dask: it is not installed")

    @pytest.mark.parametrize("to_grade", FORMS, indirect=True)
    def test_workers_are_killed(self, to_grade, tmp_path):
        from distributed import Client

        assignment, moments, undisturbed = to_grade
        with cluster_of(tmp_path / "dask", 2) as cluster, Client(cluster) as client:

            def kill(done, total):
                if moments and done > moments[0]:
                    moments.pop(0)
                    processes = sorted(client.run(os.getpid, on_error="ignore").values())
                    os.kill(processes[done % len(processes)], signal.SIGKILL)

            settings = CourseSettings(KEY, dask=cluster.scheduler_address)
            summary = grade_course(assignment, settings, kill)
        assert not moments
        assert summary.alerts == []
        assert left_behind(assignment) == undisturbed

    @pytest.mark.slow
    @pytest.mark.parametrize("to_grade", [SHORT, LONG], ids=["short", "long"], indirect=True)
    def test_the_scheduler_is_killed(self, to_grade, tmp_path):
        assignment, moments, undisturbed = to_grade
        for moment in moments:
            with scheduler_and_workers(tmp_path) as (address, scheduler):

                def kill(done, total, moment=moment, scheduler=scheduler):
                    if graded(assignment) > moment:
                        scheduler.kill()

                with contextlib.suppress(InstructorError):
                    grade_course(assignment, CourseSettings(KEY, dask=address), kill)
                assert scheduler.wait(60) == -signal.SIGKILL
        grade_course(assignment, CourseSettings(KEY, jobs=1))
        assert left_behind(assignment) == undisturbed


def cluster_of(folder, workers):
    import distributed

    # Else it takes a worker for lost that its nanny needs more than 15 s to start anew.
    distributed.config["distributed"]["deploy"]["lost-worker-timeout"] = "10 minutes"
    distributed.config["distributed"]["admin"]["tick"]["interval"] = "500ms"  # it takes less
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        local_directory=str(folder),
    )


@contextlib.contextmanager
def scheduler_and_workers(folder):
    """Start them as a person would, each a process of its own."""
    import distributed

    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = (sys.executable, "-m", "dask", "scheduler", "--no-dashboard", "--port", "0")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    with subprocess.Popen(
        [*dask, "--host", "127.0.0.1", "--scheduler-file", file], **quiet
    ) as scheduler:
        until(file.exists, scheduler)
        work = (sys.executable, "-m", "dask", "worker", "--nworkers", "2", "--nthreads", "1")
        with subprocess.Popen(
            [*work, "--no-dashboard", "--scheduler-file", file, "--death-timeout", "10"], **quiet
        ) as workers:
            try:
                address = json.loads(file.read_text())["address"]
                with distributed.Client(address) as client:
                    client.wait_for_workers(2)
                yield address, scheduler
            finally:
                workers.terminate()
                scheduler.terminate()


class TestClock:
    @pytest.mark.parametrize("to_grade", [SHORT], ids=["short"], indirect=True)
    def test_it_jumps(self, to_grade, monkeypatch):
        """By days, ahead and back, whenever somebody looks at it."""
        assignment, _, undisturbed = to_grade
        now, jumps = time.time, random.Random(1)
        monkeypatch.setattr(time, "time", lambda: now() + jumps.choice((-86400, 0, 86400)))
        grade_course(assignment, CourseSettings(KEY, jobs=1))
        assert left_behind(assignment) == undisturbed

    @pytest.mark.slow
    @pytest.mark.parametrize("to_grade", [LONG], ids=["long"], indirect=True)
    def test_it_jumps_in_every_process(self, to_grade):
        """The system's own clock, for all processes of the run, by libfaketime."""
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if library is None:
            pytest.skip("NOT run with a clock that jumps: libfaketime is not installed")
        assignment, moments, undisturbed = to_grade
        file = assignment.course.root.with_name("clock")
        file.write_text("+0")
        jumps = {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        with started(assignment, **jumps) as process:
            for number, moment in enumerate(moments):
                until(lambda moment=moment: graded(assignment) > moment, process)
                file.write_text(f"{'+' if number % 2 else '-'}{number}d")
            _, told = process.communicate()
        assert process.returncode == 0, told
        assert left_behind(assignment) == undisturbed
