"""Take up a submission: only the files that the assignment asks for, nothing else.

A submission is a folder, a zip, a tar or a single notebook.  Every file of it is taken, or
named with the reason: `choice` says which is taken of several.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from autograder.course.folder import Assignment
from autograder.errors import SubmissionError
from autograder.intake.archives import (
    LONGEST_NAME,
    MOST_FOLDERS_DEEP,
    MOST_INNER,
    Entry,
    Refused,
    entries,
    inner_entries,
    is_archive,
)
from autograder.intake.choice import (
    File,
    Looks,
    Places,
    Wanted,
    alike,
    choose,
    choose_hand_in,
    is_notebook,
    without_marks,
)
from autograder.intake.left import AS_HANDED_OUT, EXCHANGE_FILES, Left
from autograder.intake.wanted import wanted_files
from autograder.text import one_line, tidy

MOST_ATTACHMENTS = 20
MOST_BESIDE = 200
LARGEST_BESIDE = 64 << 20
"""Bytes of all files beside the notebooks."""
MOST_PROBLEMS = 50
MOST_NAMES = 5
OTHER_ARCHIVES = (".rar", ".7z", ".xz", ".txz", ".zst")

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
    beside : dict of str to bytes
        What else lies beside the notebooks, by path: where cells are graded by their own code.
    problems : list of str
        What was not taken, or taken for another file, and why, for the student to read.
    sources : list of str
        Where the files that were taken lie in the submission.
    left : list of Left
        Every file that was not taken, for the staff.
    unreadable : str
        Why nothing could be read of it, for the student; "" where it could.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, bytes] = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unreadable: str = ""


def read_or_say_why(path: Path, assignment: Assignment) -> Submission:
    """Read a submission as `read` does; where that fails, the submission says why."""
    try:
        return read(path, assignment)
    except SubmissionError as error:
        return Submission(problems=[str(error)], unreadable=str(error))


def read(path: Path, assignment: Assignment) -> Submission:
    """Read a submission.

    Parameters
    ----------
    path : Path
        A folder, an archive or a notebook.

    Raises
    ------
    SubmissionError
        There is nothing at the path, or it cannot be read as any of these.
    """
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"{path.name}: expected a submission, found nothing there.")
    reader = _Reader(assignment)
    try:
        if is_notebook(path.name) and path.is_file() and not path.is_symlink():
            return reader.single(path)
        with ExitStack() as opened:
            return reader.select(opened.enter_context(entries(path)), opened)
    except OSError as error:
        raise SubmissionError(
            f"{path.name}: cannot be read ({error.strerror}). Look at the file's permissions."
        ) from None


class _Reader:
    """Selects what an assignment asks for from the entries of a submission."""

    def __init__(self, assignment: Assignment) -> None:
        self.release = assignment.release
        self.wanted = wanted_files(assignment)
        attachments = assignment.config.attachments
        self.types = {kind.lower() for kind in attachments.types}
        self.types |= {"jpeg"} if "jpg" in self.types else set()
        self.takes_all = bool(assignment.judged_in_notebook)
        self.largest = int(attachments.max_mb * (1 << 20))
        self.looks = Looks()
        self.taken = Submission()
        self.top = ""
        self.archives = 0
        self.named: set[str] = set()

    def single(self, path: Path) -> Submission:
        file = File(path.name, Entry(path.name, "", _content_of(path)))
        self._take_notebooks([file], "")
        if not self.taken.notebooks and not self.taken.problems:
            names = [one.path for one in self.wanted if one.is_notebook]
            raise SubmissionError(
                f"{_shown(path.name)}: expected {' or '.join(names)}. "
                "Give the notebook its name from the hand-out."
            )
        return self.taken

    def select(self, found: Sequence[Entry], opened: ExitStack) -> Submission:
        files = list(self._well_named(found, opened, 0))
        places = Places(files, self.wanted)
        top = choose_hand_in(places, self.looks)
        if top is None:
            several = _several(places.folders)
            self._say(f"{several}: several hand-ins in one, none of them taken. Hand in one.")
        else:
            if len(places.folders) > 1:
                others = _several([folder for folder in places.folders if folder != top])
                self._say(f"{_place(top)}: taken as the hand-in, and not {others}.")
            self.top = top
            inside = [file for file in files if file.name.startswith(top)]
            self._take_modules(inside, places, top)
            self._take_notebooks([file for file in inside if file.folder == top], top)
            self._attach(inside, top)
        self._name_the_rest(files, top or "")
        if not self.taken.files and not self.taken.notebooks and not self.taken.problems:
            expected = ", ".join(one.path for one in self.wanted)
            self._say(
                f"none of the assignment's files was found. Expected {expected}, at the top or in "
                "one folder."
            )
        return self.taken

    def _well_named(self, found: Sequence[Entry], opened: ExitStack, inside: int) -> Iterator[File]:
        """Yield the files that may be used, those of archives inside as well; name the others."""
        for entry in found:
            name = entry.name.removeprefix("./")
            if entry.noise:
                self.taken.left.append(Left(name, "left by a program", expected=True))
            elif reason := entry.refusal or bad_name(name, self._names):
                self._refuse(entry.name, reason)
            elif is_archive(name):
                yield from self._inner(File(name, replace(entry, name=name), inside), opened)
            else:
                yield File(name, entry, inside)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(one.base for one in self.wanted)

    def _inner(self, archive: File, opened: ExitStack) -> Iterator[File]:
        self.archives += 1
        if archive.inside == 2 or self.archives > MOST_INNER:
            self._refuse(archive.name, "an archive inside of archives; unpack it")
            return
        try:
            found = inner_entries(archive.entry, opened)
        except (SubmissionError, Refused) as error:
            reason = str(error).removeprefix("archive: ").rstrip(".")
            self._refuse(archive.name, f"an archive inside that cannot be read: {reason}")
            return
        yield from self._well_named(found, opened, archive.inside + 1)

    def _take_modules(self, inside: Sequence[File], places: Places, top: str) -> None:
        by_base: defaultdict[str, list[File]] = defaultdict(list)
        wanted = {one.key for one in self.wanted}
        for file in inside:
            name = file.name.removeprefix(top)
            if alike(name) not in wanted and not (self.release / name).is_file():
                by_base[without_marks(file.base)].append(file)
        for one in self.wanted:
            if not one.is_notebook:
                there = places.files_for(one, top)
                away = [file for file in by_base[one.base] if file not in there]
                if (content := self._take(one, [*there, *away], top)) is not None:
                    self.taken.files[one.path] = content

    def _take_notebooks(self, files: Sequence[File], top: str) -> None:
        wanted = [one for one in self.wanted if one.is_notebook]
        found = [file for file in files if is_notebook(file.base)]
        for one in wanted:
            others = {other.base for other in wanted if other is not one}
            candidates = [file for file in found if alike(file.base) == one.base]
            if len(wanted) == 1:
                more = found
            else:
                more = [file for file in found if without_marks(file.base) == one.base]
            candidates += [
                file for file in more if file not in candidates and alike(file.base) not in others
            ]
            if (content := self._take(one, candidates, top)) is not None:
                self.taken.notebooks[PurePosixPath(one.path).stem] = content

    def _take(self, one: Wanted, candidates: Sequence[File], top: str) -> bytes | None:
        """Return the content of a file that is asked for, None where it cannot be had."""
        choice = choose(one, candidates, top, self.looks)
        if choice.file is None:
            if choice.rivals:
                names = _several(sorted({file.name for file in choice.rivals}), ", ")
                several = f" ({names})" if names != one.path else ""
                self._say(f"{one.path}: not taken: more than one file of this name{several}.")
                self._leave(choice.rivals, f"one of several that may be {one.path}")
            return None
        name = choice.file.name.removeprefix(top)
        for rival in choice.rivals:
            self._refuse(rival.name, f"{_shown(name)} was")
        content = self._content(choice.file, one.largest)
        self.named.add(choice.file.name)
        if content is not None:
            self.taken.sources.append(choice.file.name)
        if content is not None and name != one.path:
            self._say(f"{_shown(name)}: taken for {one.path}. Give it the name from the hand-out.")
        elif content is not None and choice.file.inside:
            archive = _shown(top.rstrip("/"))
            self._say(f"{archive}: an archive inside was unpacked. Hand in the folder itself.")
        return content

    def _content(self, file: File, largest: int) -> bytes | None:
        try:
            content = file.entry.content(largest + 1)
            if len(content) > largest:
                raise Refused(_too_large(largest))
        except Refused as refused:
            self._refuse(file.name, str(refused))
            return None
        return content

    def _attach(self, files: Sequence[File], top: str) -> None:
        kinds = [(file, file.base.rpartition(".")[2].lower()) for file in files]
        names = Counter(alike(file.name) for file in files)
        for file, kind in kinds:
            if kind in self.types and file.name not in self.named:
                self._attach_one(file, kind, top, alone=names[alike(file.name)] == 1)

    def _attach_one(self, file: File, kind: str, top: str, *, alone: bool) -> None:
        name = file.name.removeprefix(top)
        content = self._content(file, self.largest)
        self.named.add(file.name)
        if content is None:
            return
        if not alone:
            self._refuse(file.name, "more than one file of this name, but for upper and lower case")
        elif len(self.taken.attachments) == MOST_ATTACHMENTS:
            self._refuse(file.name, f"more than {MOST_ATTACHMENTS} attachments")
        elif not content.startswith(_BEGINNINGS.get(kind, (b"",))):
            self._refuse(file.name, f"not what its name says, a {kind} file")
        else:
            self.taken.attachments[name] = content
            self.taken.sources.append(file.name)

    def _name_the_rest(self, files: Sequence[File], top: str) -> None:
        """Name what was not asked for; the student reads of what looks like work."""
        for file in files:
            name = file.name.removeprefix(top)
            if file.name in self.named:
                continue
            if file.name in EXCHANGE_FILES:
                self.taken.left.append(Left(file.name, "nbgrader's own", expected=True))
            elif (self.release / name).is_file():
                self._name_handed_out(file, name)
            elif self.takes_all and file.name.startswith(top) and not is_notebook(file.base):
                self._take_beside(file, name)
            elif is_notebook(file.base) or tidy(file.base).lower().endswith((".py", ".py.txt")):
                taken = ", ".join(one.path for one in self.wanted)
                self._refuse(file.name, f"only {taken} are, and nothing else can be used")
            elif file.base.lower().endswith(OTHER_ARCHIVES):
                self._refuse(file.name, "an archive of a kind that is not read; hand in a zip")
            else:
                self._leave([file], "not one of the assignment's files")

    def _take_beside(self, file: File, name: str) -> None:
        taken = self.taken.beside
        if len(taken) == MOST_BESIDE:
            self._refuse(file.name, f"more than {MOST_BESIDE} files beside the notebooks")
            return
        content = self._content(file, LARGEST_BESIDE - sum(map(len, taken.values())))
        if content is not None:
            taken[name] = content
            self.taken.sources.append(file.name)

    def _name_handed_out(self, file: File, name: str) -> None:
        released = (self.release / name).read_bytes()
        try:
            same = file.entry.content(len(released) + 1) == released
        except Refused:
            same = False
        why = AS_HANDED_OUT if same else "handed out; the course's own is used"
        self.taken.left.append(Left(file.name, why, expected=same))

    def _leave(self, files: Iterable[File], why: str) -> None:
        for file in files:
            self.named.add(file.name)
            self.taken.left.append(Left(file.name, why))

    def _refuse(self, name: str, reason: str) -> None:
        self.named.add(name)
        self.taken.left.append(Left(name, f"not taken: {reason}"))
        self._say(f"{_shown(name.removeprefix(self.top))}: not taken: {reason}.")

    def _say(self, problem: str) -> None:
        problems = self.taken.problems
        if problem in problems:
            return
        if len(problems) < MOST_PROBLEMS:
            problems.append(problem)
        elif len(problems) == MOST_PROBLEMS:
            problems.append("and more that was not taken. Hand in only the assignment's folder.")


def _content_of(path: Path) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        with path.open("rb") as file:
            return file.read(most)

    return content


def bad_name(name: str, wanted: Collection[str] = ()) -> str:
    """Return why a path in a submission is not to be used, "" if it may be.

    Parameters
    ----------
    wanted : collection of str
        Names as `alike` gives them, for the sake of which hidden signs are overlooked.
    """
    parts = name.split("/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "its path starts at the root of a disk"
    if ".." in parts:
        return "its path leads out of the submission"
    if len(parts) > MOST_FOLDERS_DEEP or max(map(len, parts)) > LONGEST_NAME:
        return "its name is too long or lies too deep"
    if not name.isprintable() and alike(parts[-1]) not in wanted:
        return "its name has characters that cannot be shown"
    return ""


def _too_large(largest: int) -> str:
    return f"larger than {largest >> 20} MB; clear outputs and pictures that are not needed"


def _several(names: Sequence[str], between: str = " and ") -> str:
    shown = [_place(name) for name in names[:MOST_NAMES]]
    more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    return between.join([*shown, *more])


def _place(folder: str) -> str:
    return _shown(folder) or "the top"


def _shown(name: str) -> str:
    return one_line(name.encode(errors="replace").decode(), longest=100)
