"""A course run on a Dask cluster gives what one on this machine gives, whatever becomes of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Future

import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError, SandboxUnavailable
from autograder.grade import remote
from autograder.grade.cluster import ClusterPool
from autograder.grade.course_run import grade_course
from autograder.grade.parcel import pack
from autograder.grade.settings import CourseSettings, Settings
from autograder.gradebook.record import read_result
from autograder.intake.select import Submission
from autograder.results import Result
from tests import tiny_course
from tests.course_run import KEY, hand_in, hand_in_six, wrong

dask = pytest.importorskip("dask", reason="NOT run on Dask: it is not installed")
distributed = pytest.importorskip("distributed", reason="NOT run on Dask: it is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def cluster_of(folder, workers):
    # Else it takes a worker for lost that its nanny needs more than 15 s to start anew.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"})
    dask.config.set({"distributed.admin.tick.interval": "500ms"})  # idle, it takes less
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=2,
        dashboard_address="127.0.0.1:0",
        local_directory=str(folder),
    )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with cluster_of(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


@pytest.fixture
def on(cluster):
    """The settings of a run on the cluster."""
    return CourseSettings(KEY, dask=cluster.scheduler_address)


def verdicts(summary):
    def told(check):  # a limit in seconds is what was left of the time
        return re.sub(r"after [0-9.]+ s", "after N s", "\n".join(check.explanations))

    return {
        result.student: [(c.name, c.score, c.status, told(c)) for c in result.checks]
        for result in summary.results
    }


def test_a_cluster_grades_as_this_machine_does(as_file, graded_once, on):
    other, here, _ = graded_once
    config = as_file.folder / "assignment.toml"
    shutil.copy(other.folder / "assignment.toml", config)
    released = Course(as_file.course.root).assignment("tiny")
    hand_in_six(released)
    there = grade_course(released, on)
    assert verdicts(there) == verdicts(here)
    assert sorted(there.graded) == sorted(here.graded)
    assert there.warnings == here.warnings
    assert read_result(released, "ada").key == read_result(other, "ada").key
    assert read_result(released, "ada").sandbox.level in ("A", "B")
    assert grade_course(released, CourseSettings(KEY, jobs=1)).graded == []
    assert grade_course(released, on).graded == []
    with distributed.Client(on.dask) as client:
        assert set(client.run(profiles).values()) == {False}


def profiles(dask_worker):
    """Whether Dask's profiler looks at this worker."""
    return dask_worker.periodic_callbacks["profile"].is_running()


class Handed(Future):
    """Work that a cluster of nobody has been handed."""

    status, key = "finished", "work"


class Nobody:
    """A client of two workers that do nothing."""

    status = "closed"

    def __init__(self):
        self.handed, self.closed = [], False

    def nthreads(self):
        return {"one": 1, "two": 1}

    def run(self, *_, workers, **__):
        return dict.fromkeys(workers, remote.State.READY)

    def processing(self):
        return {"one": ["work"]}

    def submit(self, _, job, student, *__, **___):
        if self.closed:
            raise distributed.client.ClosedClientError("Client is closed.")
        self.handed.append((student, Handed()))
        return self.handed[-1][1]


def test_work_waits_for_a_free_worker_and_not_behind_another(released):
    client = Nobody()
    pool = ClusterPool(client, "tcp://nobody", pack(released), Settings(KEY))
    try:
        answers = {name: pool.submit(name, Submission(files={})) for name in "abcd"}
        assert pool.at_once == 4
        assert [name for name, _ in client.handed] == ["a", "b"]
        client.handed[1][1].set_result("graded")
        assert [name for name, _ in client.handed] == ["a", "b", "c"]
        assert answers["b"].done()
    finally:
        pool.close()
    assert {name for name in "abcd" if answers[name].cancelled()} == {*"acd"}
    assert len(client.handed) == 3


