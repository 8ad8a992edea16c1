"""What lies in a download: whose work, file by file.

A download is a platform's bulk archive, packed or unpacked, a folder of archives with one
a student, or a single student's archive or notebook.  Nothing is unpacked to disk
but archives inside archives, and those to a nameless place and within limits.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import yaml

from autograder.errors import SubmissionError
from autograder.intake.archives import Entry, Refused, entries, is_archive
from autograder.intake.left import Left
from autograder.intake.platforms import Named, by_id, platform_of, read_name
from autograder.text import one_line

METADATA = "submission_metadata.yml"
MOST_HAND_INS = 100
"""Of the largest size, that a download may hold; of usual ones, thousands."""
LARGEST_METADATA = 64 << 20
_Texts = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads texts, lists and tables, and nothing else."""


@dataclass(frozen=True)
class Piece:
    """A file of somebody's work in a download.

    Attributes
    ----------
    where : str
        The download and the path in it, to be shown.
    content : callable
        Returns at most the asked number of bytes; raises `Refused`.
    refusal : str
        Why it is not to be read, empty where it may be.
    """

    where: str
    named: Named
    content: Callable[[int], bytes]
    refusal: str = ""


@dataclass(frozen=True)
class Expected:
    """What is known before a download is opened.

    Attributes
    ----------
    assignment : str
    files : tuple of str
        What a submission of the assignment holds, as ``cs_lib/layers.py``.
    students : tuple of str
        The ids that the course knows.
    reads : callable, optional
        The course's own reading of the names of archives, in the place of all others.
    """

    assignment: str
    files: tuple[str, ...]
    students: tuple[str, ...] = ()
    reads: Callable[[str], Named | None] | None = None

    @property
    def only_notebook(self) -> str:
        """The assignment's notebook if it has just one, else empty."""
        names = [path for path in self.files if path.endswith(".ipynb")]
        return names[0] if len(names) == 1 else ""

    def is_work(self, path: str) -> bool:
        """Tell whether a file has the name of one that is asked for."""
        name = PurePosixPath(path).name.casefold()
        return name.endswith(".ipynb") or name in self._names

    @property
    def _names(self) -> set[str]:
        return {PurePosixPath(path).name.casefold() for path in self.files}


def pieces(path: Path, expected: Expected, opened: ExitStack) -> Iterator[Piece | Left]:
    """Yield every file of a download, as somebody's work or left with the reason.

    Contents may be read until ``opened`` closes.
    """
    shown = one_line(path.name)
    if not path.is_dir() and not is_archive(path.name):
        yield _single(path, expected)
        return
    try:
        found = opened.enter_context(entries(path, MOST_HAND_INS))
    except (SubmissionError, OSError) as error:
        yield Left(shown, _reason(error), "Get it again, or unpack it by hand.")
        return
    for entry in found:
        if entry.noise:
            yield Left(f"{shown}: {entry.name}", "left by a program", expected=True)
    files = [
        replace(entry, name=entry.name.removeprefix("./")) for entry in found if not entry.noise
    ]
    yield from _inside(path, files, expected, opened)


def _inside(
    path: Path, files: list[Entry], expected: Expected, opened: ExitStack
) -> Iterator[Piece | Left]:
    """Yield what lies in an archive or folder, by the rules of the platform that made it."""
    shown, names = one_line(path.name), [entry.name for entry in files]
    if any(PurePosixPath(name).name == METADATA for name in names):
        yield from _gradescope(shown, files)
    elif not expected.reads and (platform := platform_of(names)):
        yield from _of_platform(shown, files, platform)
    elif path.is_dir():
        yield from _folder(path, files, expected, opened)
    else:
        yield from _archive(path, files, expected)


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error).partition(": ")[2]
    return (text or str(error)).rstrip(".")


def _single(path: Path, expected: Expected) -> Piece | Left:
    named = _name(path.name, expected)
    if path.suffix.lower() != ".ipynb" and not named.platform:
        return Left(
            one_line(path.name),
            "expected an archive or a notebook, got another file",
            "Whose it is cannot be told.",
        )
    return Piece(one_line(path.name), named, _reader(path), "a link" if path.is_symlink() else "")


def _reader(path: Path) -> Callable[[int], bytes]:
    def content(most: int) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise Refused(f"cannot be read ({error.strerror})") from None

    return content


def _name(path: str, expected: Expected) -> Named:
    """Read the name of a student's own file: by an id that is known, a platform's form, an id."""
    if expected.reads and (found := expected.reads(path)):
        return found
    own = by_id(path, expected.students, expected.assignment)
    if own.fallback in expected.students:
        return own
    return read_name(path) or own


