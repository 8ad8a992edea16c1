"""What a student wrote that a check looked at, and the lines that it names.

Source is cut by its lines and not parsed: it may have mistakes of syntax, or be made to
hurt a parser.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from autograder.results import CheckResult

MOST_PIECES = 8
"""Of one check."""

_STATEMENT = re.compile(
    r"@|(?:async +)?(?:def|class) |(?:import|from|if|for|while|with) |try:|[A-Za-z_]\w* *[=:.(\[]"
)
_NAMED = re.compile(r"(?:async +)?(?:def|class) +(\w+)")
_PLACE = re.compile(r"(cs_lib/[\w/]+\.py), line (\d+)")
_IN_CELL = re.compile(r"notebook cell \d+, line (\d+)(?:, in [^`\n]*?)?: `([^\n]*)`")


@dataclass(frozen=True)
class Code:
    """A function or class as a student wrote it.

    Attributes
    ----------
    file : str
        As ``cs_lib/layers.py``.
    name : str
        Of the function or class, "" for the lines between them.
    first_line : int
        Its number in the file.
    marks : tuple of int
        Numbers, in the file, of lines that an explanation names.
    aside : bool
        Whether the check is about another piece, and only called this one.
    """

    file: str
    name: str
    first_line: int
    source: str
    marks: tuple[int, ...] = ()
    aside: bool = False


def code_of(check: CheckResult, files: Mapping[str, bytes]) -> list[Code]:
    """Return the code that a check looked at, and that in which a place lies that it names.

    Parameters
    ----------
    files : dict of str to bytes
        The student's modules, as ``cs_lib/layers.py``.
    """
    marks = _places(check.explanations)
    wanted: dict[str, set[str]] = {}
    for path in check.functions:
        module, _, name = path.partition(":")
        wanted.setdefault(module, set()).add(name)
    found = [
        piece
        for file, content in files.items()
        if file in wanted or file in marks
        for piece in _pieces(file, content, wanted.get(file, ()), marks.get(file, ()))
    ]
    named = [piece for piece in found if piece.name == check.name or piece.marks]
    return [
        replace(piece, aside=bool(named) and piece not in named) for piece in found[:MOST_PIECES]
    ]


def _places(texts: Iterable[str]) -> dict[str, set[int]]:
    """Return the lines that texts name, by file."""
    marks: dict[str, set[int]] = {}
    for text in texts:
        for file, line in _PLACE.findall(text):
            if len(line) < 7:
                marks.setdefault(file, set()).add(int(line))
    return marks


def _pieces(
    file: str, content: bytes, names: Collection[str], marks: Collection[int]
) -> Iterator[Code]:
    for name, first, lines in _blocks(content.decode("utf-8-sig", errors="replace")):
        own = tuple(sorted(mark for mark in marks if first <= mark < first + len(lines)))
        if name in names or own:
            yield Code(file, name, first, "\n".join(lines), own)


def _blocks(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield name, first line and lines of each function and class, and of what is between them."""
    lines = text.splitlines()
    tops = [index for index, line in enumerate(lines) if _STATEMENT.match(line)]
    rest = 0  # the first line that is in no block yet
    for top, following in pairwise([*tops, len(lines)]):
        named = _NAMED.match(lines[top])
        if not named:
            continue
        first = top
        while first > rest and lines[first - 1].startswith("@"):
            first -= 1
        if first > rest:
            yield "", rest + 1, _trimmed(lines[rest:first])
        yield named[1], first + 1, _trimmed(lines[first:following])
        rest = following
    if rest < len(lines):
        yield "", rest + 1, _trimmed(lines[rest:])


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines without those at the end that lead on to what follows: blank ones, comments."""
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return lines[:end]


def marks_in(source: str, explanations: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of a cell's lines that explanations name: the number and the text fit."""
    lines = source.splitlines()
    found = set()
    for text in explanations:
        for number, quoted in _IN_CELL.findall(text):
            line = int(number) if len(number) < 7 else 0
            if 0 < line <= len(lines) and lines[line - 1].strip() == quoted.strip():
                found.add(line)
    return tuple(sorted(found))
