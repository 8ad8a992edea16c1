"""What is told of an error beside its text: the student's own lines."""

import sys
import types

import pytest

from autograder.wall.replies import StudentError
from autograder.worker.errors import describe
from tests.wall.conftest import work

UNRULY = """
def boom(*_):
    raise RuntimeError("asked")

class Classless(ValueError):
    __class__ = property(boom)

class Untraced(ValueError):
    __traceback__ = property(boom)

class Unplaced(SyntaxError):
    filename = lineno = msg = property(boom)

class Nameless(type):
    __name__ = __mro__ = property(boom)

class OfNameless(ValueError, metaclass=Nameless):
    pass

class Closed(ValueError):
    def __getattribute__(self, name):
        boom()

class Undecided(ValueError):
    __bool__ = __len__ = __eq__ = __hash__ = boom

class Pretending(ValueError):
    __class__ = MemoryError

def fail(name):
    raise globals()[name]("hello")
"""
KINDS = "Classless Untraced Unplaced OfNameless Closed Undecided Pretending"


def test_a_line_that_a_traceback_has_twice_is_told_once():
    """So Python 3.11.2 does where a debugger gives up."""

    def again(depth):
        frame = sys._getframe()
        if depth == 0:
            raise ValueError(frame.f_lineno)
        again(depth - 1)

    try:
        again(2)
    except ValueError as raised:
        error = raised
    once = describe(error, "exception", lambda file: file)["frames"]
    assert [function for _, _, function, _ in once[1:]] == ["again"] * 3  # calls of one line stay
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    last.tb_next = types.TracebackType(None, last.tb_frame, last.tb_lasti, last.tb_lineno)
    assert describe(error, "exception", lambda file: file)["frames"] == once


@pytest.mark.parametrize("kind", KINDS.split())
def test_an_error_is_described_whatever_its_class_does(submit, kind):
    worker = submit(UNRULY)
    with worker.time_limit(5), pytest.raises(StudentError) as raised:
        worker.call(work("fail"), (kind,))
    assert raised.value.cause == "exception"
    assert str(raised.value).startswith(f"{kind}: hello\n  cs_lib/work.py, line ")
    assert worker.run_cell(f"import cs_lib.work as w; w.fail({kind!r})", 5).status == "error"
    assert worker.run_cell("1 + 1", 5).status == "ok"


@pytest.mark.parametrize("kind", KINDS.split())
def test_so_is_one_that_ends_an_import(submit, kind):
    worker = submit(f"{UNRULY}\nfail({kind!r})")
    with worker.time_limit(5), pytest.raises(StudentError) as raised:
        worker.call(work("fail"), (kind,))
    assert raised.value.cause == "import"
    assert "hello" in str(raised.value)
