"""Submissions that share more code than chance, the hand-out and the reference explain.

Code is read as tokens without names, numbers, comments and layout, so that
renaming hides nothing.  Runs of tokens are hashed and thinned out by winnowing
(Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003).  What the release or the
reference has says nothing.  Pairs that hang together are shown as one group,
however large: how many share something is for the person who looks to weigh.
"""

import io
import itertools
import keyword
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

from autograder.course.folder import Assignment
from autograder.errors import SubmissionError
from autograder.handout.library import library_files
from autograder.handout.solved import solved_files
from autograder.intake import select
from autograder.intake.restore import read_cells
from autograder.intake.select import Submission
from autograder.intake.submitted import handed_in

RUN = 16
"""Tokens of a run: about two lines."""
WINDOW = 6
"""Of as many runs one is kept at least."""
NOTABLE = 0.5
"""Share of a submission's own runs from which on a pair is listed."""
SHOWN = 5
"""Pairs of a group that are shown, the closest first."""
_FEWEST = 8
"""Runs of its own that a submission needs before anything can be said of it."""
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
            tokenize.ENCODING, tokenize.ENDMARKER}  # fmt: skip

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True)
class Pair:
    """Two submissions that share code.

    Attributes
    ----------
    share : float
        Of the smaller one's own runs, the part that the other has too.
    places : tuple
        For each file the first and last shared line of either submission:
        ``(file, (first, last), (first, last))``.
    """

    first: str
    second: str
    share: float
    places: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]


@dataclass(frozen=True)
class Group:
    """Submissions of which each shares code with at least one other.

    Attributes
    ----------
    pairs : tuple of Pair
        Those that share code, most first.
    """

    students: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def is_large(self) -> bool:
        """Whether it has more students than a pair."""
        return len(self.students) > 2

    @property
    def closest(self) -> tuple[Pair, ...]:
        """The pairs that are shown."""
        return self.pairs[:SHOWN]


def similar(assignment: Assignment) -> list[Group]:
    """Return the submissions of an assignment that share code, those that share most first.

    Students who hand in together count as one submission.
    """
    prints: dict[str, dict[int, Place]] = {}
    found = handed_in(assignment)
    for student in found.shares:
        try:
            submission = select.read(found.paths[student], assignment)
        except SubmissionError:
            continue
        prints[student] = fingerprints(sources(submission))
    pairs = _pairs(prints, {value for value, _, _ in _runs(_known(assignment))})
    return _groups(sorted(pairs, key=lambda pair: -pair.share))


def sources(submission: Submission) -> Iterator[tuple[str, str]]:
    """Yield name and text of all code in a submission."""
    for path, content in sorted(submission.files.items()):
        yield path, content.decode("utf-8", errors="replace")
    for name, content in sorted(submission.notebooks.items()):
        try:
            cells = read_cells(content, f"{name}.ipynb")
        except SubmissionError:
            continue
        yield f"{name}.ipynb", "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def _known(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """Go through the code of the release and of the reference."""
    released = {path.name: path.read_bytes() for path in assignment.release.glob("*.ipynb")}
    for files in ({**library_files(assignment), **released}, solved_files(assignment)):
        modules = {name: text for name, text in files.items() if name.endswith(".py")}
        books = {name[:-6]: text for name, text in files.items() if name.endswith(".ipynb")}
        yield from sources(Submission(files=modules, notebooks=books))


def fingerprints(texts: Iterable[tuple[str, str]]) -> dict[int, Place]:
    """Return the winnowed runs of some code, each with its place."""
    found: dict[int, Place] = {}
    for text in texts:
        runs = list(_runs([text]))
        for i in range(max(len(runs) - WINDOW + 1, 0)):
            value, line, name = min(runs[i : i + WINDOW])
            found.setdefault(value, (name, line))
    return found


def _runs(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield hash, line and file of each run of tokens."""
    for name, text in texts:
        tokens = list(_tokens(text))
        for i in range(len(tokens) - RUN + 1):
            run = "\0".join(kind for kind, _ in tokens[i : i + RUN])
            yield crc32(run.encode()), tokens[i][1], name


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield kind and line of each token; of code that does not parse, of what stands before."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _SKIPPED:
                continue
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                yield "name", token.start[0]
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                yield "value", token.start[0]
            else:
                yield token.string, token.start[0]
    except (tokenize.TokenError, SyntaxError):
        return


def _groups(pairs: list[Pair]) -> list[Group]:
    """Put together pairs, sorted, that have a student in common, over any number of steps."""
    member_of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = member_of.get(pair.first, {pair.first}) | member_of.get(pair.second, {pair.second})
        member_of |= dict.fromkeys(joined, joined)
    found: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[tuple(sorted(member_of[pair.first]))].append(pair)
    return [Group(students, tuple(inside)) for students, inside in found.items()]


def _pairs(prints: dict[str, dict[int, Place]], known: set[int]) -> Iterator[Pair]:
    own = {student: set(found) - known for student, found in prints.items()}
    for first, second in itertools.combinations(sorted(own), 2):
        fewer = min(len(own[first]), len(own[second]))
        shared = own[first] & own[second]
        if fewer >= _FEWEST and len(shared) >= NOTABLE * fewer:
            places = _places(shared, prints[first], prints[second])
            yield Pair(first, second, len(shared) / fewer, places)


def _places(
    shared: set[int], first: dict[int, Place], second: dict[int, Place]
) -> tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]:
    lines: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for value in shared:
        (file, line), (other, other_line) = first[value], second[value]
        if file == other:
            lines[file].append((line, other_line))
    return tuple(
        (
            file,
            (min(a for a, _ in found), max(a for a, _ in found)),
            (min(b for _, b in found), max(b for _, b in found)),
        )
        for file, found in sorted(lines.items())
    )
