"""Put downloaded work where it is graded: one hand-in a student, the latest, and nothing lost.

First a plan is made, in which every file of every download stands: as a part of somebody's
work, or left with the reason.  Then the plan is carried out, or only shown.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from autograder.course.clock import CourseClock
from autograder.course.timestamps import UnreadableTime, read_instant
from autograder.errors import SubmissionError
from autograder.intake.archives import LARGEST_ARCHIVE, Entry, Refused, entries, is_archive
from autograder.intake.downloads import Expected, Piece, pieces
from autograder.intake.left import Left
from autograder.intake.people import People
from autograder.intake.select import bad_name
from autograder.intake.submitted import TIMESTAMP, time_of
from autograder.intake.wanted import LARGEST_NOTEBOOK as LARGEST_FILE
from autograder.text import one_line
from autograder.write import write_files

WRITE_TIME = f"write it into {TIMESTAMP}, or no penalty follows."
AS_GROUP = "As a group in roster.toml ([groups]) it is graded once."
TELL_APART = "Say who is who in roster.toml ([platform_ids]), or collect the one that counts alone."


@dataclass
class HandIn:
    """What one student handed in at one time.

    Attributes
    ----------
    student : str
        The id in the course.
    pieces : list of Piece
        The files.
    time : datetime, str or None
        When, in UTC; the platform's text where that cannot be read; None where it says nothing.
    guessed : bool
        The course knows nobody of this name; it was taken for an id.
    notebook : str
        The name that a notebook handed in alone gets; it had the student's.
    notes : list of str
        What staff should know.
    """

    student: str
    pieces: list[Piece]
    time: datetime | str | None = None
    guessed: bool = False
    notebook: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[str, str]:
        """What later attempts have more of."""
        instant = self.time.isoformat() if isinstance(self.time, datetime) else ""
        return instant, max(piece.named.attempt for piece in self.pieces)

    @property
    def wheres(self) -> str:
        return ", ".join(piece.where for piece in self.pieces)


@dataclass
class CollectPlan:
    """What is to become of every file of some downloads."""

    hand_ins: list[HandIn] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def _by_attempt(
    found_in: Iterable[tuple[Path, Piece | Left]], left: list[Left]
) -> list[list[Piece]]:
    """Put together what was handed in at once; what is nobody's work goes to ``left``."""
    attempts: defaultdict[tuple[str, str], list[Piece]] = defaultdict(list)
    for path, piece in found_in:
        if isinstance(piece, Left):
            left.append(piece)
        else:
            attempts[_attempt(piece, path)].append(piece)
    return list(attempts.values())


def make_plan(
    downloads: Sequence[Path],
    expected: Expected,
    people: People,
    zone: tzinfo,
    opened: ExitStack,
) -> CollectPlan:
    """Read downloads and say what is to become of each of their files.

    Contents may be read until ``opened`` closes.
    """
    plan = CollectPlan()
    found_in = ((file, piece) for file in downloads for piece in pieces(file, expected, opened))
    by_student: defaultdict[str, list[HandIn]] = defaultdict(list)
    for found in _by_attempt(found_in, plan.left):
        for hand_in in _whose(found, people, zone, plan):
            hand_in.notebook = expected.only_notebook
            by_student[hand_in.student].append(hand_in)
    for student in sorted(by_student):
        _choose(by_student[student], plan)
    return plan


def _attempt(piece: Piece, download: Path) -> tuple[str, str]:
    """Return what the pieces of one attempt have in common."""
    named = piece.named
    if named.platform == "Blackboard":
        apart = named.attempt
    elif named.platform:
        apart = f"{download} {named.when}"
    else:
        apart = f"{download} {piece.where.partition(': ')[0]}"
    return f"{named.platform} {named.person}", apart


def _whose(found: list[Piece], people: People, zone: tzinfo, plan: CollectPlan) -> Iterator[HandIn]:
    named = found[0].named
    whose = people.find(named)
    if not whose.student:
        plan.left += [Left(piece.where, whose.note, whose.todo) for piece in found]
        return
    hand_in = HandIn(whose.student, found, guessed=whose.guessed)
    hand_in.notes += [f"{whose.note}. {whose.todo}"] if whose.note else []
    if named.together:
        hand_in.notes.append(f"handed in with {named.together}; each has a copy. {AS_GROUP}")
    if named.when:
        try:
            hand_in.time = read_instant(named.when, zone)
        except UnreadableTime as error:
            hand_in.time = named.when
            hand_in.notes.append(f"when it came: {error}. It costs no penalty; mend {TIMESTAMP}.")
    elif named.late:
        hand_in.notes.append(f"{named.platform} calls it late, but tells no time: {WRITE_TIME}")
    yield hand_in


def _choose(attempts: list[HandIn], plan: CollectPlan) -> None:
    """Take the latest of a student's attempts; leave the others, or all if none is the latest."""
    latest = _latest(attempts)
    for one in attempts:
        if latest is None:
            others = "; ".join(other.wheres for other in attempts if other is not one)
            why = f"{one.student}'s by name, as {others}; which came last cannot be told"
            _leave(one, why, TELL_APART, plan)
        elif one is not latest:
            _leave(
                one, f"an earlier attempt of {one.student}'s; taken is {latest.wheres}", "", plan
            )
    if latest is not None:
        plan.hand_ins.append(latest)


