"""A cell's text as a syntax tree: IPython's own lines taken out, bounded in size and depth."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection
from functools import lru_cache

from autograder.kit.magics import MAGIC

LONGEST_TEXT = 200_000
"""Characters of one cell or module that are parsed."""
_SILENT = ("matplotlib", "load_ext", "autoreload", "aimport", "reload_ext", "config", "pylab")
_TIMED = ("time", "%time", "%capture")
_HELP = re.compile(r"^\s*\??\??[\w.]+\?{1,2}\s*$")
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Beyond(Exception):
    """Something that the analysis does not understand: all cells must run."""


@lru_cache(maxsize=4096)  # the course's own cells come back in each submission
def parse_cell(source: str) -> ast.Module:
    """Return a cell's tree; empty for one that has no meaning in Python, and so none at all.

    Raises
    ------
    Beyond
        Of a magic that may define names, and of a text that is too long or nests too deep.
    """
    text = _without_magics(source)
    try:
        return parse(text)
    except SyntaxError:
        if text == source and not re.search(r"[%!?]", source):
            return ast.Module([], [])
        raise Beyond("syntax that is IPython's or nobody's") from None


def parse(text: str) -> ast.Module:
    """Parse Python.

    Raises
    ------
    SyntaxError
    Beyond
        The text is too long, or nests too deep.
    """
    if len(text) > LONGEST_TEXT:
        raise Beyond("a text that is too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an invalid escape: the student's affair
            tree = compile(text, "cell", "exec", flags=_FLAGS, dont_inherit=True)
    except (RecursionError, MemoryError, ValueError):  # ValueError: a null character
        raise Beyond("a text that nests too deep") from None
    assert isinstance(tree, ast.Module)
    return tree


def kept_lines(source: str, lines: Collection[int]) -> str:
    """Return a cell with some of its lines, counted from 1 as Python counts; others are empty."""
    last = max(lines, default=0)
    kept = enumerate(_lines(source)[:last], start=1)
    return "\n".join(line if number in lines else "" for number, line in kept)


def all_lines(source: str) -> range:
    """Return the numbers of all lines of a cell."""
    return range(1, len(_lines(source)) + 1)


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _without_magics(source: str) -> str:
    lines = _lines(source)
    return "\n".join(_without_magic(line, number == 0) for number, line in enumerate(lines))


def _without_magic(line: str, first: bool) -> str:
    """Return a line as Python sees it; inside a string it may only look like a magic."""
    match = MAGIC.match(line)
    if match is None:
        return "" if _HELP.match(line) else line
    indent, sign, name, rest = match.groups()
    if sign == "%" and name in _SILENT:
        return f"{indent}pass"
    if sign == "%" and name in _TIMED:
        return indent + rest.strip()
    if sign == "%%" and f"%{name}" in _TIMED and first:
        return ""
    if sign == "!":  # refused by the worker, with no effect
        return f"{indent}pass"
    raise Beyond(f"the magic {sign}{name}")
