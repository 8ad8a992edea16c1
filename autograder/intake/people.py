"""Whose a download's file is: names of platforms, and the ids of the course.

`roster.toml` has the last word; then come the gradebook's ids, numbers, addresses and names.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.intake.platforms import Named
from autograder.text import one_line


@dataclass(frozen=True)
class Student:
    """A student as the gradebook knows them."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    platform_number: str = ""


@dataclass(frozen=True)
class Whose:
    """The student whose a file is, "" where that cannot be told, and what staff should know."""

    student: str
    note: str = ""
    todo: str = ""
    guessed: bool = False


class People:
    """Everybody who may hand in.

    Parameters
    ----------
    students : iterable of Student
    platform_ids : mapping
        By student, what platforms call them: ``[platform_ids]`` of ``roster.toml``.
    groups : mapping
        Members by the group's name or number: the one who is named first hands in.
    """

    def __init__(
        self,
        students: Iterable[Student] = (),
        platform_ids: Mapping[str, Sequence[str]] | None = None,
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.students = {student.id: student for student in students}
        mapping = platform_ids or {}
        self._roster = _index((name, who) for who, names in mapping.items() for name in names)
        everybody = self.students.values()
        self._ids = _index((who, who) for who in [*self.students, *mapping])
        self._numbers = _index((one.platform_number, one.id) for one in everybody)
        self._groups = _index((name, of[0]) for name, of in (groups or {}).items() if of)
        self._written = _index(
            (_letters(text), one.id)
            for one in everybody
            for text in (
                one.email,
                f"{one.first_name} {one.last_name}",
                f"{one.last_name} {one.first_name}",
            )
        )
        self._spelled = _index(
            (_letters(name), who) for who, names in mapping.items() for name in names
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.students | dict.fromkeys(who for who in self._ids)))

    def find(self, named: Named) -> Whose:
        """Return whose a file is; an id that nobody has is taken for a new student's."""
        for index, names in (
            (self._roster, (named.number, *named.names)),
            (self._ids, named.names),
            (self._numbers, (named.number,)),
            (self._groups, named.names),
            (self._spelled, map(_letters, named.names)),
            (self._written, map(_letters, named.names)),
        ):
            for name in names:
                found = index.get(name, set()) if name else set()
                if len(found) == 1:
                    return Whose(next(iter(found)))
                if found:
                    either = " or ".join(sorted(found))
                    return Whose("", f'"{name}" may be {either}', _remedy(named))
        return self._guess(named)

    def _guess(self, named: Named) -> Whose:
        who = one_line(named.fallback).strip()
        if not who or who != named.fallback or who.startswith(".") or "/" in who:
            return Whose("", f'"{who}" can be nobody\'s id', _remedy(named))
        if not named.platform and not self.students:
            return Whose(who, guessed=True)
        return Whose(who, f"nobody the course knows; taken as {who}", _remedy(named), guessed=True)


def _remedy(named: Named) -> str:
    name = named.number or named.names[0]
    return f'If it is somebody else, say so in roster.toml: [platform_ids], id = ["{name}"].'


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    made: defaultdict[str, set[str]] = defaultdict(set)
    for name, who in pairs:
        if name:
            made[name].add(who)
    return dict(made)


def _letters(text: str) -> str:
    """Return a name without what platforms leave out: case, spaces, signs, the kind of accent."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
