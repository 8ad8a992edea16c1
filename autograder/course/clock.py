"""The course's clock: the time zone of due dates and of texts that name none.

It is nbgrader's own setting, so that the exchange writes what is read here:
``c.Exchange.timezone`` and ``c.Exchange.timestamp_format`` in ``nbgrader_config.py``.
"""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.folder import Course
from autograder.course.timestamps import read_instant, zone_named
from autograder.errors import InstructorError

CONFIG = "nbgrader_config.py"


def load_config(course: Course) -> Config:
    """Return the course's ``nbgrader_config.py`` with the course folder as its root.

    Raises
    ------
    InstructorError
        There is none.
    """
    path = course.root / CONFIG
    if not path.exists():
        raise InstructorError(
            f"{path}: expected nbgrader's configuration, found no such file. "
            "Run `autograder init .` here: it adds what is missing."
        )
    use_own_programs()
    config = PyFileConfigLoader(path.name, path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.root)
    return config


def use_own_programs() -> None:
    """Let nbgrader, which starts alembic from PATH, find this environment's."""
    own = os.path.dirname(sys.executable)
    path = os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != own:
        os.environ["PATH"] = os.pathsep.join([own, path])


@dataclass(frozen=True)
class CourseClock:
    """A time zone, and the form in which nbgrader writes time stamps ("" for its own)."""

    zone: tzinfo = UTC
    form: str = ""

    def read(self, text: str) -> datetime:
        """Read a time stamp as an instant in UTC.

        Raises
        ------
        UnreadableTime
            It cannot be read, or only by guessing.
        """
        return read_instant(text, self.zone, self.form)


def course_clock(course: Course) -> CourseClock:
    """Return the course's clock; UTC where nothing is set.

    Raises
    ------
    InstructorError
        The zone is none.
    """
    if not (course.root / CONFIG).exists():
        return CourseClock()
    exchange = load_config(course).Exchange
    name = str(exchange.get("timezone", "UTC"))
    try:
        return CourseClock(zone_named(name), str(exchange.get("timestamp_format", "")))
    except ValueError as error:
        raise InstructorError(f"{CONFIG}: c.Exchange.timezone: {error}.") from None
