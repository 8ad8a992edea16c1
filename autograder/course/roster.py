"""``roster.toml``: who works with whom, and who was given more time.

    [groups.backprop_a2]
    "31" = ["ada", "alan"]      # one hands in for all

    [extensions.backprop_a2]
    grace = 48                  # hours after the due date

The file is the course's own; a course without groups and extensions has none.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from nbgrader.utils import parse_utc
from pydantic import BaseModel, ConfigDict, Field

from autograder.course.folder import Assignment, Course
from autograder.course.toml import read_table
from autograder.errors import InstructorError
from autograder.text import one_line

FILE = "roster.toml"
TIMESTAMP = "timestamp.txt"
_LONGEST_TIMESTAMP = 100

Hours = Annotated[float, Field(ge=0)]


class Roster(BaseModel):
    """Groups and extensions by assignment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, dict[str, tuple[str, ...]]] = {}
    extensions: dict[str, dict[str, Hours]] = {}


def read_roster(course: Course) -> Roster:
    """Read the course's roster; an empty one where there is none.

    Raises
    ------
    InstructorError
        Names the place, what was expected and what stands there.
    """
    try:
        roster = read_table(course.root / FILE, Roster, shown=FILE, keys="docs/instructor.md")
    except FileNotFoundError:
        return Roster()
    _check(roster, course)
    return roster


def _check(roster: Roster, course: Course) -> None:
    names = course.assignment_names()
    for table, assignments in (("groups", roster.groups), ("extensions", roster.extensions)):
        for name in assignments:
            if name not in names:
                raise InstructorError(
                    f'{FILE}: {table}: expected an assignment, got "{name}". '
                    f"There are: {', '.join(names)}."
                )
    for name, groups in roster.groups.items():
        seen: dict[str, str] = {}
        for group, members in groups.items():
            for student in members:
                if student in seen:
                    raise InstructorError(
                        f"{FILE}: groups.{name}: {student} stands in {seen[student]} and in "
                        f"{group}. Leave one."
                    )
                seen[student] = group


def students(assignment: Assignment) -> list[str]:
    """Return the students who handed something in, sorted."""
    folders = assignment.course.submitted.glob(f"*/{assignment.name}")
    names = [path.parent.name for path in folders]
    # A name that cannot be shown as it is would not be found again under the name that is shown.
    return sorted(name for name in names if name == one_line(name) and not name.startswith("."))


def shares(assignment: Assignment) -> dict[str, tuple[str, ...]]:
    """Return who hands in for whom: ``{student: all whose work it is}``.

    Of a group in which several have handed in, the latest counts, by nbgrader's
    ``timestamp.txt``; without one, the last by name.
    """
    left = students(assignment)
    shared: dict[str, tuple[str, ...]] = {}
    for members in read_roster(assignment.course).groups.get(assignment.name, {}).values():
        present = sorted(set(members) & set(left))
        if present:
            times = {student: submitted_at(assignment.submitted(student)) for student in present}
            handed_in = max(present, key=lambda name: (times[name] or datetime.min, name))
            shared[handed_in] = members
            left = [student for student in left if student not in members]
    return {student: shared.get(student, (student,)) for student in sorted([*shared, *left])}


def graded_as(assignment: Assignment) -> dict[str, str]:
    """Return for each student who has a result the one whose submission was graded."""
    return {
        member: student for student, members in shares(assignment).items() for member in members
    }


def submitted_at(folder: Path) -> datetime | None:
    """Return when a submission was handed in, by the ``timestamp.txt`` of nbgrader's exchange.

    In UTC; None where the file is absent or unreadable.
    """
    path = folder / TIMESTAMP
    if path.is_symlink():
        return None
    try:
        with path.open(encoding="utf-8") as file:
            when: datetime = parse_utc(file.read(_LONGEST_TIMESTAMP).strip())
    except (OSError, ValueError, OverflowError):
        return None
    return when
