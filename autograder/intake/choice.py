"""Which of a submission's files are the ones that are asked for.

A submission comes in many shapes: a folder too deep, an archive inside, a notebook with
another name, two hand-ins in one.  What can mean one thing only is taken with a
warning; of two the one with answers; what cannot be told is refused by name.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from autograder.intake.archives import Entry, Refused
from autograder.text import tidy

_NOTEBOOK = (".ipynb", ".ipynb.json", ".ipynb.txt")
_COPY = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy\s?\d*|kopie|final|\d))+$", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file of a submission.

    Attributes
    ----------
    name : str
        Its path, an archive's name first where it lies in an archive inside.
    inside : int
        In how many archives inside the submission it lies.
    """

    name: str
    entry: Entry
    inside: int = 0

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name

    @property
    def folder(self) -> str:
        """The folder with its slash, "" at the top."""
        return self.name[: len(self.name) - len(self.base)]


@dataclass(frozen=True)
class Wanted:
    """A file that is asked for.

    Attributes
    ----------
    path : str
        As ``cs_lib/layers.py``.
    is_answered : callable
        Tells whether content has more than was handed out.
    largest : int
        Bytes.
    """

    path: str
    is_answered: Callable[[bytes], bool]
    largest: int

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(".ipynb")

    @cached_property
    def key(self) -> str:
        return alike(self.path)

    @cached_property
    def base(self) -> str:
        return alike(PurePosixPath(self.path).name)

    def folder_of(self, file: File) -> str | None:
        """Return the folder of the hand-in that has this file in its place, None if it has not."""
        parts = file.name.split("/")
        depth = self.path.count("/") + 1
        if len(parts) < depth or alike("/".join(parts[-depth:])) != self.key:
            return None
        return "".join(f"{part}/" for part in parts[:-depth])


def alike(path: str) -> str:
    """Return what is the same in paths that differ in case, stray spaces and hidden signs."""
    return "/".join(tidy(part).casefold() for part in path.split("/"))


def is_notebook(name: str) -> bool:
    """Tell by its name whether a file is a notebook, or was one before a browser saved it."""
    return tidy(name).lower().endswith(_NOTEBOOK)


def without_marks(name: str) -> str:
    """Return a file's name without what programs add to the name of a copy."""
    base = alike(name)
    for ending in (".json", ".txt"):
        if base.endswith((f".ipynb{ending}", f".py{ending}")):
            base = base.removesuffix(ending)
    stem, dot, ending = base.rpartition(".")
    return f"{_COPY.sub('', stem)}{dot}{ending}"


class Contents:
    """The contents of files, each read once."""

    def __init__(self) -> None:
        self._read: dict[int, bytes | None] = {}

    def of(self, file: File, largest: int) -> bytes | None:
        """Return a file's content, None where it cannot be had."""
        key = id(file.entry)  # an archive may have two files of one name
        if key not in self._read:
            try:
                content = b"" if file.entry.refusal else file.entry.content(largest + 1)
                bad = file.entry.refusal or len(content) > largest
                self._read[key] = None if bad else content
            except Refused:
                self._read[key] = None
        return self._read[key]


def hand_ins(files: Sequence[File], wanted: Sequence[Wanted]) -> list[str]:
    """Return the folders that may be the hand-in, those that hold the most of what is asked for."""
    places: dict[str, tuple[set[str], set[str]]] = {}
    for file in files:
        for one in wanted:
            folder = one.folder_of(file)
            if folder is not None:
                places.setdefault(folder, (set(), set()))[0].add(one.path)
            elif alike(file.base) == one.base:
                places.setdefault(file.folder, (set(), set()))[1].add(one.path)
        if is_notebook(file.base):
            places.setdefault(file.folder, (set(), set()))[1].add("a notebook")
    scores = {folder: (len(there), len(near)) for folder, (there, near) in places.items()}
    best = max(scores.values(), default=(0, 0))
    return sorted(folder for folder, score in scores.items() if score == best) or [""]


def choose_hand_in(
    folders: Sequence[str], files: Sequence[File], wanted: Sequence[Wanted], contents: Contents
) -> str | None:
    """Return which of several hand-ins counts, None if that cannot be told.

    One with answers before an untouched one, one outside of an archive before one inside, one
    at the top before one in a folder of it; of equal ones any.
    """
    left = list(folders)
    held = {folder: _held(folder, files, wanted) for folder in left}

    def answered(folder: str) -> bool:
        return any(_has_answers(file, one, contents) for one, file in held[folder])

    def inside(folder: str) -> int:
        return min((file.inside for _, file in held[folder]), default=0)

    def whole(folder: str) -> tuple[tuple[str, bytes | None], ...]:
        return tuple((one.path, contents.of(file, one.largest)) for one, file in held[folder])

    left = [folder for folder in left if answered(folder)] or left
    left = _least(left, inside)
    if len({whole(folder) for folder in left}) > 1:
        left = _least(left, lambda folder: folder.count("/"))
    return left[0] if len({whole(folder) for folder in left}) == 1 else None


def _least(folders: Sequence[str], measure: Callable[[str], int]) -> list[str]:
    least = min(map(measure, folders))
    return [folder for folder in folders if measure(folder) == least]


def _held(
    folder: str, files: Sequence[File], wanted: Sequence[Wanted]
) -> list[tuple[Wanted, File]]:
    return [(one, file) for one in wanted for file in files if one.folder_of(file) == folder]


def _has_answers(file: File, one: Wanted, contents: Contents) -> bool:
    content = contents.of(file, one.largest)
    return content is not None and one.is_answered(content)


@dataclass(frozen=True)
class Choice:
    """The file that is taken for one that is asked for, None if none can be; and its rivals."""

    file: File | None
    rivals: tuple[File, ...] = ()


def choose(one: Wanted, candidates: Iterable[File], top: str, contents: Contents) -> Choice:
    """Choose among files that may be the one that is asked for.

    Parameters
    ----------
    candidates : iterable of File
        The surest first: in its place, then by another name or elsewhere.
    top : str
        The folder of the hand-in, with its slash.
    """
    found = list(candidates)
    if not found:
        return Choice(None)
    exact = [file for file in found if file.name == top + one.path]
    answered = [file for file in found if _has_answers(file, one, contents)]
    if len(exact) == 1 and (exact[0] in answered or not answered):
        chosen: File | None = exact[0]
    elif len(exact) > 1:
        chosen = None
    else:
        among = answered or found
        same = {contents.of(file, one.largest) for file in among}
        chosen = among[0] if len(same) == 1 else None
    return Choice(chosen, tuple(file for file in found if file is not chosen))
