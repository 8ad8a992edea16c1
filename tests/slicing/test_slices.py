"""Which cells a question needs: by examples, each with what must be left out and what must not."""

import pytest

from autograder.slicing import Beyond, analyse, kept_lines

LIBRARY = {
    "cs_lib/__init__.py": b"",
    "cs_lib/nets.py": b"""
import numpy as np

class Layer:
    def __init__(self, n):
        self.W = np.zeros(n)

    def step(self, rate):
        self.W = self.W - rate

def train(layer, x):
    layer.step(0.1)
    return [float(x.sum())]

def spoil(x):
    x[0] = 9

counts = []

def count(thing):
    counts.append(thing)

def noise(n):
    return np.random.rand(n)
""",
}
GIVEN = {"cs_lib/given.py": b"calls = []\n\ndef load():\n    calls.append(1)\n    return {}\n"}


def needed(asked, *cells, given=GIVEN):
    """Return the numbers of the cells, from 0, that must run for names to be right at the end."""
    modules = {**LIBRARY, **given}
    analysis = analyse([*cells, ""], modules, given, {len(cells): asked.split()})
    return sorted(analysis.needed[len(cells)])


ALL = [0, 1, 2, 3, 4]
NETS = "import numpy as np\nfrom cs_lib.nets import Layer, count, noise, spoil, train"
RNG = "rng = np.random.default_rng(0)"


def with_inner(first, changed, parameters=""):
    """Return a function whose inner function has a first line, then appends to something."""
    lines = f"def f({parameters}):", "    def g():", f"        {first}"
    return "\n".join([*lines, f"        {changed}.append(2)", "    g()"])


GIVES_BACK = """def f(y):
    def g():
        return y
    z = g()
    z.append(2)"""


