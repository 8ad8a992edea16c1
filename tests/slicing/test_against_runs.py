"""Slices of random notebooks are run beside the whole: what is asked must be the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.slicing import analyse, kept_lines

NAMES = ("a", "b", "c", "d")
TEMPLATES = (
    "{0} = [1]",
    "{0} = [2, {2}]",
    "{0} = {1}",
    "{0} = {1}[:]",
    "{0} = [{1}, {2}]",
    "{0} = ({1}, [{2}])[0]",
    "{0}, {1} = {1}, {0}",
    "{0}, {1} = {2}",
    "{0}.append(len({1}))",
    "{0}.append({1})",
    "{0}[0] = {1}",
    "{0}[0].append(3)",
    "{0} += [3]",
    "{0}.extend({1})",
    "{0}.clear()",
    "del {0}",
    "if len({0}) > 1:\n    {1} = [4]\nelse:\n    {2}.append(4)",
    "for {0} in [{1}, {2}]:\n    {0}.append(5)",
    "for i in range(2):\n    {0} = [{1}]\n    {1} = {2}",
    "{0} = [x for x in {1}]",
    "{0} = {{'k': {1}}}['k']",
    "f = lambda: {0}",
    "def f(x=None):\n    return {0}",
    "def f(x=None):\n    x.append(6)\n    return x",
    "def f(x=None):\n    {0}.append(x)\n    return [x]",
    "def f(x=None):\n    global {0}\n    {0} = x\n    return {1}",
    "def g(x=None):\n    y = [x, {0}]\n    f(y[0])\n    return y",
    "def f(x=None):\n    def h(y):\n        {0} = y\n        {0}.append(x)\n    h({1})\n"
    "    return {2}",
    "{0} = f({1})",
    "f({0})",
    "{0} = g({1})",
    "class C:\n    def __init__(self, x):\n        self.x = x\n"
    "    def put(self):\n        self.x.append(7)",
    "class C:\n    z = {0}\n    def __init__(self, x):\n        self.x = [x]\n    def put(self):\n"
    "        self.x = [8, {1}]",
    "o = C({0})",
    "o.put()",
    "{0} = o.x",
    "o.x = {0}",
    "p = o",
    "p.put()",
    "{0} = iter({1})",
    "{0} = [next({1}, 0)]",
    "{0} = (i for i in {1})",
    "try:\n    {0} = {1}[5]\nexcept Exception as e:\n    {2} = [9]",
    "with open('/dev/null') as {0}:\n    {1} = [1]",
    "while len({0}) < 2:\n    {0}.append({1})",
    "{0} = sorted({1}, key=str)",
    "{0} = max({1}, {2}, key=len)",
    "({0} := [5]).append({1})",
    "assert len({0}) > 1\n{1} = [6]",
)

statement = st.builds(
    lambda text, names: text.format(*names),
    st.sampled_from(TEMPLATES),
    st.tuples(*[st.sampled_from(NAMES)] * 3),
)
cell = st.lists(statement, min_size=1, max_size=3).map("\n".join)
START = "\n".join(f"{name} = [{number}]" for number, name in enumerate(NAMES))


def run(cells):
    """Run cells one after the other, as a notebook does: an error ends its cell alone."""
    namespace = {}
    for source in cells:
        try:
            exec(compile(source, "cell", "exec"), namespace)
        except Exception:
            continue
    return namespace


def shown(value, depth=6):
    if depth == 0:
        return "…"
    if isinstance(value, (list, tuple)):
        return [shown(item, depth - 1) for item in value]
    if type(value).__name__ == "C":
        return shown(vars(value), depth)
    if isinstance(value, dict):
        return {key: shown(item, depth - 1) for key, item in value.items()}
    if type(value).__name__ in ("list_iterator", "generator"):
        try:
            return shown(list(value), depth - 1)
        except Exception as error:
            return type(error).__name__
    if callable(value):
        return called(value)
    return str(value)[:50]


def called(function):
    try:
        return shown(function([1]), 4)
    except Exception as error:
        return type(error).__name__


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(cell, min_size=2, max_size=8), st.sampled_from((*NAMES, "f", "o")))
def test_a_slice_gives_what_the_whole_gives(cells, name):
    cells = [START, *cells]
    analysis = analyse([*cells, ""], {}, {}, {len(cells): [name]})
    lines = analysis.needed[len(cells)]
    part = [
        kept_lines(source, lines[number]) for number, source in enumerate(cells) if number in lines
    ]
    ran = {n: kept for n, kept in lines.items() if not _fails(cells[:n], cells[n])}
    after = analysis.after(ran).needed[len(cells)]
    if any(not kept <= lines.get(number, frozenset()) for number, kept in after.items()):
        return  # the grader runs the whole then
    whole, sliced = run(cells), run(part)
    assert shown(sliced.get(name)) == shown(whole.get(name))


def _fails(before, source):
    namespace = run(before)
    try:
        exec(compile(source, "cell", "exec"), namespace)
    except Exception:
        return True
    return False