def test_work_that_waits_when_the_scheduler_goes_is_given_up(released):
    """Nothing would ever say a word of it: the command would wait for ever."""
    client = Nobody()
    pool = ClusterPool(client, "tcp://nobody", pack(released), Settings(KEY))
    try:
        answers = {name: pool.submit(name, Submission(files={})) for name in "abc"}
        client.closed = True
        client.handed[0][1].set_result("graded")
        assert answers["a"].done()
        assert answers["c"].cancelled()
        assert pool.submit("d", Submission(files={})).cancelled()
        assert str(pool.gone()).startswith("--dask: expected the scheduler at")
    finally:
        pool.close()


def test_no_cluster_at_the_address(released):
    hand_in(released, "ada", tiny_course.solved())
    quickly = dask.config.set({"distributed.comm.timeouts.connect": "200ms"})
    refused = pytest.raises(InstructorError, match=r'^--dask: expected a scheduler at "tcp://127')
    with quickly, refused:
        grade_course(released, CourseSettings(KEY, dask="tcp://127.0.0.1:9"))


def test_a_worker_of_other_versions_is_refused_by_name(released, on, monkeypatch):
    hand_in(released, "ada", tiny_course.solved())
    found = remote.versions()
    monkeypatch.setattr(remote, "versions", lambda: {**found, "Python": "3.9", "numpy": "1.0"})
    with pytest.raises(InstructorError) as caught:
        grade_course(released, on)
    first, *workers = str(caught.value).splitlines()
    assert first.startswith("--dask: expected a worker that can grade at ")
    assert len(workers) == 2
    for line in workers:
        assert ": not used: expected the versions of the machine with the course, got " in line
        assert f"Python {found['Python']} for 3.9, numpy {found['numpy']} for 1.0." in line
    assert read_result(released, "ada") is None


def weaken():
    """Let this worker's machine give no sandbox."""
    from autograder import sandbox

    def none(*_, **__):
        raise SandboxUnavailable("sandbox: expected level A, this machine gives C.")

    sandbox.choose, sandbox.before = none, sandbox.choose


def strengthen():
    from autograder import sandbox

    sandbox.choose = sandbox.before


@pytest.mark.slow
def test_workers_without_the_sandbox_asked_for_do_not_grade(released, on, cluster):
    for student in ("ada", "bob", "cyd"):
        hand_in(released, student, tiny_course.solved())
    with distributed.Client(cluster) as client:
        weak, other = sorted(client.nthreads())
        client.run(weaken, workers=[weak])
        try:
            summary = grade_course(released, on)
            client.run(weaken, workers=[other])
            with pytest.raises(SandboxUnavailable, match="this machine gives C"):
                grade_course(released, CourseSettings(KEY, dask=on.dask, force=True))
            client.run(strengthen, workers=[other])
        finally:
            client.run(strengthen, workers=[weak])
    assert sorted(summary.graded) == ["ada", "bob", "cyd"]
    assert summary.warnings == [
        f"--dask: {weak}: not used: sandbox: expected level A, this machine gives C."
    ]


ENDS = """
    if isinstance(notebook.triple(x), str):
        os._exit(9)
"""


@pytest.mark.slow
def test_a_submission_that_ends_its_workers_costs_itself_alone(released, tmp_path):
    text = released.checks.read_text()
    text = text.replace("    expect_close(notebook", f"{ENDS}    expect_close(notebook")
    released.checks.write_text(text.replace("from autograder", "import os\n\nfrom autograder", 1))
    deadly = tiny_course.solved()
    tiny_course.replace_cell(deadly, "triple-code", "def triple(x):\n    return 'end'")
    students = ["ada", "bob", "cyd", "dan", "eve"]
    for student in students:
        hand_in(released, student, deadly if student == "bob" else tiny_course.solved())
    with cluster_of(tmp_path / "dask", 2) as cluster:
        summary = grade_course(released, CourseSettings(KEY, dask=cluster.scheduler_address))
    assert sorted(summary.graded) == ["ada", "cyd", "dan", "eve"]
    (alert,) = summary.alerts
    assert alert.startswith("bob: not graded: the process that grades died")


