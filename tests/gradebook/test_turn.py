"""One run at a time; who is waited for in vain is named."""

import os
import subprocess
import sys
import threading

import pytest
import sqlalchemy
from nbgrader.api import InvalidEntry

from autograder.errors import InstructorError
from autograder.gradebook.store import open_gradebook
from autograder.gradebook.turn import LOCK, turn
from autograder.handout import nbgrader_app


def test_a_second_run_waits_and_then_names_the_first(released):
    with turn(released):
        with pytest.raises(InstructorError) as caught, turn(released, patience=0.1):
            pass
        assert f"waited 0.1 s for process {os.getpid()} on " in str(caught.value)
        assert str(caught.value).startswith(f"results/tiny/{LOCK}: expected no other run")
    with turn(released, patience=0):
        pass


def test_a_second_run_goes_on_when_the_first_has_ended(released):
    done = []

    def second():
        with turn(released):
            done.append("second")

    with turn(released):
        thread = threading.Thread(target=second)
        thread.start()
        done.append("first")
    thread.join(30)
    assert done == ["first", "second"]


def test_a_run_that_was_killed_keeps_nobody_waiting(released):
    program = (
        "import sys, os, signal; from autograder.course.folder import Course; "
        "from autograder.gradebook.turn import turn; "
        "context = turn(Course(sys.argv[1]).assignment('tiny')); context.__enter__(); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = str(released.course.root)
    code = f"from pathlib import Path; {program}".replace("sys.argv[1]", "Path(sys.argv[1])")
    ended = subprocess.run([sys.executable, "-c", code, root], check=False)
    assert ended.returncode == -9
    with turn(released, patience=0):
        pass


def test_a_course_that_cannot_be_written_is_told_before_anything_is_done(released, monkeypatch):
    monkeypatch.setattr("autograder.gradebook.turn.os.access", lambda *_: False)
    with pytest.raises(InstructorError, match="expected a folder that this account can write to"):
        turn(released).__enter__()


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("COMMIT")
"""


@pytest.fixture
def locked(released):
    """A process that holds the gradebook until its standard input ends."""
    with open_gradebook(released.course):
        pass
    command = [sys.executable, "-c", HOLDER, str(released.course.gradebook)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.stdin.close()


def test_a_locked_gradebook_is_told_with_the_one_who_holds_it(released, locked, monkeypatch):
    monkeypatch.setattr(nbgrader_app, "PATIENCE", 0.2)
    with pytest.raises(InstructorError) as caught, open_gradebook(released.course):
        pass
    text = str(caught.value)
    assert text.startswith("gradebook.db: expected a gradebook that can be written, waited 0.2 s")
    assert f"process {locked.pid} (python" in text
    assert "what was graded is kept" in text


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(released, locked):
    threading.Timer(0.3, locked.stdin.close).start()
    with open_gradebook(released.course) as gradebook:
        assert gradebook.students == []


def test_a_lock_that_nbgrader_meets_is_told_alike(released, locked, monkeypatch):
    """nbgrader wraps what goes wrong when it commits in an error of its own."""
    monkeypatch.setattr(nbgrader_app, "PATIENCE", 0.2)

    def wrapped(*_):
        try:
            raise sqlalchemy.exc.OperationalError("", {}, Exception("database is locked"))
        except sqlalchemy.exc.OperationalError as error:
            raise InvalidEntry(*error.args)  # noqa: B904 - as nbgrader does it

    monkeypatch.setattr("autograder.gradebook.store.Gradebook", wrapped)
    with pytest.raises(InstructorError, match=r"waited 0\.2 s for process"):
        open_gradebook(released.course).__enter__()


def test_a_gradebook_that_is_none_is_told(released):
    released.course.gradebook.unlink(missing_ok=True)
    released.course.gradebook.write_bytes(b"no database, but long enough to be looked at" * 30)
    with pytest.raises(InstructorError, match="file is not a database"):
        open_gradebook(released.course).__enter__()
