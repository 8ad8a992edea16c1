"""``autograder copy-gradebook``: a course's gradebook, written into another database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from nbgrader.api import Gradebook
from sqlalchemy import Connection, Table, text

from autograder.course.database import Database, database_at, database_of
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.gradebook.access import unusable
from autograder.gradebook.clean import fit
from autograder.gradebook.store import TABLES, complete, open_gradebook

AT_ONCE = 2000
"""Rows in memory."""


@dataclass(frozen=True)
class Copied:
    """A table that was copied.

    Attributes
    ----------
    rows : int
        As many as there were, and as many as came.
    mended : int
        Texts in which something that PostgreSQL does not take was replaced.
    """

    table: str
    rows: int
    mended: int


def copy_gradebook(course: Course, address: str) -> tuple[list[Copied], Database]:
    """Copy all of a course's gradebook into an empty database, in one transaction.

    Nothing of the course is changed: it uses the copy once ``c.CourseDirectory.db_url`` says so.

    Raises
    ------
    InstructorError
        The other database is none, or holds something; the gradebook is not there, or holds
        what the other does not take; or not all came. Nothing was written then.
    """
    source, target = database_of(course), database_at(address, course, "copy-gradebook")
    if not source.exists:
        raise InstructorError(f"{source.shown}: expected a gradebook, found none. Nothing to copy.")
    with open_gradebook(course) as gradebook, _written(target) as copy:
        original = gradebook.db.connection()
        _expect_same_version(original, copy, source)
        _expect_empty(copy, target)
        return [_copy(table, original, copy) for table in TABLES], target


@contextmanager
def _written(target: Database) -> Iterator[Connection]:
    """Make the tables of a gradebook, and open a transaction to fill them."""
    engine = sqlalchemy.create_engine(target.url)
    try:
        ours = {"alembic_version", *(table.name for table in TABLES)}
        if others := sorted(set(sqlalchemy.inspect(engine).get_table_names()) - ours):
            raise _not_empty(target, f"tables of others: {', '.join(others[:5])}")
        with Gradebook(target.url, ""):  # makes its tables
            complete(engine)
        with engine.begin() as connection:
            yield connection
    except sqlalchemy.exc.IntegrityError as error:
        reason = " ".join(str(error.orig).split())
        raise InstructorError(
            f"{target.shown}: expected rows that fit together, got: {reason}. "
            "The gradebook refers to what was deleted from it: nothing was written."
        ) from None
    except sqlalchemy.exc.DatabaseError as error:
        raise unusable(target, str(error.orig)) from None
    finally:
        engine.dispose()


def _expect_empty(copy: Connection, target: Database) -> None:
    for table in TABLES:
        if rows := _count(table, copy):
            raise _not_empty(target, f"{rows} rows in {table.name}")


def _not_empty(target: Database, what: str) -> InstructorError:
    return InstructorError(
        f"{target.shown}: expected an empty database, found {what}. "
        "Make another: what stands there is not touched."
    )


def _expect_same_version(original: Connection, copy: Connection, source: Database) -> None:
    version = text("SELECT version_num FROM alembic_version")
    found, wanted = original.scalar(version), copy.scalar(version)
    if found != wanted:
        raise InstructorError(
            f"{source.shown}: expected a gradebook of nbgrader's version {wanted}, got {found}. "
            "Run `nbgrader db upgrade` first."
        )


def _count(table: Table, connection: Connection) -> int:
    return connection.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(table)) or 0


def _copy(table: Table, original: Connection, copy: Connection) -> Copied:
    """Copy a table and see that all is there, row by row."""
    rows = mended = total = 0
    limited = copy.dialect.name != "sqlite"
    for part in original.execute(sqlalchemy.select(table)).partitions(AT_ONCE):
        fitted = []
        for row in part:
            new = tuple(fit(c, v, limited=limited) for c, v in zip(table.columns, row, strict=True))
            mended += sum(a != b for a, b in zip(new, row, strict=True))
            fitted.append(new)
        names = [column.name for column in table.columns]
        copy.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in fitted])
        rows, total = rows + len(fitted), total + _sum(fitted)
    came = copy.execute(sqlalchemy.select(table))
    if (_count(table, copy), _sum(map(tuple, came))) != (rows, total):
        raise InstructorError(
            f"copy-gradebook: {table.name}: expected the {rows} rows of the gradebook, got others. "
            "Nothing was written; report this."
        )
    return Copied(table.name, rows, mended)


def _sum(rows: Iterable[tuple[Any, ...]]) -> int:
    """Return a number that stands for rows in any order."""
    return sum(map(hash, rows))
