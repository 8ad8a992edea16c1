"""Which of a submission's files are the ones that are asked for.

A submission comes in many shapes: a folder too deep, an archive inside, a notebook with
another name, two hand-ins in one.  What can mean one thing only is taken with a
warning; of two the one with answers; what cannot be told is refused by name.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath

from autograder.intake.archives import Entry, Refused
from autograder.text import tidy

MOST_RIVALS = 20
"""Files or folders of which several may be meant, that are looked into to tell which."""
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


@lru_cache(maxsize=1 << 15)
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


@dataclass(frozen=True)
class Look:
    """What was seen of a file: a digest of its content, None if it has none; has it answers?"""

    digest: bytes | None
    answered: bool


class Looks:
    """Looks at files' contents, at each once; none of them is kept."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], Look] = {}

    def at(self, file: File, one: Wanted) -> Look:
        """Look at a file as one that is asked for."""
        key = id(file.entry), one.path  # an archive may have two files of one name
        if key not in self._seen:
            content = _content(file, one.largest)
            digest = None if content is None else blake2b(content).digest()
            answered = content is not None and one.is_answered(content)
            self._seen[key] = Look(digest, answered)
        return self._seen[key]


def _content(file: File, largest: int) -> bytes | None:
    try:
        content = file.entry.content(largest + 1)
    except Refused:
        return None
    return content if len(content) <= largest else None


class Places:
    """The folders of a submission that may be the hand-in, with the files in their places."""

    def __init__(self, files: Sequence[File], wanted: Sequence[Wanted]) -> None:
        self._there: defaultdict[str, dict[str, list[File]]] = defaultdict(dict)
        near: defaultdict[str, set[str]] = defaultdict(set)
        by_key = {one.key: one for one in wanted}
        by_base = {one.base: one for one in wanted}
        depths = {one.path.count("/") + 1 for one in wanted}
        for file in files:
            parts = file.name.split("/")
            for depth in depths:
                one = by_key.get(alike("/".join(parts[-depth:])))
                if one is not None and one.path.count("/") + 1 == depth:
                    folder = "".join(f"{part}/" for part in parts[:-depth])
                    self._there[folder].setdefault(one.path, []).append(file)
            if alike(file.base) in by_base:
                near[file.folder].add(file.base)
            if is_notebook(file.base):
                near[file.folder].add("a notebook")
        scores = {
            folder: (len(self._there.get(folder, ())), len(near.get(folder, ())))
            for folder in {*self._there, *near}
        }
        best = max(scores.values(), default=(0, 0))
        self.folders = sorted(folder for folder, score in scores.items() if score == best) or [""]
        """Those that hold the most of what is asked for, the top where none does."""
        self._wanted = {one.path: one for one in wanted}

    def files_for(self, one: Wanted, folder: str) -> list[File]:
        """Return the files in the place of one that is asked for, but for case and stray signs."""
        return self._there.get(folder, {}).get(one.path, [])

    def held(self, folder: str) -> list[tuple[Wanted, File]]:
        """Return all that a folder has of what is asked for."""
        there = self._there.get(folder, {})
        return [(self._wanted[path], file) for path, files in there.items() for file in files]


def choose_hand_in(places: Places, looks: Looks) -> str | None:
    """Return which of several hand-ins counts, None if that cannot be told.

    One with answers before an untouched one, one outside of an archive before one inside, one
    at the top before one in a folder of it; of equal ones any.
    """
    left = list(places.folders)
    if len(left) == 1:
        return left[0]
    if len(left) > MOST_RIVALS:
        return None

    def answered(folder: str) -> bool:
        return any(looks.at(file, one).answered for one, file in places.held(folder))

    def inside(folder: str) -> int:
        return min((file.inside for _, file in places.held(folder)), default=0)

    left = _least([folder for folder in left if answered(folder)] or left, inside)
    if not _equal(left, places, looks):
        left = _least(left, lambda folder: folder.count("/"))
    return left[0] if _equal(left, places, looks) else None


def _equal(folders: Sequence[str], places: Places, looks: Looks) -> bool:
    """Whether hand-ins hold the same files."""
    contents = {
        frozenset((one.path, looks.at(file, one).digest) for one, file in places.held(folder))
        for folder in folders
    }
    return len(contents) == 1


def _least(folders: Sequence[str], measure: Callable[[str], int]) -> list[str]:
    least = min(map(measure, folders))
    return [folder for folder in folders if measure(folder) == least]


@dataclass(frozen=True)
class Choice:
    """The file that is taken for one that is asked for, None if none can be; and its rivals."""

    file: File | None
    rivals: tuple[File, ...] = ()


def choose(one: Wanted, candidates: Sequence[File], top: str, looks: Looks) -> Choice:
    """Choose among files that may be the one that is asked for.

    Parameters
    ----------
    candidates : sequence of File
        The surest first: in its place, then by another name or elsewhere.
    top : str
        The folder of the hand-in, with its slash.
    """
    if len(candidates) < 2:
        return Choice(candidates[0] if candidates else None)
    exact = [file for file in candidates if file.name == top + one.path]
    if len(candidates) > MOST_RIVALS:
        chosen = exact[0] if len(exact) == 1 else None
        return Choice(chosen, _others(candidates, chosen))
    answered = [file for file in candidates if looks.at(file, one).answered]
    chosen = None
    if len(exact) == 1 and (exact[0] in answered or not answered):
        chosen = exact[0]
    elif len(exact) < 2:
        among = answered or candidates
        same = {looks.at(file, one).digest for file in among}
        chosen = among[0] if len(same) == 1 else None
    return Choice(chosen, _others(candidates, chosen))


def _others(files: Sequence[File], chosen: File | None) -> tuple[File, ...]:
    return tuple(file for file in files if file is not chosen)
