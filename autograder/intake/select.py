"""Take up a submission: only the files that the assignment asks for, nothing else.

A submission is a folder, a zip, a tar or a single notebook.  Its files may lie at
the top or one folder down, as when a folder was zipped.  A file that cannot be
taken is named with the reason; the rest is graded.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.course.settings import Attachments
from autograder.errors import SubmissionError
from autograder.intake.archives import LONGEST_NAME, MOST_FOLDERS_DEEP, Entry, Refused, entries
from autograder.text import one_line

LARGEST_MODULE = 1 << 20
LARGEST_NOTEBOOK = 64 << 20  # with its pictures; the course's are below 1 MB
MOST_ATTACHMENTS = 20
MOST_PROBLEMS = 50

_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
}


@dataclass(frozen=True)
class Submission:
    """What was taken of a submission.

    Attributes
    ----------
    files : dict of str to bytes
        Student modules by path, as ``cs_lib/layers.py``.
    notebooks : dict of str to bytes
        Notebooks by name without ``.ipynb``.
    attachments : dict of str to bytes
        Scans and pictures for written answers, by path.
    problems : list of str
        What was not taken, and why, for the student to read.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, bytes] = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(path: Path, assignment: Assignment) -> Submission:
    """Read a submission.

    Parameters
    ----------
    path : Path
        A folder, an archive or a notebook.
    assignment : Assignment

    Raises
    ------
    SubmissionError
        There is nothing at the path, or it cannot be read as any of these.
    """
    notebooks = [notebook.name for notebook in assignment.notebooks]
    reader = _Reader(assignment.config.student_modules, notebooks, assignment.config.attachments)
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"{path.name}: expected a submission, found nothing there.")
    try:
        if path.suffix.lower() == ".ipynb" and path.is_file() and not path.is_symlink():
            return reader.single(path)
        with entries(path) as found:
            return reader.select(found)
    except OSError as error:
        raise SubmissionError(
            f"{path.name}: cannot be read ({error.strerror}). Look at the file's permissions."
        ) from None


