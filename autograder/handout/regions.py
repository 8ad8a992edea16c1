"""What stands between markers, and is for the staff alone: solutions, hidden tests, mark schemes.

The markers, as ``### BEGIN SOLUTION`` and ``### END SOLUTION``, are nbgrader's; those of
solutions stand in ``cs_lib`` modules, too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.errors import InstructorError

BEGIN = "BEGIN SOLUTION"
END = "END SOLUTION"


SECRETS = ("HIDDEN TESTS", "MARK SCHEME")
"""What nbgrader's markers keep for the staff, beside solutions."""
_SECRET = re.compile(  # ^: tried at every character of a long line, it would take minutes
    rf"^[^\n]*BEGIN ({'|'.join(SECRETS)}).*?(?:END \1[^\n]*\n?|\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Region:
    """Lines ``begin`` to ``end``, counted from 0, both marker lines included."""

    begin: int
    end: int

    def inside(self, first: int, last: int) -> bool:
        """Whether it lies between two lines, these included."""
        return first <= self.begin and self.end <= last


def find_regions(lines: list[str], where: str) -> list[Region]:
    """Return the solution regions of a text, in order.

    Raises
    ------
    InstructorError
        A marker without its partner, or a region inside a region.
    """
    regions: list[Region] = []
    begin: int | None = None
    for number, line in enumerate(lines):
        if BEGIN in line:
            if begin is not None:
                raise _nested(where, number, begin)
            begin = number
        elif END in line:
            if begin is None:
                raise _alone(where, number, END, BEGIN)
            regions.append(Region(begin, number))
            begin = None
    if begin is not None:
        raise _alone(where, begin, BEGIN, END)
    return regions


def _nested(where: str, number: int, begin: int) -> InstructorError:
    return InstructorError(
        f'{where}, line {number + 1}: expected "### {END}" for line {begin + 1} first, '
        f'got a second "### {BEGIN}". Regions cannot be nested: close the first one.'
    )


def _alone(where: str, number: int, marker: str, partner: str) -> InstructorError:
    return InstructorError(
        f'{where}, line {number + 1}: "### {marker}" has no "### {partner}". '
        "Add it and release again."
    )


def solution_lines(lines: list[str], where: str) -> list[tuple[int, str]]:
    """Return number (from 0) and text of every line inside a region."""
    return [
        (number, lines[number])
        for region in find_regions(lines, where)
        for number in range(region.begin + 1, region.end)
    ]


def without_markers(lines: list[str]) -> list[str]:
    """Return the lines with their solutions, but without the marker lines."""
    return [line for line in lines if BEGIN not in line and END not in line]


def with_stubs(lines: list[str], where: str, stub: Callable[[int], list[str]]) -> list[str]:
    """Return the lines with a stub in the place of each region.

    ``stub`` gets the number of the region's first line and returns the stub's
    lines; they are indented as the marker was.
    """
    result: list[str] = []
    position = 0
    for region in find_regions(lines, where):
        marker = lines[region.begin]
        indent = marker[: len(marker) - len(marker.lstrip())]
        result += lines[position : region.begin]
        result += [indent + line for line in stub(region.begin)]
        position = region.end + 1
    return result + lines[position:]


def without_secrets(text: str) -> str:
    """Return the text of a cell without hidden tests and mark schemes."""
    return _SECRET.sub("", text)


def secret_lines(text: str) -> Iterator[str]:
    """Yield the lines of hidden tests and mark schemes, without the markers."""
    for region in _SECRET.finditer(text):
        lines = region[0].splitlines()[1:]
        yield from (line for line in lines if f"END {region[1]}" not in line)