def _of_platform(download: str, files: Sequence[Entry], platform: str) -> Iterator[Piece | Left]:
    for entry in files:
        named = read_name(entry.name)
        where = f"{download}: {one_line(entry.name)}"
        if named is None:
            yield Left(where, f"not in the form of {platform}'s downloads, so nobody's work")
        elif named.own:
            yield Left(where, named.own)
        else:
            yield Piece(where, named, entry.content, entry.refusal)


def _folder(
    path: Path, files: Sequence[Entry], expected: Expected, opened: ExitStack
) -> Iterator[Piece | Left]:
    """Read a folder of downloads: archives, notebooks, and a folder for each student."""
    for name, inside in _by_top(files).items():
        item = path / name
        if item.is_dir() and not item.is_symlink():
            yield from _student_folder(one_line(path.name), name, inside, expected)
        elif item.is_symlink() or not item.is_file():
            yield Left(f"{path.name}/{one_line(name)}", "a link or no ordinary file")
        else:
            yield from pieces(item, expected, opened)


def _by_top(files: Sequence[Entry]) -> dict[str, list[Entry]]:
    tops: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in files:
        tops[entry.name.split("/")[0]].append(entry)
    return dict(sorted(tops.items()))


def _student_folder(
    download: str, name: str, files: Sequence[Entry], expected: Expected
) -> Iterator[Piece | Left]:
    read = expected.reads and expected.reads(name)
    own = read or by_id(name, expected.students, expected.assignment)
    for entry in files:
        named = read_name(entry.name)
        if named is None or read or own.fallback in expected.students:
            named = replace(own, path=entry.name.partition("/")[2] or entry.name)
        where = f"{download}: {one_line(entry.name)}"
        if named.own:
            yield Left(where, named.own)
        else:
            yield Piece(where, named, entry.content, entry.refusal)


def _archive(path: Path, files: Sequence[Entry], expected: Expected) -> Iterator[Piece | Left]:
    """Read an archive without a platform's names: of one student, or of several by their ids."""
    tops = _by_top(files)
    with_work = {top for top, inside in tops.items() if _holds_work(inside, expected)}
    loose = any(top == entry.name and expected.is_work(top) for top in tops for entry in tops[top])
    known = {top for top in tops if _name(top, expected).fallback in expected.students}
    if not loose and (len(with_work) > 1 or (with_work and with_work <= known)):
        for top, inside in tops.items():
            if top == inside[0].name and not _holds_work(inside, expected):
                yield Left(f"{path.name}: {top}", "beside the students' folders, so nobody's work")
            else:
                yield from _student_folder(one_line(path.name), top, inside, expected)
    else:
        yield Piece(one_line(path.name), _name(path.name, expected), _reader(path))


def _holds_work(files: Sequence[Entry], expected: Expected) -> bool:
    return any(expected.is_work(entry.name) or is_archive(entry.name) for entry in files)


def _gradescope(download: str, files: Sequence[Entry]) -> Iterator[Piece | Left]:
    """Read ``submission_99/…`` by ``submission_metadata.yml``, which tells whose each is."""
    metadata = next(entry for entry in files if PurePosixPath(entry.name).name == METADATA)
    top = metadata.name[: -len(METADATA)]
    try:
        owners = _owners(metadata.content(LARGEST_METADATA))
    except (Refused, ValueError, yaml.YAMLError) as error:
        yield Left(
            f"{download}: {METADATA}",
            f"cannot be read ({one_line(str(error), 100)})",
            "Get it again.",
        )
        owners = {}
    for entry in files:
        folder, _, inside = entry.name.removeprefix(top).partition("/")
        where = f"{download}: {one_line(entry.name)}"
        if entry is metadata:
            yield Left(where, "Gradescope's table of who handed in what")
        elif not owners.get(folder) or not inside:
            yield Left(where, f"not in a folder that {METADATA} names, so nobody's work")
        else:
            for owner in owners[folder]:
                yield Piece(where, replace(owner, path=inside), entry.content, entry.refusal)


def _owners(content: bytes) -> dict[str, list[Named]]:
    document = yaml.load(io.BytesIO(content), Loader=yaml.BaseLoader)
    if not isinstance(document, dict):
        raise ValueError("expected a table of submissions")
    return {str(name): _submitters(str(name), entry) for name, entry in document.items()}


def _submitters(name: str, entry: object) -> list[Named]:
    submitters = entry.get(":submitters") if isinstance(entry, dict) else None
    made: list[Named] = []
    for person in submitters if isinstance(submitters, list) else []:
        texts = [person.get(f":{key}") for key in ("sid", "email", "name")]
        names = [str(text) for text in texts if text]
        if names:
            when = entry.get(":created_at") if isinstance(entry, dict) else ""
            made.append(
                Named("Gradescope", names[0], tuple(names), names[0], "", when=str(when or ""))
            )
    return [
        replace(one, together=", ".join(other.names[-1] for other in made if other is not one))
        for one in made
    ]
