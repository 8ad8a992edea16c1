"""Grader and worker share a processor while they take turns, and only then."""

import os

import pytest

from autograder.wall import turns
from tests.wall.conftest import work

ALL = os.sched_getaffinity(0)
SEVERAL = pytest.mark.skipif(len(ALL) < 2, reason="this machine has one processor")
SOURCE = """
import os, threading, time

def where():
    return sorted(os.sched_getaffinity(0))

def free(seconds=4):
    end = time.monotonic() + seconds
    while len(os.sched_getaffinity(0)) == 1 and time.monotonic() < end:
        pass
    return where()

def thread_free():
    found = []
    thread = threading.Thread(target=lambda: found.append(free()))
    thread.start()
    thread.join()
    return found[0]
"""


@pytest.fixture(autouse=True)
def left_as_it_was():
    yield
    assert os.sched_getaffinity(0) == ALL


def patient(worker):
    """Let no call be long for a worker that waits for a busy machine."""
    worker._channel.patience = 60
    return worker


@SEVERAL
def test_both_are_on_one_processor(submit):
    worker = patient(submit(SOURCE))
    worker.call(work("where"))
    assert [worker.call(work("where")) for _ in range(3)] == [sorted(os.sched_getaffinity(0))] * 3
    assert len(os.sched_getaffinity(0)) == 1
    worker.close()


@SEVERAL
@pytest.mark.parametrize("name", ["free", "thread_free"])
def test_who_is_long_at_work_is_let_go(submit, name):
    worker = submit(SOURCE)
    worker.call(work("where"))
    assert worker.call(work(name)) == sorted(ALL)
    back = patient(worker).call(work("where"))
    assert back == sorted(os.sched_getaffinity(0)), "and comes back"
    worker.close()


@SEVERAL
def test_the_grader_follows(submit, monkeypatch):
    worker = submit(SOURCE)
    worker.call(work("where"))
    other = next(iter(ALL - os.sched_getaffinity(0)))
    worker.call(work("free"))
    patient(worker)
    monkeypatch.setattr(turns, "_processor_of", {worker._process.pid_here: other}.get)
    assert worker.call(work("where")) == [other]
    assert os.sched_getaffinity(0) == {other}
    worker.close()


@SEVERAL
def test_two_workers_at_once(submit):
    first, second = patient(submit(SOURCE)), patient(submit(SOURCE))
    for worker in (first, second, first, second):
        assert len(worker.call(work("where"))) == 1
    first.close()
    assert second.call(work("where")) is not None
    second.close()


@SEVERAL
def test_the_end_of_a_worker_frees_the_grader(submit):
    worker = submit(SOURCE + "\ndef end(): os._exit(3)\n")
    worker.call(work("where"))
    with pytest.raises(Exception, match="ended itself"):
        worker.call(work("end"))


@pytest.mark.parametrize("what", ["refused", "one processor", "hidden"])
def test_where_it_cannot_be_all_goes_on(submit, monkeypatch, what):
    def refuse(*_):
        raise PermissionError

    if what == "refused":
        monkeypatch.setattr(os, "sched_setaffinity", refuse)
    elif what == "one processor":
        monkeypatch.setattr(turns, "_ALL", {0})
    else:
        monkeypatch.setattr(turns, "_processor_of", refuse)
    worker = submit(SOURCE)
    assert worker.call(work("where")) == sorted(ALL)
    worker.close()