@pytest.mark.parametrize(
    ("asked", "cells", "expected"),
    [
        ("y", ["x = 1", "y = x + 1", "z = 3"], [0, 1]),
        ("x", ["x = 1", "print(x)", "x = 2"], [2]),
        ("x", ["x = 1", "if x:\n    x = 2"], [0, 1]),
        ("x", ["x = [1]", "y = x", "y.append(2)", "len(x)"], [0, 1, 2]),
        ("x", ["x = [1]", "y = [x]", "y[0].append(2)"], [0, 1, 2]),
        ("y", ["x = [1]", "y = [x]", "x.append(2)"], [0, 1, 2]),
        ("y", ["x = 1", "y = x", "x = 2"], [0, 1]),
        ("x", ["x = [1]", "_, axes = draw()", "axes[0].plot(x)\naxes[0].set(title=x)"], [0]),
        ("x", ["x = [1]", "_, axes = draw()", "axes[0].keep(x)\naxes[0].set()"], [0, 1, 2]),
        ("x", ["x = [1]", "a, b = x, 3", "a.append(4)", "b = 4"], [0, 1, 2]),
        ("f", ["k = 1", "def f():\n    return k", "k = 2", "z = 3"], [1, 2]),
        (
            "f",
            ["def g():\n    return 1", "def f():\n    return g()", "def g():\n    return 2"],
            [1, 2],
        ),
        ("f", ["k = 1", "f = lambda: k"], [0, 1]),
        ("k", ["k = 1", "def f():\n    global k\n    k = 2", "f()"], [0, 1, 2]),
        ("k", ["k = [1]", "def f():\n    k.append(2)", "f()", "z = 1"], [0, 1, 2]),
        (
            "x",
            ["x = [1]", "def f(v):\n    v.append(2)", "f(x)", "def g(v):\n    len(v)", "g(x)"],
            [0, 1, 2],
        ),
        ("x", ["x = [1]", "def f(v):\n    w = v\n    w.append(2)", "f(v=x)"], [0, 1, 2]),
        ("x", ["x = [1]", "[x.append(i) for i in range(3)]", "[i + 1 for i in x]"], [0, 1]),
        ("x", ["x = iter([1, 2])", "next(x)", "x = list(x)"], [0, 1, 2]),
        ("x", ["x = iter([1, 2])", "y, z = x"], [0, 1]),
        ("x", ["x = (i for i in range(3))", "for i in x:\n    break", "y = 1"], [0, 1]),
        ("x", ["def f():\n    yield 1", "x = f()", "list(x)"], [0, 1, 2]),
        ("x", ["x = [3, 1]", "for i in x:\n    print(i)"], [0]),
        ("t", ["i = 9", "t = 0\nfor i, j in zip([1], [2]):\n    t += i * j"], [1]),
        ("t", ["i = [9]", "for i in i:\n    t = i"], [0, 1]),
        ("t", ["i = 9", "for i in []:\n    pass\nelse:\n    t = i"], [0, 1]),
        ("f", ["i = 9", "for j in [1]:\n    f = lambda: i + j"], [0, 1]),
        (
            "x",
            ["with open('f', 'w') as file:\n    file.write('a')", "x = open('f').read()"],
            [0, 1],
        ),
        ("x", ["d = {}", "d['k'] = 1", "x = d['k']"], [0, 1, 2]),
        ("x", ["x = 1", "del x"], [0, 1]),
        ("x", ["try:\n    x = 1\nexcept ValueError as e:\n    x = 2", "y = 1"], [0]),
        ("x", ["x = y = [1]", "y += [2]"], [0, 1]),
        (
            "x",
            ["class C:\n    def f(self):\n        return k", "k = 1", "x = C()", "j = 2"],
            [0, 1, 2],
        ),
        ("x", ["class C:\n    pass", "x = C()", "C.f = 1"], [0, 1, 2]),
        ("x", ["x = 1", "match x:\n    case 1:\n        x = 2"], [0, 1]),
        ("x", ["x = [1]", with_inner("x = []", "x"), "f()"], [0]),
        ("x", ["x = [1]", with_inner("y = []", "y", "y"), "f(x)"], [0]),
        ("x", ["x = [1]", with_inner("pass", "y", "y"), "f(x)"], [0, 1, 2]),
        ("x", ["x = [1]", with_inner("y = x", "y"), "f()"], [0, 1, 2]),
        ("x", ["x = [1]", GIVES_BACK, "f(x)"], [0, 1, 2]),
        ("x", ["x = [1]", GIVES_BACK, "f([2])"], [0]),
        ("x", ["x = [1]", "def f():\n    return x", "y = f()", "y.append(2)"], [0, 1, 2, 3]),
        ("x", ["x = []", "def f(v):\n    x.append(v)", "y = [1]", "f(y)", "y.append(2)"], ALL),
        (
            "x",
            ["x = []", "def f(v):\n    w = x\n    w.append(v)", "y = [1]", "f(y)", "y += x"],
            ALL,
        ),
        (
            "x",
            ["x = []", "def f(v):\n    global x\n    x = v", "y = [1]", "f(y)", "y.clear()"],
            ALL,
        ),
        ("x", ["x = [[]]", "y = [1]", "z = x[0]", "z.append(y)", "y.append(2)"], ALL),
        ("x", ["x = [1]", with_inner("global x; x = []", "x"), "f()"], [0, 1, 2]),
    ],
)
def test_python(asked, cells, expected):
    assert needed(asked, *cells) == expected


@pytest.mark.parametrize(
    ("asked", "cells", "expected"),
    [
        ("net", ["x = np.ones(3)", "net = Layer(3)", "h = train(net, x)", "y = 1"], [0, 1, 2, 3]),
        ("x", ["x = np.ones(3)", "net = Layer(3)", "h = train(net, x)"], [0, 1]),
        ("x", ["x = np.ones(3)", "spoil(x)", "np.sum(x)"], [0, 1, 2]),
        ("x", ["x = np.ones(3)", "y = x[1:]", "spoil(y)"], [0, 1, 2, 3]),
        ("x", ["x = np.ones(3)", "y = x.copy()", "spoil(y)"], [0, 1]),
        ("x", ["x = np.ones(3)", "y = x + 1", "spoil(y)"], [0, 1]),
        ("x", ["x = np.ones(3)", "np.exp(x, out=x)"], [0, 1, 2]),
        ("x", ["x = np.ones(3)", RNG, "rng.shuffle(x)"], [0, 1, 2, 3]),
        ("b", [RNG, "a = rng.normal(3)", "b = rng.normal(3)"], [0, 1, 2, 3]),
        ("b", ["a = np.random.rand(3)", "b = np.random.rand(3)"], [0, 1, 2]),
        ("b", ["a = np.random.rand(3)", "np.random.seed(0)", "b = noise(3)"], [0, 2, 3]),
        ("b", ["a = noise(3)", "b = noise(3)"], [0, 1, 2]),
        ("count", ["count(3)", "x = 3"], [0, 1]),
        ("x", ["np.seterr(all='raise')", "x = 1"], [0, 1, 2]),
        ("x", ["np.foo = 3", "x = 1"], [0, 1, 2]),
        ("x", ["nets = [Layer(1)]", "for n in nets:\n    n.W = 3", "x = nets[0]"], [0, 1, 2, 3]),
    ],
)  # fmt: skip
def test_arrays_and_the_library(asked, cells, expected):
    assert needed(asked, NETS, *cells) == expected


