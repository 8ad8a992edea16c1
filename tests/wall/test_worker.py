"""A worker answers as the submission's code would, and says what went wrong in it."""

import importlib.util
import time

import numpy as np
import pytest

from autograder.wall.limits import Limits
from autograder.wall.supervised import Worker
from autograder.wall.zygote import StudentError, Zygote
from autograder.wire import RandomGenerator, Remote
from tests.wall.conftest import work

LAYERS = """
import numpy as np

def affine(x, w, b=0):
    return x @ w + b, (x, w)

def in_place(x, *rest, scale=None):
    x *= 2
    for array in rest:
        array[0] = 9.0
    if scale:
        scale["factor"] += 1
    return x

def reshape(x):
    x.shape = (-1,)

class Net:
    def __init__(self, layers):
        self.layers = layers
        self.params = {"W": np.zeros(3)}

    def total(self):
        return sum(layer() for layer in self.layers) + self.params["W"].sum()

    @property
    def broken(self):
        return self.nothing
"""


def failure(worker, remote, *args):
    with pytest.raises(StudentError) as caught:
        worker.call(remote, args)
    return caught.value


def test_a_call_returns_plain_data(submit):
    worker = submit(LAYERS)
    x, w = np.ones((2, 3)), np.ones((3, 4), np.float32)
    out, (x_again, w_again) = worker.call(work("affine"), [x, w], {"b": 1})
    assert np.array_equal(out, np.full((2, 4), 4.0))
    assert type(out) is np.ndarray
    assert (x_again.dtype, w_again.dtype) == (np.float64, np.float32)
    assert worker.last_call.changed_arguments == ()
    assert 0 < worker.last_call.seconds < 5


def test_a_module_is_changed_and_all_are_imported_anew(submit):
    files = {
        "cs_lib/work.py": b"from cs_lib import kept\nx = kept.value\ndef f():\n    return x\n",
        "cs_lib/kept.py": b"value = 1\n",
    }
    worker = submit(files=files)
    assert worker.call(work("f")) == 1
    worker.change({"cs_lib/kept.py": b"value = 2\n"})
    assert worker.call(work("f")) == 2


def test_a_module_of_the_name_of_a_given_one_is_its_own():
    """What is compiled once for all workers is a text, whoever hands it in."""
    given = {"cs_lib/work.py": b"def f():\n    return 1\n", "cs_lib/broken.py": b"def f(:\n"}
    with Zygote(allow_unsafe=True, preload=(), library=given) as zygote:
        for content, expected in (given["cs_lib/work.py"], 1), (b"def f():\n    return 2\n", 2):
            with zygote.worker({"cs_lib/work.py": content}, Limits()) as worker:
                assert worker.call(work("f")) == expected


def test_modules_that_it_was_forked_with_are_not_sent_again(monkeypatch):
    sent, load = [], Worker.load
    monkeypatch.setattr(
        Worker,
        "load",
        lambda self, files, *rest, **more: sent.append(files) or load(self, files, *rest, **more),
    )
    given = {"cs_lib/work.py": b"def f():\n    return 1\n", "cs_lib/other.py": b"x = 1\n"}
    theirs = {**given, "cs_lib/other.py": b"x = 2\n", "cs_lib/new.py": b"x = 3\n"}
    with Zygote(allow_unsafe=True, preload=(), library=given) as zygote:
        with zygote.worker(theirs, Limits()) as worker:
            found = [
                worker.call(work("f")),
                *(
                    worker.get(Remote(f"module:cs_lib.{name}").attribute("x"))
                    for name in ("other", "new")
                ),
            ]
        with zygote.worker({"cs_lib/new.py": b""}, Limits()) as worker:
            assert "expected this file" in failure(worker, work("f")).message
    assert found == [1, 2, 3]
    assert sent == [
        {"cs_lib/work.py": None, "cs_lib/other.py": b"x = 2\n", "cs_lib/new.py": b"x = 3\n"},
        {"cs_lib/new.py": b""},
    ]


