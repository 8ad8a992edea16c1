"""Where a course keeps its gradebook: nbgrader's own setting ``c.CourseDirectory.db_url``."""

import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import URL

from autograder.course.clock import CONFIG, load_config
from autograder.course.folder import Course
from autograder.errors import InstructorError

PATIENCE = 15.0
"""Seconds to wait for another program that writes to the gradebook."""
IDLE_MINUTES = 5
"""After which a PostgreSQL server ends a transaction whose program is gone without a word."""
DRIVERS = "requirements-postgres.txt"


@dataclass(frozen=True)
class Database:
    """A database that holds a gradebook, SQLite's file or PostgreSQL's.

    Attributes
    ----------
    address : URL
        As it is set, with its password.
    shown : str
        As messages show it.
    file : Path or None
        Of SQLite.
    """

    address: URL
    shown: str
    file: Path | None

    @property
    def exists(self) -> bool:
        """Whether there may be a gradebook: a file that is not there holds none."""
        return self.file is None or self.file.exists()

    @property
    def url(self) -> str:
        """What opens it: whoever else writes there is waited for, for a while and not for ever."""
        asked = {**self._waiting(), **self.address.query}
        return self.address.set(query=asked).render_as_string(hide_password=False)

    def _waiting(self) -> dict[str, str]:
        kind = self.address.get_backend_name()
        if kind == "sqlite":
            return {"timeout": f"{PATIENCE:g}"}
        if kind == "postgresql":
            limits = {
                "lock_timeout": f"{PATIENCE * 1000:.0f}",
                "idle_in_transaction_session_timeout": f"{IDLE_MINUTES * 60_000}",
            }
            options = " ".join(f"-c {name}={value}" for name, value in limits.items())
            return {
                "application_name": f"autograder, process {os.getpid()}",
                "connect_timeout": f"{max(PATIENCE, 2):.0f}",
                "options": options,
            }
        return {}


def database_of(course: Course) -> Database:
    """Return the database of a course; a file in its folder where nothing is set.

    Raises
    ------
    InstructorError
        The setting is no address of a database.
    """
    default = f"sqlite:///{course.gradebook}"
    setting = load_config(course).CourseDirectory.get("db_url", default)
    return database_at(str(setting), course, f"{CONFIG}: c.CourseDirectory.db_url")


def database_at(address: str, course: Course, where: str) -> Database:
    """Return the database at an address.

    Parameters
    ----------
    where : str
        Who names it.

    Raises
    ------
    InstructorError
        There are no such addresses, or what connects to it is not installed.
    """
    try:
        url = sqlalchemy.make_url(address)
        url.get_dialect().import_dbapi()
    except sqlalchemy.exc.ArgumentError:  # its text shows the password
        raise InstructorError(
            f"{where}: expected the address of a database, as "
            "postgresql://USER:PASSWORD@HOST/NAME, got something else. Correct it."
        ) from None
    except ImportError as error:
        raise InstructorError(
            f"{where}: expected what connects to {url.get_backend_name()} to be installed, got: "
            f"{error}. Run `pip install -r {DRIVERS}` of the kit."
        ) from None
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    shown = course.shown(file) if file else url.set(query={}).render_as_string()
    return Database(url, shown, file)