def _latest(attempts: list[HandIn]) -> HandIn | None:
    """Return a student's latest attempt, None where that cannot be told."""
    persons = {(one.pieces[0].named.platform, one.pieces[0].named.person) for one in attempts}
    if len(persons) > 1 and any(one.guessed for one in attempts):
        return None  # two people whose names look alike
    ordered = sorted(attempts, key=lambda one: one.order)
    last = ordered[-1]
    timed = {isinstance(one.time, datetime) for one in attempts}
    if len(timed) > 1:
        return None
    equal = [one for one in attempts if one.order == last.order]
    same = all(contents(one, []) == contents(last, []) for one in equal if one is not last)
    return last if same else None


def _leave(hand_in: HandIn, why: str, todo: str, plan: CollectPlan) -> None:
    plan.left += [Left(piece.where, why, todo) for piece in hand_in.pieces]


def write(hand_in: HandIn, folder: Path, kept: Path, left: list[Left]) -> str:
    """Write a hand-in to its folder.

    What lies there already is kept aside, unless it is the same.

    Parameters
    ----------
    folder : Path
        ``submitted/<student>/<assignment>``.
    kept : Path
        Where the earlier work of students is put.
    left : list of Left
        Gets what is not taken of the hand-in.

    Returns
    -------
    str
        What was done.
    """
    files = contents(hand_in, left)
    if hand_in.time:
        files[TIMESTAMP] = _stamp(hand_in.time).encode()
    if folder.is_dir() and _tree(folder) == files:
        return "there already"
    if later := _handed_in_later(folder, hand_in):
        return f"not taken: what is there was handed in later, {later:%Y-%m-%d %H:%M} UTC"
    aside = _replace(folder, files, kept / hand_in.student)
    what = f"{len(files)} files to {folder}"
    return f"{what}; what was there lies in {aside}" if aside else what


def _replace(folder: Path, files: Mapping[str, bytes], kept: Path) -> Path | None:
    """Write files into a new folder; return where what was there lies now."""
    aside = None
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".collecting-") as scratch:
        made = Path(scratch) / "made"
        write_files(made, files)
        if folder.exists() or folder.is_symlink():
            aside = _free(kept)
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder, aside)
        made.rename(folder)
    return aside


def _stamp(time: datetime | str) -> str:
    if isinstance(time, str):
        return f"{time}\n"
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n"


def _handed_in_later(folder: Path, hand_in: HandIn) -> datetime | None:
    there = time_of(folder, CourseClock()).instant
    here = hand_in.time
    return there if there and isinstance(here, datetime) and there > here else None


def _free(path: Path) -> Path:
    number = 1
    while (found := path / str(number)).exists():
        number += 1
    return found


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def contents(hand_in: HandIn, left: list[Left]) -> dict[str, bytes]:
    """Return the files of a hand-in by path; an archive alone is unpacked.

    Parameters
    ----------
    left : list of Left
        Gets what is not taken, with the reason.
    """
    files: dict[str, bytes] = {}
    for piece in hand_in.pieces:
        if len(hand_in.pieces) == 1 and is_archive(piece.named.path) and not piece.refusal:
            files |= _unpacked(piece, left)
        else:
            name = piece.named.path or piece.where
            alone = not piece.named.platform and piece.where == name and name.endswith(".ipynb")
            name = hand_in.notebook if alone and hand_in.notebook else name
            entry = Entry(name, piece.refusal, piece.content)
            _add(files, entry, piece.where, left)
    return _without_folders(files)


def _unpacked(piece: Piece, left: list[Left]) -> dict[str, bytes]:
    """Return the files of an archive; of a damaged one, the archive, to be graded as unreadable."""
    name = PurePosixPath(piece.named.path or piece.where).name
    files: dict[str, bytes] = {}
    found: list[Left] = []
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "archive"
        try:
            path.write_bytes(piece.content(LARGEST_ARCHIVE + 1))
            with entries(path) as inside:
                for entry in inside:
                    where = f"{piece.where}: {one_line(entry.name)}"
                    if entry.noise:
                        found.append(Left(where, "left by a program", expected=True))
                        continue
                    _add(files, replace(entry, name=entry.name.removeprefix("./")), where, found)
        except (SubmissionError, Refused) as error:
            left.append(Left(piece.where, f"cannot be unpacked: {error}", "It is graded as it is."))
            return {name: path.read_bytes()} if path.stat().st_size <= LARGEST_ARCHIVE else {}
    left += found
    return files


def _add(files: dict[str, bytes], entry: Entry, where: str, left: list[Left]) -> None:
    """Add a file to those of a hand-in, or say why not."""
    try:
        if reason := bad_name(entry.name) or entry.refusal:
            raise Refused(reason)
        if entry.name.rpartition("/")[2] == TIMESTAMP:
            raise Refused("a time stamp in a hand-in counts for nothing")
        content = entry.content(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise Refused(f"larger than {LARGEST_FILE >> 20} MB")
        if sum(map(len, files.values())) + len(content) > LARGEST_ARCHIVE:
            raise Refused(f"with it the hand-in would be larger than {LARGEST_ARCHIVE >> 20} MB")
        if files.get(entry.name, content) != content:
            raise Refused("a second file of this name")
    except Refused as refused:
        left.append(Left(where, str(refused)))
    else:
        files[entry.name] = content


def _without_folders(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files without the folders that hold all of them."""
    while files and len(tops := {name.partition("/")[0] for name in files}) == 1:
        if any("/" not in name for name in files) or tops <= {"cs_lib"}:
            break
        files = {name.partition("/")[2]: content for name, content in files.items()}
    return files