def test_arguments_changed_in_place_are_named(submit):
    worker = submit(LAYERS)
    scale = {"factor": np.zeros(2)}
    worker.call(work("in_place"), [np.ones(2), np.ones(2), np.full(2, 9.0)], {"scale": scale})
    assert worker.last_call.changed_arguments == (0, 1, "scale")
    worker.call(work("reshape"), [np.ones((2, 2))])
    assert worker.last_call.changed_arguments == (0,)


def test_read_only_arguments_cannot_be_changed(submit):
    worker = submit(LAYERS)
    x = np.ones(2)
    x.flags.writeable = False
    error = failure(worker, work("in_place"), x)
    assert error.cause == "exception"
    assert error.message == (
        "ValueError: output array is read-only\n  cs_lib/work.py, line 8, in in_place: `x *= 2`"
    )


def test_things_that_cannot_travel_stay_behind_a_handle(submit):
    worker = submit(LAYERS)
    generator = worker.call(work("np", "random", "default_rng"), [1])
    assert generator == Remote("object:1", (), "Generator", False)
    net = worker.call(work("Net"), [[generator.attribute("random"), generator.attribute("random")]])
    assert net.type_name == "Net"
    worker.set(net.attribute("params").item("W"), np.ones(3))
    total = worker.call(net.attribute("total"))
    rng = np.random.default_rng(1)
    assert total == rng.random() + rng.random() + 3
    first = worker.get(net.attribute("layers").item(0))
    assert (first.type_name, first.callable) == (type(rng.random).__name__, True)
    assert worker.get(net) == net  # the same thing has the same handle


KINDS_OF_DICT = """
from collections import Counter, OrderedDict, defaultdict, namedtuple
Named = namedtuple("Named", "out cache")
def dicts(): return [OrderedDict(b=1, a=2), defaultdict(list, a=[1]), Counter("aab")]
def named(): return Named(1.5, Named(2, {}))
def of_the_cache(cache): return cache.out
"""


def test_dicts_and_named_tuples_of_the_standard_library_arrive_as_dicts_and_tuples(submit):
    worker = submit(KINDS_OF_DICT)
    ordered, default, counted = worker.call(work("dicts"))
    assert (type(ordered), list(ordered.items())) == (dict, [("b", 1), ("a", 2)])
    assert (default, counted) == ({"a": [1]}, {"a": 2, "b": 1})
    result = worker.call(work("named"))
    assert (type(result), result[0]) == (tuple, 1.5)
    assert worker.call(work("of_the_cache"), [result[1]]) == 2  # what is passed on keeps its names


def test_of_an_exception_the_built_in_ones_that_it_is_are_told(submit):
    worker = submit("class Cycle(ValueError): pass\ndef f(): raise Cycle('there is one')")
    error = failure(worker, work("f"))
    assert error.exception == "Cycle"
    assert sorted(error.bases) == ["Exception", "ValueError"]
    of_a_file = submit("def f(): open('/nowhere')")
    assert sorted(failure(of_a_file, work("f")).bases) == [
        "Exception", "FileNotFoundError", "OSError",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "array",
    [
        "np.array(['a', 'bc'], dtype=np.dtypes.StringDType())",
        "np.array([None, 1])",
        "np.array(['2020-01-01'], dtype='M8[D]')",
        "np.zeros(2, dtype=[('x', float)])",
        "np.array(['a'])",
    ],
)
def test_arrays_of_other_types_stay_behind_a_handle(submit, array):
    worker = submit(f"import numpy as np\ndef make():\n    return 1.5, {array}")
    number, handle = worker.call(work("make"))
    assert number == 1.5
    assert handle.type_name.startswith("ndarray of dtype ")