@pytest.mark.slow
def test_a_worker_that_is_killed_has_its_work_done_elsewhere(released, tmp_path):
    students = [f"student{number}" for number in range(6)]
    for number, student in enumerate(students):
        changed = wrong("SCALE = 2.0", f"SCALE = {number}.0")
        hand_in(released, student, changed)
    with cluster_of(tmp_path / "dask", 2) as cluster, distributed.Client(cluster) as client:
        victims = list(client.run(os.getpid).values())[:1]

        def kill(done, total):
            if done == 1:
                os.kill(victims.pop(), signal.SIGKILL)

        settings = CourseSettings(KEY, dask=cluster.scheduler_address)
        summary = grade_course(released, settings, kill)
    assert not victims
    assert sorted(summary.graded) == students
    assert {r.student: r.score for r in summary.results if r.score == 4} == {"student2": 4}
    assert summary.alerts == []


@pytest.mark.slow
def test_a_scheduler_that_goes_ends_the_run_with_a_word_and_what_is_graded_is_kept(
    released, tmp_path
):
    for number in range(4):
        hand_in(released, f"student{number}", tiny_course.solved())
    cluster = cluster_of(tmp_path / "dask", 1)
    quickly = dask.config.set({"distributed.comm.timeouts.connect": "300ms"})

    def close(done, total):
        if done == 2:
            cluster.close()

    settings = CourseSettings(KEY, dask=cluster.scheduler_address)
    with (
        quickly,
        pytest.raises(InstructorError, match=r"^--dask: expected the scheduler at .*gone"),
    ):
        grade_course(released, settings, close)
    again = grade_course(released, CourseSettings(KEY, jobs=1))
    assert len(again.graded) == 2
    assert {result.score for result in again.results} == {4}


@pytest.mark.slow
def test_ctrl_c_ends_the_run_without_a_traceback_and_the_next_goes_on(as_file, cluster, on):
    students = [f"student{number}" for number in range(6)]
    for student in students[:5]:
        hand_in(as_file, student, tiny_course.solved())
    # The last one holds its worker until its limit, so that the run is still going on.
    hangs = "__import__('time').sleep(1e6)"
    hand_in(as_file, students[5], wrong("return SCALE *", f"{hangs}\n    return SCALE *"))
    command = [sys.executable, "-m", "autograder", "grade", "tiny", "--dask", on.dask]
    with subprocess.Popen(
        command,
        cwd=as_file.course.root,
        env={**os.environ, "AUTOGRADER_KEY": KEY.decode()},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as grader:
        while not list(as_file.results.glob("*.json")):
            assert grader.poll() is None, grader.stderr.read()
            time.sleep(0.01)
        grader.send_signal(signal.SIGINT)
        _, told = grader.communicate()
    assert grader.returncode == 130
    assert "Traceback" not in told
    assert "Error" not in told
    kept = {path.stem for path in as_file.results.glob("*.json")}
    again = grade_course(as_file, on)
    assert {*again.graded} == {*students} - kept
    assert {result.student: result.score for result in again.results if result.score == 4} == (
        dict.fromkeys(students[:5], 4)
    )


def test_one_submission_on_a_cluster_is_as_one_here(released, cluster, run, tmp_path, monkeypatch):
    monkeypatch.chdir(released.course.root)
    folder = hand_in(released, "ada", wrong("SCALE = 2.0", "SCALE = 3.0"))
    one = ("grade", "tiny", "--submission", folder, "--fail-under", "100", "--seed", "1")
    files = [tmp_path / "there.json", tmp_path / "here.json"]
    there, *_ = run(*one, "--dask", cluster.scheduler_address, "--json", files[0])
    here, *_ = run(*one, "--json", files[1])
    assert there == here == 1
    results = [Result.model_validate_json(path.read_text()) for path in files]
    assert results[0].score == 2
    assert [(c.name, c.score, c.explanations) for c in results[0].checks] == [
        (c.name, c.score, c.explanations) for c in results[1].checks
    ]
    assert not (released.course.root / "results").exists()
