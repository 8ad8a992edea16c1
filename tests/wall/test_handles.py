"""Of an answer only a handle that the worker may give is taken; all else is a breach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.wall.handles import Handles
from autograder.wall.zygote import StudentError
from autograder.wire import HEADER, BadReply, NotPlain, RandomGenerator, Remote, decode, encode
from tests.wall.conftest import work
from tests.wall.test_wire import SMALL, values

NAMES = [
    RandomGenerator(1),
    Remote("notebook"),
    Remote("module:cs_lib.layers"),
    Remote("module:cs_lib.layers", (("attr", "affine_forward"),)),
    Remote("object:1", (("attr", "forward"),)),
    Remote("object:1", (("item", 0),)),
    Remote("object:0"),
    Remote("object:01"),
]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_name_is_no_handle(name):
    with pytest.raises(BadReply):
        Handles().admit(name)


def test_a_handle_that_comes_again_is_the_same():
    handles = Handles()
    first = handles.admit(Remote("object:3", (), "Net", True))
    assert handles.admit(Remote("object:3", (), "Other", False)) is first
    assert handles.admit(Remote("object:7")).root == "object:7"


def test_a_new_handle_is_higher_than_all_before():
    handles = Handles()
    handles.admit(Remote("object:3"))
    with pytest.raises(BadReply):
        handles.admit(Remote("object:2"))


def test_a_handle_that_was_given_up_does_not_come_again():
    handles = Handles()
    handles.admit(Remote("object:3"))
    handles.forget()
    with pytest.raises(BadReply):
        handles.admit(Remote("object:3"))
    handles.admit(Remote("object:4"))


stand_ins = st.one_of(
    st.sampled_from(NAMES),
    st.integers(-3, 30).map(lambda number: Remote(f"object:{number}")),
    st.text("0123456789:abcjnotemdul.", max_size=20).map(Remote),
)
answers = st.recursive(
    st.one_of(values, stand_ins),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(stand_ins, inner)),
    max_leaves=8,
)


@given(st.lists(answers, max_size=6))
def test_answers_at_random_hold_handles_or_are_refused(given_answers):
    handles, seen = Handles(), []

    def admit(stand_in):
        handle = handles.admit(stand_in)
        seen.append(handle)
        return handle

    for answer in given_answers:
        try:
            frame = b"".join(bytes(piece) for piece in encode(answer, SMALL))
            _, body, _ = HEADER.unpack(frame[: HEADER.size])
            rest = frame[HEADER.size :]
            decode(rest[:body], np.frombuffer(bytearray(rest[body:]), np.uint8), SMALL, admit)
        except (BadReply, NotPlain):
            continue
    numbers = [int(handle.root.removeprefix("object:")) for handle in seen]
    assert all(handle.path == () for handle in seen)
    assert list(dict.fromkeys(numbers)) == sorted(set(numbers))


HONEST = """
import numpy as np
class Net: pass
nets = [Net(), Net()]
def both(): return nets
def too_much(): return [Net(), 7 ** 3_000_000]
def late(): return [Net(), nets[1], nets[0]]
"""


def test_an_honest_worker_gives_handles_that_are_admitted(submit):
    worker = submit(HONEST)
    first = worker.call(work("both"))
    with pytest.raises(StudentError, match="cannot be sent"):
        worker.call(work("too_much"))  # its first handle was never seen
    assert worker.call(work("late"))[1:] == first[::-1]
    worker.forget()
    again = worker.call(work("both"))
    assert [remote.root for remote in again] == ["object:4", "object:5"]
    assert worker.alive


FORGED = """
import sys
Remote = sys.modules["autograder.wire"].Remote
def name(): return Remote("module:cs_lib.work", (("attr", "name"),))
def good(): return 1
"""


def test_a_breach_ends_the_worker_and_says_why(submit):
    worker = submit(FORGED)
    with pytest.raises(StudentError, match="a reference that is no handle") as caught:
        worker.call(work("name"))
    assert caught.value.cause == "crash"
    assert not worker.alive