def test_handles_can_be_dropped(submit):
    worker = submit(LAYERS)
    net = worker.call(work("Net"), [[]])
    worker.forget()
    assert failure(worker, net.attribute("total")).cause == "exception"


def test_nothing_is_asked_where_there_is_nothing_to_drop(submit, monkeypatch):
    worker = submit("def two(): return 2")
    worker.call(work("two"))
    monkeypatch.setattr(worker, "_request", pytest.fail)
    worker.forget()


PLACE = "class Place:\n    def __init__(self): self.log = []\n"
SETTER = f"""{PLACE}
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
        if name != "log": self.log.append(name)
        if name == "bad": raise ValueError("not this one")
"""


def test_what_is_set_waits_for_the_next_request(submit, monkeypatch):
    worker = submit(PLACE)
    place = worker.call(work("Place"))
    x, names = np.zeros(2), ["a"]
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_exchange", pytest.fail)
        worker.set(place.attribute("x"), x)
        worker.set(place.attribute("names"), names)
        x += 1
        names.append("b")  # after it was set: not seen
        worker.set(place.attribute("x").item(0), 5)
    assert worker.get(place.attribute("x")).tolist() == [5, 0]
    assert worker.get(place.attribute("names")) == ["a"]
    worker.settle()  # nothing waits


def test_what_is_set_is_writeable_as_it_was(submit):
    worker = submit(f"{PLACE}\ndef double(place): place.x *= 2; return place.x")
    place = worker.call(work("Place"))
    worker.set(place.attribute("x"), np.ones(3))
    assert worker.call(work("double"), [place]).tolist() == [2, 2, 2]


def test_much_is_set_at_once(submit):
    worker = submit(PLACE)
    place = worker.call(work("Place"))
    worker.set(place.attribute("first"), 1)
    worker.set(place.attribute("x"), np.arange(100_000))
    assert not worker._put_off
    for number in range(500):
        worker.set(place.attribute("first"), np.full(100, number))
        assert sum(len(each.frame) for each in worker._put_off) < 1 << 18
    assert worker.get(place.attribute("first"))[0] == 499
    assert worker.get(place.attribute("x"))[-1] == 99_999


def test_what_cannot_be_set_ends_what_follows_it(submit):
    worker = submit(SETTER)
    place, other = worker.call(work("Place")), worker.call(work("Place"))
    worker.set(place.attribute("a"), 1)
    worker.set(other.attribute("bad"), 2)
    worker.set(place.attribute("b"), 3)
    with pytest.raises(StudentError, match="not this one") as caught:
        worker.get(place.attribute("log"))
    assert (caught.value.set_before, caught.value.in_own_code) == (other.root, True)
    assert worker.get_all([place.attribute("log"), other.attribute("log")]) == [["a"], ["bad"]]
    worker.set(other.attribute("bad"), 2)
    with pytest.raises(StudentError, match="not this one") as caught:
        worker.settle()
    with pytest.raises(StudentError, match="no_such") as caught:
        worker.get(place.attribute("no_such"))
    assert caught.value.set_before is None


def test_what_is_set_for_ever_is_stopped(submit):
    endless = SETTER.replace('raise ValueError("not this one")', "\n            while True: pass")
    worker = submit(endless)
    place = worker.call(work("Place"))
    worker.set(place.attribute("bad"), 1)
    with worker.time_limit(0.2), pytest.raises(StudentError) as caught:
        worker.settle()
    assert caught.value.cause == "timeout"


def test_how_a_process_ended_is_told_whatever_waited(submit):
    worker = submit(
        f"{PLACE}\nimport os, threading\ndef end(): threading.Timer(0.05, os._exit, (3,)).start()"
    )
    place = worker.call(work("Place"))
    worker.call(work("end"))
    time.sleep(0.3)
    worker.set(place.attribute("x"), 1)
    with pytest.raises(StudentError, match="ended itself with exit code 3"):
        worker.get(place.attribute("x"))
    worker.settle()  # nothing more is asked of it