class _Reader:
    """Selects what an assignment asks for from the entries of a submission."""

    def __init__(
        self, modules: Sequence[str], notebooks: Sequence[str], attachments: Attachments
    ) -> None:
        self.modules = modules
        self.notebooks = notebooks
        self.types = {kind.lower() for kind in attachments.types}
        self.types |= {"jpeg"} if "jpg" in self.types else set()
        self.largest = int(attachments.max_mb * (1 << 20))
        self.taken = Submission()

    def single(self, path: Path) -> Submission:
        name = path.name
        if name not in self.notebooks:
            if len(self.notebooks) != 1:
                raise SubmissionError(
                    f"{_shown(name)}: expected {' or '.join(self.notebooks)}. "
                    "Give the notebook its name from the hand-out."
                )
            name = self.notebooks[0]
        with path.open("rb") as file:
            content = file.read(LARGEST_NOTEBOOK + 1)
        if len(content) > LARGEST_NOTEBOOK:
            self._refuse(name, _too_large(LARGEST_NOTEBOOK))
        else:
            self.taken.notebooks[_stem(name)] = content
        return self.taken

    def select(self, found: Sequence[Entry]) -> Submission:
        named = self._well_named(found)
        top = self._top(named)
        inside = [(name[len(top) :], entry) for name, entry in named if name.startswith(top)]
        by_name: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        for name, entry in inside:
            by_name[name.casefold()].append((name, entry))
        for expected in self.modules:
            content = self._wanted(expected, by_name, LARGEST_MODULE)
            if content is not None:
                self.taken.files[expected] = content
        for expected in self.notebooks:
            content = self._wanted(expected, by_name, LARGEST_NOTEBOOK)
            if content is not None:
                self.taken.notebooks[_stem(expected)] = content
        self._attach(by_name)
        if not self.taken.files and not self.taken.notebooks and not self.taken.problems:
            expected = ", ".join([*self.modules, *self.notebooks])
            self.taken.problems.append(
                f"none of the assignment's files was found. Expected {expected}, at the top or in "
                "one folder."
            )
        return self.taken

    def _well_named(self, found: Sequence[Entry]) -> list[tuple[str, Entry]]:
        kept = []
        for entry in found:
            name = entry.name.removeprefix("./")
            if reason := bad_name(name) or entry.refusal:
                self._refuse(entry.name, reason)
            else:
                kept.append((name, entry))
        return kept

    def _top(self, named: Sequence[tuple[str, Entry]]) -> str:
        """Return the folder, with its slash, that holds most of what is asked for."""
        names = {name.casefold() for name, _ in named}
        folders = {name.split("/")[0] + "/" for name, _ in named if "/" in name}

        def holds(folder: str) -> int:
            wanted = [*self.modules, *self.notebooks]
            return sum((folder + name).casefold() in names for name in wanted)

        return max(["", *sorted(folders)], key=holds)

    def _wanted(
        self, expected: str, by_name: dict[str, list[tuple[str, Entry]]], largest: int
    ) -> bytes | None:
        """Return the content of a file that is asked for, None where it cannot be had."""
        candidates = by_name.get(expected.casefold(), [])
        exact = [entry for name, entry in candidates if name == expected]
        others = [(name, entry) for name, entry in candidates if name != expected]
        if len(exact) > 1 or (not exact and len(others) > 1):
            self._refuse(expected, "more than one file of this name")
            return None
        for name, _ in others if exact else ():
            self._refuse(name, f"differs from {expected} only in upper and lower case")
        if not exact and others:
            self.taken.problems.append(
                f"{_shown(others[0][0])}: taken for {expected}. Give it the name from the hand-out."
            )
            exact = [others[0][1]]
        return self._content(expected, exact[0], largest) if exact else None

    def _content(self, name: str, entry: Entry, largest: int) -> bytes | None:
        try:
            content = entry.content(largest + 1)
            if len(content) > largest:
                raise Refused(_too_large(largest))
        except Refused as refused:
            self._refuse(name, str(refused))
            return None
        return content

    def _attach(self, by_name: dict[str, list[tuple[str, Entry]]]) -> None:
        for candidates in by_name.values():
            for name, entry in candidates:
                kind = name.rpartition(".")[2].lower()
                if kind in self.types:
                    self._attach_one(name, kind, entry, alone=len(candidates) == 1)

    def _attach_one(self, name: str, kind: str, entry: Entry, *, alone: bool) -> None:
        content = self._content(name, entry, self.largest)
        if content is None:
            return
        if not alone:
            self._refuse(name, "more than one file of this name, but for upper and lower case")
        elif len(self.taken.attachments) == MOST_ATTACHMENTS:
            self._refuse(name, f"more than {MOST_ATTACHMENTS} attachments")
        elif not content.startswith(_BEGINNINGS.get(kind, (b"",))):
            self._refuse(name, f"not what its name says, a {kind} file")
        else:
            self.taken.attachments[name] = content

    def _refuse(self, name: str, reason: str) -> None:
        if len(self.taken.problems) < MOST_PROBLEMS:
            self.taken.problems.append(f"{_shown(name)}: not taken: {reason}.")


def bad_name(name: str) -> str:
    """Return why a path in a submission is not to be used, "" if it may be."""
    parts = name.split("/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "its path starts at the root of a disk"
    if ".." in parts:
        return "its path leads out of the submission"
    if len(parts) > MOST_FOLDERS_DEEP or max(map(len, parts)) > LONGEST_NAME:
        return "its name is too long or lies too deep"
    if not name.isprintable():
        return "its name has characters that cannot be shown"
    return ""


def _too_large(largest: int) -> str:
    return f"larger than {largest >> 20} MB; clear outputs and pictures that are not needed"


def _stem(notebook: str) -> str:
    return notebook.removesuffix(".ipynb")


def _shown(name: str) -> str:
    return one_line(name.encode(errors="replace").decode(), longest=100)
