"""What lies in ``submitted/``: whose work, from when, and what is nobody's.

The place is ``submitted/<student>/<assignment>/``.  What lies nearly there is taken with
a note where it can mean one thing only; all else is named, with what to do.
"""

import os
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from autograder.course.clock import CourseClock, course_clock
from autograder.course.folder import Assignment
from autograder.course.roster import read_roster
from autograder.course.timestamps import LONGEST, UnreadableTime
from autograder.intake.archives import NOISE, is_archive
from autograder.intake.left import Left
from autograder.intake.platforms import strip_ending
from autograder.text import tidy, visible

TIMESTAMP = "timestamp.txt"
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Time:
    """When work was handed in.

    Attributes
    ----------
    instant : datetime or None
        In UTC; None where it is not known.
    problem : str
        Why it is not known although there is a text, for staff.
    """

    instant: datetime | None = None
    problem: str = ""

    @property
    def utc(self) -> datetime | None:
        """The instant as nbgrader keeps it: in UTC, without saying so."""
        return self.instant and self.instant.astimezone(UTC).replace(tzinfo=None)


def time_of(folder: Path, clock: CourseClock) -> Time:
    """Return when a submission was handed in, by the ``timestamp.txt`` in its folder."""
    path = folder / TIMESTAMP
    if path.is_symlink() or not path.is_file():
        return Time()
    try:
        text = path.read_bytes()[: 8 * LONGEST].decode("utf-8-sig")
        return Time(clock.read(text))
    except UnicodeDecodeError:
        problem = "expected UTF-8, got another encoding"
    except UnreadableTime as error:
        problem = str(error)
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    return Time(problem=f"{TIMESTAMP}: {problem}")


@dataclass(frozen=True)
class _Candidate:
    """A place where a student's work may lie; ``note`` says how it differs from the right one."""

    student: str
    path: Path
    note: str = ""


@dataclass
class HandedIn:
    """The submissions of an assignment.

    Attributes
    ----------
    paths : dict of str to Path
        By student, in the order of their names.
    notes : dict of str to str
        Of students whose work lay nearly in its place, how.
    left : list of Left
        What is nobody's work.
    """

    assignment: Assignment
    paths: dict[str, Path] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)

    @cached_property
    def times(self) -> dict[str, Time]:
        """When each student's work was handed in."""
        clock = course_clock(self.assignment.course)
        return {student: time_of(path, clock) for student, path in self.paths.items()}

    @cached_property
    def shares(self) -> dict[str, tuple[str, ...]]:
        """Who hands in for whom: ``{student: all whose work it is}``.

        Of a group in which several have handed in, the latest counts; of those of whom no time
        is known, the last by name.
        """
        left = list(self.paths)
        shared: dict[str, tuple[str, ...]] = {}
        groups = read_roster(self.assignment.course).groups.get(self.assignment.name, {})
        for members in groups.values():
            present = sorted(set(members) & set(left))
            if present:
                handed_in = max(present, key=lambda name: (self._time(name), name))
                shared[handed_in] = members
                left = [student for student in left if student not in members]
        return {student: shared.get(student, (student,)) for student in sorted([*shared, *left])}

    def _time(self, student: str) -> datetime:
        return self.times[student].instant or _OLDEST

    @cached_property
    def graded_as(self) -> dict[str, str]:
        """For each student who has a result, the one whose submission is graded."""
        return {member: student for student, members in self.shares.items() for member in members}

    def warnings(self, students: Iterable[str]) -> list[str]:
        """Return what staff should know of the work of some students."""
        said = []
        for student in students:
            if note := self.notes.get(student):
                said.append(f"{student}: {note}.")
            if problem := self.times[student].problem:
                said.append(f"{student}: {problem}. No penalty; write a time that can be read.")
        return said


def handed_in(assignment: Assignment) -> HandedIn:
    """Look through ``submitted/`` for the work of an assignment."""
    found = HandedIn(assignment)
    by_student: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for item in _Search(assignment).everything():
        if isinstance(item, Left):
            found.left.append(item)
        else:
            by_student[item.student].append(item)
    for student in sorted(by_student):
        _take(by_student[student], found)
    return found


def _take(candidates: list[_Candidate], found: HandedIn) -> None:
    """Take the work in its right place, or else the only one; leave the rest."""
    exact = [one for one in candidates if not one.note]
    chosen = exact or candidates
    shown = found.assignment.course.shown
    others = [one for one in candidates if one is not chosen[0] or len(chosen) > 1]
    for one in others:
        rivals = ", ".join(visible(shown(other.path)) for other in candidates if other is not one)
        why = f"{one.note}, but there is also {rivals}" if one.note else f"there is also {rivals}"
        todo = "Keep one of them." if len(chosen) > 1 else "Move it away, or put it in that place."
        found.left.append(Left(shown(one.path), why, todo))
    if len(chosen) == 1:
        student = chosen[0].student
        found.paths[student] = chosen[0].path
        if chosen[0].note:
            found.notes[student] = f"{visible(shown(chosen[0].path))}: {chosen[0].note}"


