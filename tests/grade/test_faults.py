"""One bad thing never stops a batch: files that cannot be, processes that end, damaged results."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import InstructorError
from autograder.grade import course_run
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result, result_path
from autograder.gradebook.store import open_gradebook
from autograder.publish.feedback import feedback
from tests import tiny_course
from tests.course_run import KEY, hand_in

LONG = "x" * 251
WIDE = "é" * 125


@pytest.fixture
def three(released):
    for student in ("ada", "bob", "cyd"):
        hand_in(released, student, tiny_course.solved())
    return released


def test_names_as_long_as_a_file_system_takes_them(released):
    other = LONG[:-1] + "y"
    for student in (LONG, other, WIDE, "ada"):
        hand_in(released, student, tiny_course.solved())
    summary = grade_course(released, CourseSettings(KEY, jobs=1))
    assert sorted(summary.graded) == sorted([LONG, other, WIDE, "ada"])
    assert {result.student: result.score for result in summary.results} == dict.fromkeys(
        (LONG, other, WIDE, "ada"), 4
    )
    assert result_path(released, "ada").name == "ada.json"
    assert grade_course(released, CourseSettings(KEY, jobs=1)).graded == []
    assert len(feedback(released)) == 4
    with open_gradebook(released.course) as gradebook:
        assert gradebook.find_submission("tiny", LONG).score == 4


def test_a_folder_where_a_result_belongs_costs_one_student(three):
    (three.results / "bob.json" / "inside").mkdir(parents=True)
    summary = grade_course(three, CourseSettings(KEY, jobs=1))
    assert sorted(summary.graded) == ["ada", "cyd"]
    (alert,) = summary.alerts
    assert alert.startswith("bob: graded, but not kept: ")
    assert "bob.json: Is a directory" in alert


def test_a_full_disk_stops_the_run_with_one_line(three, run, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "results/tiny/ada.json")

    monkeypatch.chdir(three.course.root)
    monkeypatch.setattr(course_run, "store_for", full)
    code, _, told = run("grade", "tiny", "--jobs", 1)
    assert code == 2
    assert told.splitlines() == [
        "autograder: results/tiny/ada.json: expected a file that can be read and written, got: No "
        "space left on device. Make room, or choose a place that can be written, and run the "
        "command again: what is done is kept."
    ]


def test_damaged_results_cost_their_own_pages_alone(three):
    grade_course(three, CourseSettings(KEY, jobs=1))
    result_path(three, "ada").write_text('{"score": ')
    result_path(three, "bob").unlink()
    result_path(three, "bob").mkdir()
    with pytest.raises(InstructorError) as caught:
        feedback(three)
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "results/tiny/ada.json",
        "results/tiny/bob.json",
    ]
    assert (three.course.feedback / "cyd" / "tiny" / "index.html").is_file()
    assert read_result(three, "ada") is None


ENDS = """
    if isinstance(notebook.triple(x), str):
        os._exit(9)
"""


def test_of_forty_submissions_one_that_ends_its_grading_costs_itself_alone(released):
    text = released.checks.read_text()
    text = text.replace("    expect_close(notebook", f"{ENDS}    expect_close(notebook")
    released.checks.write_text(text.replace("from autograder", "import os\n\nfrom autograder", 1))
    students = [f"student{number:02}" for number in range(40)]
    for student in students:
        hand_in(released, student, tiny_course.solved())
    deadly = tiny_course.solved()
    tiny_course.replace_cell(deadly, "triple-code", "def triple(x):\n    return 'end'")
    hand_in(released, "student07", deadly)
    summary = grade_course(released, CourseSettings(KEY, jobs=2))
    assert sorted(summary.graded) == [name for name in students if name != "student07"]
    assert {result.score for result in summary.results} == {4}
    (alert,) = summary.alerts
    assert alert.startswith("student07: not graded: the process that grades died")


HANGS = "def triple(x):\n    while True: pass"


def _descendants(pid):
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    family, size = {pid}, 0
    while len(family) > size:
        size = len(family)
        family |= {child for child, parent in parents.items() if parent in family}
    return family - {pid}


@contextmanager
def busy(released):
    """Give a run that is grading on two processes, and its descendants; what is left must end."""
    hang = tiny_course.solved()
    tiny_course.replace_cell(hang, "triple-code", HANGS)
    for student in ("ada", "bob", "cyd", "dan"):
        hand_in(released, student, hang)
    command = [sys.executable, "-m", "autograder", "grade", "tiny", "--jobs", "2"]
    grader = subprocess.Popen(
        command,
        cwd=released.course.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "AUTOGRADER_KEY": "key"},
        # Else the grader ignores Ctrl-C where these tests run in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        family = set()
        # Of each a pair: pool processes, zygotes, workers.
        while sum("python" in _name(pid) for pid in family) < 6:
            assert grader.poll() is None
            time.sleep(0.05)
            family = _descendants(grader.pid)
        watched = [os.pidfd_open(pid) for pid in family]
        yield grader
    finally:
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        grader.stderr.close()
    deadline = time.monotonic() + 5
    while left := [pid for pid in family if Path(f"/proc/{pid}").exists() and not _is_dead(pid)]:
        assert time.monotonic() < deadline, {pid: _name(pid) for pid in left}
        time.sleep(0.05)
    for descriptor in watched:
        os.close(descriptor)


def test_a_grader_that_is_killed_leaves_no_process(released):
    """Pool, zygotes and workers end with it: none of them may wait for what never comes."""
    with busy(released):
        pass


def test_ctrl_c_ends_the_run_without_a_traceback_and_leaves_no_process(released):
    """A terminal sends it to all processes of the run."""
    with busy(released) as grader:
        os.killpg(grader.pid, signal.SIGINT)
        _, told = grader.communicate()
        assert grader.returncode == 130
        assert "Traceback" not in told
        assert "Error" not in told


def _name(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def _is_dead(pid):
    """Whether a process is gone, or a zombie that only its new parent has yet to collect."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def test_json_goes_into_a_pipe(three, run, monkeypatch, tmp_path):
    monkeypatch.chdir(three.course.root)
    reading, writing = os.pipe()
    submission = three.submitted("ada")
    code, _, _ = run("grade", "tiny", "--submission", submission, "--json", f"/dev/fd/{writing}")
    assert code == 0
    os.close(writing)
    with os.fdopen(reading) as file:
        assert json.load(file)["score"] == 4
