"""A worker of modules alone: IPython is not there, and what it does around cells is."""

import pytest

from autograder.sandbox import Level, explain
from autograder.wall.limits import Limits
from autograder.wall.replies import StudentError
from autograder.wall.zygote import Zygote
from autograder.wire import Remote
from tests.wall.conftest import work

MODULE = b"""
import sys

def has(name):
    return name in sys.modules

def say():
    print("loud")
    print("an error", file=sys.stderr)

def ask():
    return input("?")
"""


@pytest.fixture(scope="module")
def bare():
    with Zygote(allow_unsafe=True, preload=["numpy"], cells=False) as zygote:
        yield zygote


@pytest.fixture
def worker(bare):
    with bare.worker({"cs_lib/work.py": MODULE}, Limits()) as worker:
        yield worker


def test_ipython_is_not_imported(worker, bare):
    assert worker.call(work("has"), ["IPython"]) is (bare.level is Level.C)
    assert worker.call(work("has"), ["numpy"]) is True


def test_what_is_printed_is_collected(worker):
    worker.call(work("say"))
    assert worker.last_call.stdout == "loud\nan error\n"


def test_input_is_refused(worker):
    with pytest.raises(StudentError, match="raw_input was called") as caught:
        worker.call(work("ask"))
    assert caught.value.exception == "StdinNotImplementedError"
    assert worker.alive


def test_a_name_of_a_notebook_is_missing(worker):
    with pytest.raises(StudentError, match=r"^x: nothing of this name is defined") as caught:
        worker.get(Remote("notebook").attribute("x"))
    assert caught.value.cause == "missing"


def test_where_nothing_can_be_imported_later_cells_run_all_the_same():
    if explain().level > Level.C:
        pytest.skip(f"this machine gives {explain().level} at best")
    with (
        Zygote(level=Level.C, allow_unsafe=True, preload=["numpy"], cells=False) as zygote,
        zygote.worker({}, Limits()) as worker,
    ):
        assert worker.run_cell("print(1)", 5).status == "ok"
