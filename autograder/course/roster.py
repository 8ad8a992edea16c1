"""``roster.toml``: who works with whom, until when, and what platforms call them.

    [due]
    backprop_a2 = "2026-10-24 19:00"    # in the course's time zone

    [groups.backprop_a2]
    "31" = ["ada", "alan"]      # one hands in for all

    [extensions.backprop_a2]
    grace = 48                  # hours after the due date

    [platform_ids]
    ada = ["4711", "Ada Lovelace"]

The file is the course's own; a course that needs none of this has none.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from autograder.course.clock import CourseClock
from autograder.course.folder import Course
from autograder.course.timestamps import UnreadableTime
from autograder.course.toml import read_table
from autograder.errors import InstructorError

FILE = "roster.toml"

Hours = Annotated[float, Field(ge=0)]


def _text(value: object) -> object:
    """Return a number as text: ids are often written without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Names = tuple[Annotated[str, BeforeValidator(_text)], ...]


class Roster(BaseModel):
    """Due dates, groups and extensions by assignment; by student, what platforms call them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    due: dict[str, Annotated[datetime, Strict()] | str] = {}
    groups: dict[str, dict[str, tuple[str, ...]]] = {}
    extensions: dict[str, dict[str, Hours]] = {}
    platform_ids: dict[str, Names] = {}

    def due_date(self, assignment: str, clock: CourseClock) -> datetime | None:
        """Return when an assignment is due, None where that stands elsewhere.

        Raises
        ------
        InstructorError
            It cannot be read.
        """
        stated = self.due.get(assignment)
        if stated is None:
            return None
        try:
            if isinstance(stated, datetime) and stated.tzinfo is not None:
                return stated.astimezone(UTC)
            return clock.read(str(stated))
        except UnreadableTime as error:
            raise InstructorError(f"{FILE}: due.{assignment}: {error}.") from None


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
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("due", roster.due),
        ("groups", roster.groups),
        ("extensions", roster.extensions),
    )
    for table, assignments in tables:
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