def test_what_it_takes_to_forget_is_charged_to_nothing_else(submit):
    worker = submit(
        "import time\nclass Slow:\n    def __del__(self): time.sleep(0.5)\ndef f(): return 1",
    )
    worker.call(work("Slow"))
    worker.forget()
    with worker.time_limit(0.3):
        assert worker.call(work("f")) == 1


def test_names_that_were_not_set_need_not_be_put_back(submit, monkeypatch):
    worker = submit()
    worker.run_cell("w = 1", 5)
    worker.checkpoint()
    monkeypatch.setattr(worker, "_exchange", pytest.fail)
    worker.rollback()


def test_what_is_printed_while_something_is_set_belongs_to_no_call(submit):
    loud = SETTER.replace('raise ValueError("not this one")', 'print("loud")')
    worker = submit(f"{loud}\ndef f(): print('call')")
    place = worker.call(work("Place"))
    worker.set(place.attribute("bad"), 1)
    worker.call(work("f"))
    assert worker.last_call.stdout == "call\n"


def test_a_generator_is_made_on_the_other_side(submit):
    worker = submit("def draw(rng): return rng.standard_normal(3)")
    drawn = worker.call(work("draw"), [RandomGenerator(5)])
    assert np.array_equal(drawn, np.random.default_rng(5).standard_normal(3))


def test_global_generators_can_be_seeded(submit):
    worker = submit("import random, numpy\ndef draw(): return random.random(), numpy.random.rand()")
    worker.seed(2**40 + 7)
    first = worker.call(work("draw"))
    worker.seed(2**40 + 7)
    assert worker.call(work("draw")) == first
    assert worker.call(work("draw")) != first


def test_functions_of_the_student_can_be_arguments(submit):
    worker = submit("def twice(f, x): return f(f(x))\ndef add(x): return x + 1")
    assert worker.call(work("twice"), [work("add"), 1]) == 3


def test_printing_never_reaches_the_wire(submit):
    worker = submit(
        "import os, sys\n"
        "def talk():\n"
        "    print('hello')\n"
        "    print('there', file=sys.stderr)\n"
        "    os.write(1, b'x'); os.write(2, b'x'); sys.__stdout__.write('y')\n"
        "    return sys.stdin.read()"
    )
    assert worker.call(work("talk")) == ""
    assert worker.last_call.stdout == "hello\nthere\n"


def test_a_flood_of_output_is_cut(submit):
    worker = submit(
        "def flood():\n    for _ in range(300): print('x' * 1023)\n    return 1", output_kb=64
    )
    assert worker.call(work("flood")) == 1
    assert len(worker.last_call.stdout) <= 64 << 10
    assert worker.call(work("flood")) == 1  # the next call has a budget of its own
    assert worker.last_call.stdout.startswith("xxx")


def test_an_exception_shows_only_the_students_lines(submit):
    worker = submit(
        "import numpy as np\n\n"
        "def outer(x):\n"
        "    return inner(x)\n\n"
        "def inner(x):\n"
        "    return np.linalg.inv(x)\n"
    )
    error = failure(worker, work("outer"), np.zeros((2, 2)))
    assert error.cause == "exception"
    assert error.exception == "LinAlgError"
    assert error.message.splitlines() == [
        "LinAlgError: Singular matrix",
        "  cs_lib/work.py, line 4, in outer: `return inner(x)`",
        "  cs_lib/work.py, line 7, in inner: `return np.linalg.inv(x)`",
    ]


def test_a_deep_recursion_is_shortened(submit):
    error = failure(submit("def f(n):\n    return f(n + 1)"), work("f"), 0)
    assert error.exception == "RecursionError"
    assert len(error.message.splitlines()) == 13


