"""Cells without what only IPython knows."""

import ast

import pytest

from autograder.kit.magics import without_magics


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if True:\n    !ls\n    x = 1", "if True:\n    pass\n    x = 1"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%bash\nls -l", ""),
        ("x = (7\n    %2)\ny = 3", "x = (7\n    %2)\ny = 3"),
        ("x = (", "x = ("),
        ("", ""),
    ],
)
def test_what_is_left_of_a_cell(source, left):
    assert without_magics(source) == left


def test_lines_keep_their_numbers():
    tree = ast.parse(without_magics("%pylab\n\n!pip list\ndef f():\n    return 1"))
    assert tree.body[-1].lineno == 4
