"""What no database of grades may hold, whoever writes: a NUL in a text, a score that is no number.

PostgreSQL takes no NUL, and of one NaN makes every average NaN; SQLite makes it an empty field.
"""

import math
from collections.abc import Iterator
from typing import Any

import sqlalchemy
from nbgrader.api import Base
from sqlalchemy.orm import Session, UOWTransaction

from autograder.errors import InstructorError

REPLACEMENT = "\ufffd"
"""Is seen in the place of what cannot be kept."""


def watch() -> None:
    """See to it, for every gradebook of this process, before anything is written."""
    if not sqlalchemy.event.contains(Session, "before_flush", _see_to):
        sqlalchemy.event.listen(Session, "before_flush", _see_to)


def _see_to(session: Session, context: UOWTransaction, instances: Any) -> None:
    limited = session.get_bind().dialect.name != "sqlite"
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Base):
            for name, column, value in _values(row):
                setattr(row, name, fit(column, value, limited=limited))


def _values(row: Base) -> Iterator[tuple[str, sqlalchemy.Column[Any], Any]]:
    """Return what a row holds that is not fit, or may not be: texts and numbers."""
    state = sqlalchemy.inspect(row)
    for attribute in state.mapper.column_attrs:
        column, value = attribute.columns[0], state.dict.get(attribute.key)
        if isinstance(column, sqlalchemy.Column) and isinstance(value, str | float):
            yield attribute.key, column, value


def fit(column: "sqlalchemy.Column[Any]", value: Any, *, limited: bool) -> Any:
    """Return a value as a database may hold it.

    Parameters
    ----------
    limited : bool
        Whether the database keeps to the lengths of its columns.

    Raises
    ------
    InstructorError
        It is a number that is none, or a name that is too long.
    """
    where = f"gradebook: {column.table.name}.{column.name}"
    if isinstance(value, float) and not math.isfinite(value):
        raise InstructorError(
            f"{where}: expected a number, got {value}. Correct the points it comes from "
            "(a check, a late policy, a cell); nothing was written."
        )
    if not isinstance(value, str):
        return value
    most = getattr(column.type, "length", None)
    if limited and most and len(value) > most:
        raise InstructorError(
            f"{where}: expected at most {most} characters, got {len(value)}: {value[:40]}…. "
            "Shorten it; nothing was written."
        )
    return (
        value.replace("\0", REPLACEMENT).encode(errors="replace").decode() if _odd(value) else value
    )


def _odd(value: str) -> bool:
    return "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