def test_what_the_course_gives_may_keep_what_it_has_loaded():
    cells = ["from cs_lib.given import load", "a = load()", "b = load()"]
    assert needed("b", *cells) == [0, 2]
    assert needed("b", *cells, given={}) == [0, 2]  # no such module: its import fails in any case
    modules = {**LIBRARY, **GIVEN}
    analysis = analyse([*cells, ""], modules, {}, {3: ["b"]})  # the same by a student: it counts
    assert sorted(analysis.needed[3]) == [0, 1, 2]


def test_a_cell_runs_up_to_its_last_statement_that_is_needed():
    cells = ["x = 1\nprint(x)\ny = 2\nprint(y)\n", "z = y\n"]
    assert analyse(cells, {}, {}, {1: ["x"]}).needed == {1: {0: {1}}}
    assert analyse(cells, {}, {}, {1: ["y"]}).needed == {1: {0: {1, 2, 3}}}


def test_imports_that_nothing_needs_are_left_out():
    cell = "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt\nx = np.e"
    assert analyse([cell, ""], {}, {}, {1: ["x"]}).needed == {1: {0: {2, 4}}}
    assert kept_lines(cell, {2, 4}) == "\nimport numpy as np\n\nx = np.e"
    cell = "import own\nfrom scipy.special import (\n    expit,\n); y = 1\nx = 1"
    assert analyse([cell, ""], {}, {}, {1: ["x"]}).needed == {1: {0: {1, 2, 3, 4, 5}}}


def test_plots_are_left_out():
    plot = "import matplotlib.pyplot as plt\nplt.figure()\nplt.plot(x)\nplt.show()"
    assert needed("x", "x = [1]", plot) == [0]


@pytest.mark.parametrize(
    "cell",
    [
        "exec('x = 1')",
        "eval('x')",
        "globals()['x'] = 1",
        "from numpy import *",
        "%run other.py",
        "%%writefile f.py\nx = 1",
        "x = !ls",
        "x = %time 3",
        "import ctypes",
        "import sys\nsys.modules['numpy'] = None",
        "get_ipython().run_line_magic('run', 'f')",
        "x = _",
        "x = Out[3]",
        "f.__globals__['x'] = 1",
    ],
)
def test_what_cannot_be_followed_is_said(cell):
    if cell == "x = _":
        assert needed("x", cell) == [0]  # nothing before it: as in a whole run
        return
    with pytest.raises(Beyond):
        needed("x", cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%matplotlib inline\nx = 1", [0]),
        ("%%time\nx = 1", [0]),
        ("%load_ext autoreload\n%autoreload 2\nx = 1", [0]),
        ("!pip install numpy\nx = 1", [0]),
        ("x = await something()", [0]),
        ("x = (", []),
        ("len?\nx = 1", [0]),
    ],
)
def test_what_is_ipythons(cell, expected):
    assert needed("x", cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "(" * 5000 + ")" * 5000,
        "x = " + "-" * 50_000 + "1",
        "x" + ".a" * 50_000,
        "x = " + "+".join(["1"] * 30_000),
        "x = 1\n" * 100_000,
        "x = '\0'",
        "\n".join("    " * depth + "if x:" for depth in range(99)) + "\n" + "    " * 99 + "x = 1",
        "def f(): " + "".join(f"f{i}();" for i in range(20_000)),
    ],
    ids=range(8),
)
def test_a_text_that_is_to_exhaust_the_analysis_ends_it(cell):
    try:
        needed("x", cell)
    except Beyond:
        return
    assert len(cell) < 200_000


@pytest.mark.parametrize(
    "cells",
    [
        [
            "\n".join(f"a{i} = a{i - 1}" for i in range(1, 400)),
            "\n".join(f"a{i}.append(a{i - 1})" for i in range(1, 400)),
        ],
        ["def f():\n" + "\n".join(f"    a{i} = a{i - 1}" for i in range(2500))],
    ],
    ids=["values", "steps"],
)
def test_what_would_take_minutes_to_follow_is_not_followed(cells):
    with pytest.raises(Beyond, match="too many"):
        needed("a0", "a0 = []", *cells)
