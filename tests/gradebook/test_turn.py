"""One run at a time; who is waited for in vain is named."""

import os
import re
import subprocess
import sys
import threading

import pytest
import sqlalchemy
from nbgrader.api import InvalidEntry

from autograder.course import database
from autograder.errors import InstructorError
from autograder.gradebook.store import open_gradebook
from autograder.gradebook.turn import LOCK, turn


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
import sqlalchemy, sys
engine = sqlalchemy.create_engine(sys.argv[1])
with engine.begin() as connection:  # as formgrader, when it writes
    is_sqlite = engine.dialect.name == "sqlite"
    write = "BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE grade IN ROW EXCLUSIVE MODE"
    connection.execute(sqlalchemy.text(write))
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def locked(released):
    """A process that holds the gradebook until its standard input ends."""
    with open_gradebook(released.course):
        pass
    url = database.database_of(released.course).address.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.stdin.close()


def holder(released, locked):
    """Name the process as a message does."""
    if database.database_of(released.course).file:
        return rf"process {locked.pid} \(python"
    return r"a program on 127\.0\.0\.1 \(the server's process \d+\)"


def test_a_locked_gradebook_is_told_with_the_one_who_holds_it(released, locked, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    with pytest.raises(InstructorError) as caught, open_gradebook(released.course):
        pass
    text = str(caught.value)
    shown = database.database_of(released.course).shown
    start = f"{shown}: expected a gradebook that can be written, waited 0.2 s for "
    assert re.match(re.escape(start) + holder(released, locked), text)
    assert "what was graded is kept" in text
    assert "autograder:***@" in text or shown == "gradebook.db"


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(released, locked):
    threading.Timer(0.3, locked.stdin.close).start()
    with open_gradebook(released.course) as gradebook:
        assert gradebook.students == []


def test_a_lock_that_nbgrader_meets_is_told_alike(released, locked, monkeypatch):
    """nbgrader wraps what goes wrong when it commits in an error of its own."""
    monkeypatch.setattr(database, "PATIENCE", 0.2)

    def wrapped(*_):
        try:
            raise sqlalchemy.exc.OperationalError("", {}, Exception("database is locked"))
        except sqlalchemy.exc.OperationalError as error:
            raise InvalidEntry(*error.args)  # noqa: B904 - as nbgrader does it

    monkeypatch.setattr("autograder.gradebook.store.Gradebook", wrapped)
    with pytest.raises(InstructorError, match=r"waited 0\.2 s for " + holder(released, locked)):
        open_gradebook(released.course).__enter__()
