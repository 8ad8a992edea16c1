"""The code a check looked at, found in what was handed in, whatever state it is in."""

import time

import pytest

from autograder.intake.student_code import MOST_PIECES, code_of, marks_in
from autograder.publish.highlight import LONGEST, as_html, folded
from autograder.results import CheckResult

MODULE = '''"""Layers."""

import numpy as np

SCALE = 2.0


def double(x):
    """Twice x.

Text that begins at the margin.
    """
    y = [
        1,
    ]
    return SCALE * x


# about halves

@np.vectorize
@other
def halve(x):
    return x / 2


class Shift:
    def __init__(self, by):
        self.by = by

    def forward(self, x):
        return x + self.by
'''
FILE = "cs_lib/layers.py"


def found(functions=(), explanations=(), source=MODULE):
    check = CheckResult(
        name="check", notebook="book", score=0, max_score=1, status="failed",
        functions=[f"{FILE}:{name}" for name in functions], explanations=list(explanations),
    )  # fmt: skip
    return code_of(check, {FILE: source.encode(), "cs_lib/other.py": b"def double(): pass\n"})


def text(piece):
    return MODULE.splitlines()[piece.first_line - 1 :][: len(piece.source.splitlines())]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("double", "def double(x):", "    return SCALE * x"),
        ("halve", "@np.vectorize", "    return x / 2"),
        ("Shift", "class Shift:", "        return x + self.by"),
    ],
)
def test_a_function_or_class_is_found_as_it_stands(name, first, last):
    (piece,) = found([name])
    lines = piece.source.splitlines()
    assert (piece.file, piece.name) == (FILE, name)
    assert (lines[0], lines[-1]) == (first, last)
    assert text(piece) == lines


def test_a_line_that_is_named_is_marked_and_brings_its_function():
    told = f"ZeroDivisionError: division by zero\n  {FILE}, line 24, in halve: `return x / 2`"
    double, halve = found(["double"], [told])
    assert (double.name, double.marks) == ("double", ())
    assert (halve.name, halve.marks) == ("halve", (24,))


def test_what_a_check_only_called_stands_aside():
    halve, shift = found(["halve", "Shift"])
    assert not halve.aside
    assert not shift.aside
    check = CheckResult(name="halve", notebook="book", score=0, max_score=1, status="passed",
                        functions=[f"{FILE}:halve", f"{FILE}:Shift"])  # fmt: skip
    halve, shift = code_of(check, {FILE: MODULE.encode()})
    assert (halve.aside, shift.aside) == (False, True)
    assert folded(shift)


def test_a_line_between_functions_is_shown_too():
    (piece,) = found([], [f"NameError\n  {FILE}, line 5: `SCALE = 2.O`"])
    assert (piece.name, piece.first_line, piece.marks) == ("", 1, (5,))


@pytest.mark.parametrize("line", ["0", "99", "9" * 5000])
def test_a_line_that_is_not_there_marks_nothing(line):
    assert found([], [f"{FILE}, line {line}"]) == []


def test_what_is_not_there_is_not_shown():
    assert found(["elsewhere"]) == []
    assert found(["double"], source="") == []


def test_a_module_that_cannot_be_parsed_is_shown_all_the_same():
    (piece,) = found(["double"], source="def double(x:\n    return (x\n\ndef halve(x):\n    pass\n")
    assert piece.source == "def double(x:\n    return (x"


def test_there_is_an_end_to_pieces():
    assert len(found(["f"], source="def f(): pass\n" * 1000)) == MOST_PIECES


@pytest.mark.parametrize(
    "part", ["@x\n", "def f(\n", "class ", "x", "'''\n", "\\\n", "def f():\n("]
)
def test_no_module_takes_long(part):
    begin = time.process_time()
    found(["f"], [f"{FILE}, line 7"], source=part * (500_000 // len(part)))
    assert time.process_time() - begin < 10


CELL = "def f(x):\n    return x / 0"


@pytest.mark.parametrize(
    ("told", "marks"),
    [
        ("ZeroDivisionError: x\n  notebook cell 3, line 2, in f: `return x / 0`", (2,)),
        ("ZeroDivisionError: x\n  notebook cell 3, line 2: `return x / 0`", (2,)),
        ("ZeroDivisionError: x\n  notebook cell 3, line 2, in f: `another`", ()),
        ("notebook cell 3, line 9, in f: `return x / 0`", ()),
        ("f: 10 times too large", ()),
    ],
)
def test_lines_of_a_cell_are_marked_where_number_and_text_fit(told, marks):
    assert marks_in(CELL, [told]) == marks


def test_code_is_coloured_and_numbered_and_no_markup():
    html = as_html("x = '<script>alert(1)</script>'\ny = 2", 41, (42,))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert '<span class="linenos">41</span>' in html
    assert html.count('class="hll"') == 1
    assert html.index('class="hll"') > html.index(">41<")


def test_code_that_is_too_long_is_text():
    for source in ("x" * 2_000, "<b>\n" * LONGEST):
        html = as_html(source)
        assert "linenos" not in html
        assert "<b>" not in html


@pytest.mark.parametrize(("lines", "is_folded"), [(20, False), (90, True)])
def test_long_code_is_folded(lines, is_folded):
    (piece,) = found(["f"], source="def f():\n" + "    pass\n" * lines)
    assert folded(piece) is is_folded