@pytest.mark.parametrize(
    "statement", ["sys.exit(0)", "raise SystemExit", "raise KeyboardInterrupt", "exit()"]
)
def test_leaving_is_an_ordinary_exception(submit, statement):
    worker = submit(f"import sys\ndef leave(): {statement}\ndef stay(): return 1")
    assert failure(worker, work("leave")).cause == "exception"
    assert worker.call(work("stay")) == 1


@pytest.mark.parametrize("text", ["'x' * 10**7", "'\\x1b[2J\\x00'", "1 / 0", "None"])
def test_an_exception_with_a_hostile_text_stays_readable(submit, text):
    worker = submit(
        "class Evil(Exception):\n"
        f"    def __str__(self): return {text}\n"
        "def f(): raise Evil()\n"
        "def g(): return 1"
    )
    error = failure(worker, work("f"))
    assert error.exception == "Evil"
    assert len(error.message) < 1500
    assert all(line.isprintable() for line in error.message.splitlines())
    assert worker.call(work("g")) == 1


def test_input_is_refused(submit):
    error = failure(submit("def f():\n    return input('?')"), work("f"))
    assert error.exception == "StdinNotImplementedError"
    assert error.message.endswith("cs_lib/work.py, line 2, in f: `return input('?')`")


def test_what_is_missing_is_said(submit):
    worker = submit("x = 1\nclass A:\n    @property\n    def b(self): return self.c\na = A()")
    assert failure(worker, work("sigmoid")).message.startswith("cs_lib/work.py: expected sigmoid")
    assert failure(worker, work("sigmoid")).cause == "missing"
    absent = Remote("module:cs_lib.layers", (("attr", "affine"),))
    assert failure(worker, absent).cause == "missing"
    assert failure(worker, absent).message.startswith("cs_lib/layers.py: expected this file")
    # not missing, but failing in a property
    broken = failure(worker, work("a", "b"))
    assert (broken.cause, broken.exception) == ("exception", "AttributeError")
    assert "line 4, in b" in broken.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\nif x\n", "SyntaxError: expected ':'\n  cs_lib/work.py, line 2: `if x`"),
        ("import nothing_at_all", "cs_lib/work.py, line 1: `import nothing_at_all`"),
        ("from cs_lib.other import f", "No module named 'cs_lib.other'"),
        (
            "x = 1\n1 / 0\n",
            "ZeroDivisionError: division by zero\n  cs_lib/work.py, line 2: `1 / 0`",
        ),
        ("raise SystemExit", "SystemExit\n  cs_lib/work.py, line 1"),
        ("\tx = 1\n        y = 2", "cs_lib/work.py, line 1"),
        ("print 'hello'", "Missing parentheses in call to 'print'"),
        ("\x00", "cs_lib/work.py: holds null bytes"),
    ],
)
def test_a_module_that_cannot_be_imported(submit, source, message):
    error = failure(submit(source), work("f"))
    assert error.cause == "import"
    assert message in error.message


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbftext = '\xc3\xa9'",
        b"# -*- coding: latin-1 -*-\ntext = '\xe9'",
        b"#!/usr/bin/python\r\ntext = '\xc3\xa9'\r\n",
        b"\r\n\r\ntext = '\\xe9'\r\n\x0c\r\n",
    ],
    ids=["BOM", "cookie", "CRLF", "form feed"],
)
def test_encodings_are_honoured_as_python_does(submit, source):
    assert submit(files={"cs_lib/work.py": source}).get(work("text")) == "é"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_utf_16_is_told_so(submit, encoding):
    text = "def f():\n    return 1\n"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    worker = submit(files={"cs_lib/work.py": mark + text.encode(encoding)})
    error = failure(worker, work("f"))
    assert error.cause == "import"
    assert error.message.startswith(
        "SyntaxError: cs_lib/work.py: saved as UTF-16; save it as UTF-8"
    )


