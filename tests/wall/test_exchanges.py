"""What is asked of a worker in one exchange, and what of an answer need not be sent."""

import numpy as np
import pytest

from autograder.wall.zygote import StudentError
from autograder.wire import Remote
from tests.wall.conftest import work
from tests.wall.test_worker import LAYERS, PLACE


def test_several_values_come_at_once_or_not_at_all(submit):
    worker = submit(f"{PLACE}\nplace = Place()")
    place = work("place")
    assert worker.get_all([place.attribute("log")] * 20) == [[]] * 20
    with pytest.raises(StudentError, match="no_such"):
        worker.get_all([place.attribute("log"), place.attribute("no_such")])


def test_calls_of_one_exchange_are_made_one_after_the_other(submit, monkeypatch):
    worker = submit(LAYERS)
    exchanges, exchange = [], worker._exchange
    monkeypatch.setattr(
        worker, "_exchange", lambda name, args: exchanges.append(name) or exchange(name, args)
    )
    calls = [
        (work("Net"), ([],), {}),
        (work("in_place"), (np.ones(2), np.ones(2)), {"scale": {"factor": np.zeros(2)}}),
        (work("affine"), (np.ones((2, 3)), np.ones((3, 4))), {"b": 1}),
    ]
    ((net, _), (doubled, changed), ((out, _), unchanged)), error = worker.call_all(calls)
    assert (net.type_name, changed, unchanged, error) == ("Net", (0, 1, "scale"), (), None)
    assert doubled.tolist() == [2, 2]
    assert np.array_equal(out, np.full((2, 4), 4.0))
    assert worker.call_all([(net.attribute("total"), (), {})] * 2) == ([(0.0, ()), (0.0, ())], None)
    assert exchanges == ["call_all", "call_all"]


@pytest.mark.parametrize(
    ("failing", "cause", "words"),
    [
        ((work("nothing"), (), {}), "missing", "expected nothing, got nothing of that name"),
        ((work("affine"), (1,), {}), "exception", "TypeError: affine() missing 1 required"),
        ((Remote("module:cs_lib.gone"), (), {}), "missing", "cs_lib/gone.py: expected this file"),
    ],
)
def test_calls_of_one_exchange_end_with_the_first_that_fails(submit, failing, cause, words):
    worker = submit(LAYERS)
    well = (work("in_place"), (np.ones(1),), {})
    results, error = worker.call_all([well, failing, well])
    assert [(value.tolist(), changed) for value, changed in results] == [([2.0], (0,))]
    assert error.cause == cause
    assert words in error.message
    assert worker.call(*well)[0] == 2


def test_calls_of_one_exchange_have_one_deadline(submit):
    worker = submit("import time\ndef wait(): time.sleep(0.2)")
    with worker.time_limit(0.5), pytest.raises(StudentError) as caught:
        worker.call_all([(work("wait"), (), {})] * 10)
    assert caught.value.cause == "timeout"
    assert worker.alive


FORMS = """
import numpy as np
class Matrix(np.ndarray): pass
class Holder: pass
matrix = np.full((300, 400), 2, np.float32)
swapped = np.ones((2, 3), ">f8")
objects = np.array([{}, []], object)
empty = np.ones((0, 10**9), np.int8)
infinite = np.array([1.0, np.inf])
own = np.ones((2, 3)).view(Matrix)
number, scalar, pair, holder = 1.5, np.float64(2), (np.dtype(float), (2, 3)), Holder()
"""


def test_of_an_array_the_form_alone_is_sent(submit):
    worker = submit(FORMS)
    form = worker.form(work("matrix"))
    assert (form.dtype, form.shape, form.any()) == (np.float32, (300, 400), False)
    assert worker.answer_bytes < 500


@pytest.mark.parametrize(
    "name",
    ["swapped", "objects", "empty", "infinite", "own", "number", "scalar", "pair", "holder"],
)
def test_what_has_more_than_a_form_is_sent_as_it_is(submit, name):
    worker = submit(FORMS)
    form, whole = worker.form(work(name)), worker.get(work(name))
    assert type(form) is type(whole)
    assert np.array_equal(form, whole) if isinstance(whole, np.ndarray) else form == whole


def test_the_form_of_what_is_not_there_is_missing(submit):
    with pytest.raises(StudentError, match="expected bias, got nothing") as caught:
        submit(FORMS).form(work("bias"))
    assert caught.value.cause == "missing"


def test_an_array_that_may_not_travel_has_no_form(submit):
    worker = submit("import numpy as np\nlarge = np.zeros(300_000)", reply_mb=1)
    with pytest.raises(StudentError, match="more than 1 MB of arrays"):
        worker.form(work("large"))


FORGED_ANSWERS = """
import sys
_loop = sys.modules["autograder.worker.loop"]
def answer_with(answer):
    _loop.Responder.do_form = _loop.Responder.do_call_all = lambda self, *args: eval(answer)
"""


RESULTS = [
    "None",
    "()",
    "[(1, ()), (1, ())]",
    "((), None)",
    "(((1, ()),), None)",
    "(((1, ()), (1, ()), (1, ())), None)",
    "(((1, ()), (1, ())), {'cause': 'exception'})",
    "(((1, ()), (1, (3,))), None)",
    "(((1, ()), 1), None)",
    "(([1, ()], [1, ()]), None)",
    "(((1, ()),), {'cause': 'crash', 'type': '', 'message': '', 'frames': ()})",
    "(((1, ()),), 'failed')",
    "(((1, ()), (1, ())), None, 0)",
]
FORMS_OF_NOTHING = [
    "None",
    "()",
    "[1]",
    "(float, (2, 3))",
    "('f8', (2, 3))",
    "(__import__('numpy').dtype(float), [2, 3])",
    "(__import__('numpy').dtype(float), (2, -3))",
    "(__import__('numpy').dtype(float), (2, 0))",
    "(__import__('numpy').dtype(float), (2, True))",
    "(__import__('numpy').dtype(float), (2, 3.0))",
    "(__import__('numpy').dtype(float), (10**6, 10**6))",
    "(__import__('numpy').dtype(float), (2**62, 2**62, 2**62))",
    "(__import__('numpy').dtype(float), (1,) * 33)",
    "(__import__('numpy').dtype(float), (2, 3), 4)",
]


def calls_two(worker):
    return worker.call_all([(work("f"), (1,), {}), (work("f"), (1,), {})])


def asks_for_a_form(worker):
    return worker.form(work("f"))


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        *((calls_two, answer) for answer in RESULTS),
        *((asks_for_a_form, answer) for answer in FORMS_OF_NOTHING),
    ],
)
def test_false_answers_are_a_breach(submit, ask, answer):
    worker = submit(FORGED_ANSWERS)
    worker.call(work("answer_with"), [answer])
    with pytest.raises(StudentError, match="did not answer as it should"):
        ask(worker)
    assert not worker.alive
