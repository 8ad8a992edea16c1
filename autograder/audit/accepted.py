"""What an audit finds and is right: ``audit.toml`` of an assignment says so, and why."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.course.folder import Assignment
from autograder.course.toml import read_table

FILE = "audit.toml"
FREE = 0.1
"""Share of a check's points that dishonest answers may earn."""


class Trivial(BaseModel):
    """A dishonest version that a check may take for right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    version: Literal["constant", "argument", "before", "published"]
    why: Annotated[str, Field(min_length=1)]


class ByTheDraw(BaseModel):
    """A function whose mistakes may cost more or less of a check, by the draw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    function: str
    why: Annotated[str, Field(min_length=1)]


class Accepted(BaseModel):
    """What ``audit.toml`` lists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trivial: tuple[Trivial, ...] = ()
    varying: tuple[ByTheDraw, ...] = ()


def read_accepted(assignment: Assignment) -> Accepted:
    """Read an assignment's list; an empty one where there is no file.

    Raises
    ------
    InstructorError
        Something in the file is not as it must be.
    """
    path = assignment.folder / FILE
    shown = assignment.course.shown(path)
    try:
        return read_table(path, Accepted, shown=shown, keys="docs/audit.md")
    except FileNotFoundError:
        return Accepted()
