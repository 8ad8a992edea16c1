"""What is told of an error beside its text: the student's own lines."""

import sys
import types

from autograder.worker.errors import describe


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
