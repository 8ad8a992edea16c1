"""How learning platforms name the files of a bulk download, and whom a name means.

docs/collecting.md says where each form was read. A name tells the student as the
platform knows them, the attempt and the file; nothing is opened here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.intake.archives import ENDINGS


@dataclass(frozen=True)
class Named:
    """One file of a download, as its path tells.

    Attributes
    ----------
    platform : str
        ``Canvas``, ``Moodle``, ``Brightspace``, ``Blackboard``, ``Gradescope``, or empty: one
        archive a student, named by the student's id.
    person : str
        What tells one student or group from another in this download.
    names : tuple of str
        What they are called: a name, a login, the surest first.
    number : str
        The platform's own number of them, which is no student's id.
    fallback : str
        The id to take where the course knows none of the names.
    path : str
        Where the file lay in what the student handed in.
    when : str
        When it was handed in, as the platform writes it; of the course's time zone.
    attempt : str
        What orders attempts where no time is known.
    late : bool
        The platform says so.
    together : str
        Who handed in the same work with them.
    own : str
        Why this is a file of the platform and not of the student, empty if it is theirs.
    """

    platform: str
    person: str
    names: tuple[str, ...]
    fallback: str
    path: str
    number: str = ""
    when: str = ""
    attempt: str = ""
    late: bool = False
    together: str = ""
    own: str = ""


def strip_ending(name: str) -> str:
    """Return a file's name without the ending of an archive or a notebook."""
    for ending in sorted((*ENDINGS, ".ipynb"), key=len, reverse=True):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


_CANVAS = re.compile(
    r"(?P<name>.*?)_?(?P<late>\bLATE_|_LATE_|(?<=_)|^)(?:(?P<anon>anon_[A-Za-z0-9]+)|(?P<user>\d+))_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>text|link)\.html)"
)
_MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_?/(?P<path>.+)|_(?P<file>[^/]+))"
)
_BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<folder>\d+) - (?P<who>[^/]+?) - "
    r"(?P<when>(?:(?! - )[^/])*\d{4}(?:(?! - )[^/])*)"
    r"(?:/(?P<path>.+)| - (?P<file>[^/]+))"
)
_BLACKBOARD = re.compile(
    r"(?P<title>[^/]*)_(?P<user>[^_/]+)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?:_(?P<file>[^/]+)|\.txt)"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T _-]?\d{2}[-:.]?\d{2}(?:[-:.]?\d{2})?)?")
_COUNT = re.compile(r"(?:[ _-]|\b)(?:v|version|attempt|try|versuch)?[ _-]?\(?(\d{1,3})\)?", re.I)


def canvas(path: str) -> Named | None:
    """Read ``lovelaceada_LATE_4711_991_handin.zip``: name, lateness, user, attachment, file."""
    found = _CANVAS.fullmatch(path) if "/" not in path else None
    if found is None:
        return None
    who = found["anon"] or found["user"]
    name = found["name"] or who
    typed = f"{found['typed']}.html" if found["typed"] else ""
    return Named(
        platform="Canvas",
        person=who,
        names=(name,),
        number=who,
        fallback=name,
        path=found["file"] or typed,
        attempt=found["attachment"] or "",
        late="LATE" in found["late"],
        own="what was typed into Canvas, no file" if typed else "",
    )


def moodle(path: str) -> Named | None:
    """Read ``Ada Lovelace_12345_assignsubmission_file_/handin.zip``, in folders or flat.

    The number is of this assignment alone; a team has its group's name and number.
    """
    found = _MOODLE.fullmatch(path)
    if found is None:
        return None
    name, number = found["name"], found["number"]
    blind, typed = name == "Participant", found["kind"] != "file"
    return Named(
        platform="Moodle",
        person=f"{name}_{number}",
        names=(f"{name}_{number}",) if blind else (name,),
        fallback=f"{name}_{number}" if blind else name,
        path=found["path"] or found["file"],
        own=f"what was typed into Moodle ({found['kind']}), no file" if typed else "",
    )


def brightspace(path: str) -> Named | None:
    """Read ``27236-46025 - 23304308 Lovelace - 05 March 2026 612 PM/handin.zip``.

    Between the numbers and the time stand a group, if it is a group's, and the name, in which
    the first word may be the id. The clock has no colon.
    """
    found = _BRIGHTSPACE.fullmatch(path)
    if found is None:
        return None
    who = found["who"].split(" - ")
    first = who[-1].split()[0]
    login = first if first.islower() or any(map(str.isdigit, first)) else ""
    return Named(
        platform="Brightspace",
        person=f"{found['user']}-{found['who']}",
        names=tuple(filter(None, (*reversed(who), login))),
        number=found["user"],
        fallback=first if any(map(str.isdigit, first)) else who[-1],
        path=found["path"] or found["file"],
        when=_with_colon(found["when"]),
    )


def _with_colon(when: str) -> str:
    """Return Brightspace's ``612 PM`` as ``6:12 PM``; where the clock has 24 hours likewise."""
    return re.sub(r"(?<!\d)(\d{1,2})(\d{2})(\s?[AP]M)?$", r"\1:\2\3", when.strip())


def blackboard(path: str) -> Named | None:
    """Read ``First steps_ada_attempt_2026-10-24-18-00-00_handin.zip``.

    Without a file's name it is Blackboard's receipt of the attempt.
    """
    found = _BLACKBOARD.fullmatch(path)
    if found is None:
        return None
    day, clock = found["when"][:10], found["when"][11:].replace("-", ":")
    return Named(
        platform="Blackboard",
        person=found["user"],
        names=(found["user"],),
        fallback=found["user"],
        path=found["file"] or PurePosixPath(path).name,
        when=f"{day} {clock}",
        attempt=found["when"],
        own="" if found["file"] else "Blackboard's receipt of the attempt",
    )


def by_id(name: str, known: Sequence[str] = (), assignment: str = "") -> Named:
    """Read the name of a student's own archive or folder: the id comes first.

    The id ends at an underscore or with the name; dots belong to it. An id that the
    course knows may have underscores. The name of the assignment may come before it.
    """
    stem = strip_ending(name)
    stem = stem.removeprefix(f"{assignment}_") if assignment else stem
    fits = [who for who in known if stem == who or re.match(rf"{re.escape(who)}[_ (]", stem)]
    who = max(fits, key=len, default=re.sub(r"\s*\(\d+\)$", "", stem.partition("_")[0]))
    rest = stem[len(who) :]
    date, count = _DATE.search(rest), _COUNT.fullmatch(rest)
    return Named(
        platform="",
        person=who,
        names=(who,),
        fallback=who,
        path=name,
        attempt=date[0] if date else count[1].zfill(12) if count else "",
    )


FORMS: dict[str, Callable[[str], Named | None]] = {
    "Blackboard": blackboard,
    "Brightspace": brightspace,
    "Moodle": moodle,
    "Canvas": canvas,
}


def read_name(path: str) -> Named | None:
    """Read a path in a download in the form that fits, None if none does.

    A download that was unpacked and packed again has a folder around it.
    """
    parts = path.split("/")
    for start in range(min(len(parts), 3)):
        rest = "/".join(parts[start:])
        for form in FORMS.values():
            if named := form(rest):
                return named
    return None


def platform_of(paths: Sequence[str]) -> str:
    """Return the platform that most of the paths of a download speak for, "" if none does."""
    found = [named.platform for path in paths if (named := read_name(path))]
    best = max(sorted(set(found)), key=found.count, default="")
    return best if 2 * found.count(best) > len(paths) else ""