class _Search:
    """Goes through ``submitted/`` and tells what each thing in it is."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.course = assignment.course
        self.notebooks = {path.name.casefold() for path in assignment.notebooks}
        source = self.course.root / "source"
        self.assignments = {
            *self.course.assignment_names(),
            *(path.name for path in source.glob("*") if path.is_dir()),
        }

    def everything(self) -> Iterator[_Candidate | Left]:
        for item in _listed(self.course.submitted):
            shown = self._shown(item)
            if item.name in NOISE or item.name.startswith("."):
                yield Left(shown, "no student's, a program's", expected=True)
            elif not item.is_dir():
                todo = f"Run `autograder collect {self.assignment.name} {shlex.quote(shown)}`."
                known = is_archive(item.name) or item.suffix.lower() == ".ipynb"
                yield Left(
                    shown,
                    "a file where students' folders belong",
                    todo if known else f"Put it into {self._place()}.",
                )
            elif item.name == self.assignment.name:
                yield from self._turned_round(item)
            elif item.name not in self.assignments:  # another's, turned round: graded with that
                yield from self._student(item)

    def _shown(self, path: Path) -> str:
        return self.course.shown(path)

    def _place(self, student: str = "STUDENT") -> str:
        return f"{self.course.shown(self.assignment.submitted(student))}/"

    def _turned_round(self, folder: Path) -> Iterator[_Candidate | Left]:
        """Look through ``submitted/<assignment>/<student>``, the order of other programs."""
        for item in _listed(folder):
            student = tidy(strip_ending(item.name) if item.is_file() else item.name)
            if not student or student.startswith(".") or item.name in NOISE:
                yield Left(self._shown(item), "no student's, a program's", expected=True)
            elif item.is_dir() or is_archive(item.name):
                note = f"the student's folder belongs outside: taken for {self._place(student)}"
                yield _Candidate(student, item, note)
            else:
                todo = f"Put it into {self._place()}."
                yield Left(self._shown(item), "a file where students' folders belong", todo)

    def _student(self, folder: Path) -> Iterator[_Candidate | Left]:
        student = tidy(folder.name)
        if not student or student.startswith("."):
            todo = f"Rename the folder: {self._place()}."
            yield Left(self._shown(folder), "its name can be no student's id", todo)
            return
        note = "" if student == folder.name else f'taken for "{student}": its name has stray signs'
        items = _listed(folder)
        if not items:
            todo = f"Put work into {self._place(student)}, or take the folder away."
            yield Left(self._shown(folder), "an empty folder", todo)
        loose = [item for item in items if item.is_file() and self._is_notebook(item)]
        if loose and not any(item.name in self.assignments for item in items):
            outside = f"files outside of a folder: taken for {self._place(student)}"
            yield _Candidate(student, folder, outside)
            return
        for item in items:
            yield from self._of_student(item, student, note)

    def _is_notebook(self, path: Path) -> bool:
        return path.name.casefold() in self.notebooks

    def _of_student(self, item: Path, student: str, note: str) -> Iterator[_Candidate | Left]:
        name, wanted = item.name, self.assignment.name
        if name == wanted:
            yield _Candidate(student, item, note)
        elif name in NOISE or name.startswith("."):
            yield Left(self._shown(item), "no student's, a program's", expected=True)
        elif name in self.assignments:
            return  # another assignment's, graded with that
        elif _loose(strip_ending(name) if item.is_file() else name) == _loose(wanted):
            what = "an archive in the place of the folder" if item.is_file() else "another name"
            yield _Candidate(student, item, f"{what}: taken for {self._place(student)}")
        elif (inner := item / wanted).is_dir() and item.is_dir():
            yield _Candidate(student, inner, f"a folder too deep: taken for {self._place(student)}")
            for other in _listed(item):
                if other != inner:
                    todo = f"Move it into {self._place(student)} if it belongs there."
                    yield Left(self._shown(other), "beside the assignment's folder", todo)
        else:
            yield self._unknown(item, student)

    def _unknown(self, item: Path, student: str) -> Left:
        if item.is_dir():
            names = ", ".join(sorted(self.assignments))
            return Left(
                self._shown(item), "no assignment is called so", f"Rename it; there are: {names}."
            )
        return Left(
            self._shown(item),
            "a file beside the assignments' folders",
            f"Put it into {self._place(student)}.",
        )


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(Path(entry.path) for entry in os.scandir(folder))
    except OSError:
        return []


def _loose(name: str) -> str:
    """Return what is the same in names that people take for the same."""
    return "".join(filter(str.isalnum, tidy(name).casefold()))