def test_a_wrong_encoding_is_told_so(submit):
    error = failure(submit(files={"cs_lib/work.py": b"text = '\xe9'"}), work("text"))
    assert error.cause == "import"
    assert error.message.startswith(
        "SyntaxError: cs_lib/work.py: in no encoding that Python reads; save it as UTF-8"
    )


def test_a_wrong_encoding_that_python_reads_is_right(submit):
    worker = submit(files={"cs_lib/work.py": b"text = 'read'\n# caf\xe9\n"})
    assert worker.get(work("text")) == "read"


def test_packages_import_each_other_as_files_would(submit):
    worker = submit(
        files={
            "cs_lib/__init__.py": b"name = 'lib'",
            "cs_lib/work.py": b"from . import name\nfrom cs_lib.sub.deep import value\n"
            b"import pkgutil\ndata = pkgutil.get_data('cs_lib', 'table.toml')",
            "cs_lib/sub/deep.py": b"from ..other import value",
            "cs_lib/other.py": b"value = 7",
            "cs_lib/table.toml": b"a = 1",
            "train.py": b"lr = 0.1",
        }
    )
    assert worker.get(work("name")) == "lib"
    assert worker.get(work("value")) == 7
    assert worker.get(work("data")) == b"a = 1"
    assert worker.get(work("__file__")) == "cs_lib/work.py"
    assert worker.get(Remote("module:train", (("attr", "lr"),))) == 0.1


def test_a_submission_shadows_nothing(submit):
    worker = submit(
        "import numpy, json\nplaces = [m.__spec__.origin for m in (numpy, json)]\n"
        "def again():\n    import numpy.linalg\n    return numpy.linalg.__name__"
    )
    assert not any(place.startswith("cs_lib") for place in worker.get(work("places")))
    assert worker.call(work("again")) == "numpy.linalg"


def test_the_reference_library_is_not_importable(submit):
    worker = submit(
        "import sys\n"
        "def tried(name):\n"
        "    try: return __import__(name).__name__\n"
        "    except ImportError: return None\n"
        "path = list(sys.path)"
    )
    ours = ("autograder.checks", "autograder.course.key", "autograder.grade.submission")
    for name in ("assignments", "cs_lib.layers", "tests", *ours):
        assert importlib.util.find_spec(name) is not None
        assert worker.call(work("tried"), [name]) is None
    assert all("python" in place for place in worker.get(work("path")))


def test_the_environment_is_clean(submit, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_KEY", "secret")
    worker = submit(
        "import os\nvariables = dict(os.environ)", environment={"CS_LIB_BUDGET": "quick"}
    )
    variables = worker.get(work("variables"))
    assert variables["CS_LIB_BUDGET"] == "quick"
    assert variables["OPENBLAS_NUM_THREADS"] == "1"
    assert "AUTOGRADER_KEY" not in variables
    assert "PYTHONPATH" not in variables


def test_names_set_in_the_notebook_are_put_back(submit):
    worker = submit()
    worker.run_cell("w = 1\ndef loss(): return w", 5)
    worker.checkpoint()
    notebook = Remote("notebook")
    worker.set(notebook.attribute("w"), np.zeros(2))
    worker.set(notebook.attribute("w"), 5)
    worker.set(notebook.attribute("new"), 6)
    assert worker.call(notebook.attribute("loss")) == 5
    worker.rollback()
    assert worker.call(notebook.attribute("loss")) == 1
    with pytest.raises(StudentError, match=r"^new: nothing of this name is defined"):
        worker.get(notebook.attribute("new"))


def test_nothing_passes_from_one_submission_to_the_next(submit):
    poison = "import numpy\nnumpy.sum = lambda *a: 42\nimport sys\nsys.modules['mark'] = 1\n"
    first = submit(poison + "def f(): return numpy.sum([1])")
    assert first.call(work("f")) == 42
    second = submit("import numpy, sys\ndef f(): return numpy.sum([1]) + ('mark' in sys.modules)")
    assert second.call(work("f")) == 1
