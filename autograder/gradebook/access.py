"""One writer at a time in a gradebook's database, and what keeps it from being written."""

from collections.abc import Sequence

import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from autograder.course import database as settings
from autograder.course.database import Database
from autograder.errors import InstructorError
from autograder.gradebook.turn import holders

AGAIN = "what was graded is kept, run the command again"

_WRITERS = text("""
    SELECT DISTINCT pid, application_name, coalesce(host(client_addr), 'its machine')
    FROM pg_stat_activity JOIN pg_locks USING (pid)
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND granted AND locktype = 'relation' AND mode LIKE '%Exclusive%'
    ORDER BY pid
""")


def become_the_writer(session: scoped_session[Session], tables: Sequence[sqlalchemy.Table]) -> None:
    """Wait until nobody else writes, and let nobody else write until the transaction ends.

    It is waited here and not in the midst of a transaction. Others go on reading.
    """
    kind = session.get_bind().dialect.name
    if kind == "sqlite":
        session.execute(text("BEGIN IMMEDIATE"))
    elif kind == "postgresql":
        # The mode that excludes every other writer, formgrader too, and itself.
        names = ", ".join(table.name for table in tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def unusable(database: Database, reason: str) -> InstructorError:
    """Say what keeps the gradebook from being used, and what to do about that."""
    reason = " ".join(reason.split()).removesuffix(".")
    if "locked" in reason or "lock timeout" in reason or "deadlock" in reason:
        told = (
            f"waited {settings.PATIENCE:g} s for {_writers(database)} to write. "
            f"Close it, or let it end; {AGAIN}."
        )
    else:
        what_to_do = next(
            (advice for signs, advice in _ADVICE if any(sign in reason for sign in signs)),
            "After an update of nbgrader run `nbgrader db upgrade`.",
        )
        told = f"got: {reason}. {what_to_do}"
    return InstructorError(f"{database.shown}: expected a gradebook that can be written, {told}")


_ADVICE = (
    (
        ("readonly", "unable to open"),
        f"Ask its owner for the right to write to it and its folder; {AGAIN}.",
    ),
    (
        ("full", "disk I/O", "No space left"),
        f"Make room on the disk; {AGAIN}.",
    ),
    (
        ("not a database", "malformed"),
        f"Put a copy of it in its place; {AGAIN}.",
    ),
    (
        ("password", "authentication", "does not exist", "permission denied"),
        f"Correct c.CourseDirectory.db_url, or ask its owner for the right; {AGAIN}.",
    ),
    (
        ("connection", "server", "timeout"),
        f"See that the server runs and can be reached; {AGAIN}.",
    ),
)


def _writers(database: Database) -> str:
    """Name who writes to it, as far as that can be seen."""
    if database.file:
        return holders(database.file)
    engine = sqlalchemy.create_engine(database.url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(_WRITERS).all()
    except sqlalchemy.exc.DatabaseError:
        rows = []
    finally:
        engine.dispose()
    found = [
        f"{name or 'a program'} on {where} (the server's process {pid})"
        for pid, name, where in rows
    ]
    return ", ".join(found) or "another program"
