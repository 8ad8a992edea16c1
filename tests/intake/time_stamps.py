"""Texts of time stamps and what they mean; ``python -m tests.intake.time_stamps`` writes the page.

What is expected is written with the standard library's own `datetime` and `ZoneInfo`,
never with the reader that is tested.
"""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = Path(__file__).parents[2] / "docs" / "time_stamps.md"
TABLE = "<!-- table -->\n"


def berlin(*parts, fold=0):
    return datetime(*parts, tzinfo=BERLIN, fold=fold)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def offset(hours, *parts):
    return datetime(*parts, tzinfo=timezone(timedelta(hours=hours)))


READ = [
    # nbgrader's exchange, under several settings
    ("2026-10-24 17:00:00.123456 UTC", utc(2026, 10, 24, 17, 0, 0, 123456)),
    ("2026-10-24 19:00:00.123456 CEST", berlin(2026, 10, 24, 19, 0, 0, 123456)),
    ("2026-12-24 19:00:00.000001 CET", berlin(2026, 12, 24, 19, 0, 0, 1)),
    ("2026-10-24 19:00:00 +0200", offset(2, 2026, 10, 24, 19)),
    ("2026-10-24 14:00:00 -03", offset(-3, 2026, 10, 24, 14)),
    ("2026-10-25 02:30:00 CEST", berlin(2026, 10, 25, 2, 30, fold=0)),
    ("2026-10-25 02:30:00 CET", berlin(2026, 10, 25, 2, 30, fold=1)),
    # ISO 8601
    ("2026-10-24T17:00:00Z", utc(2026, 10, 24, 17)),
    ("2026-10-24T19:00:00.5+02:00", offset(2, 2026, 10, 24, 19, 0, 0, 500000)),
    ("20261024T170000Z", utc(2026, 10, 24, 17)),
    ("2026-10-24 22:30+05:30", offset(5.5, 2026, 10, 24, 22, 30)),
    # without a zone: the course's own
    ("2026-10-24 19:00", berlin(2026, 10, 24, 19)),
    ("2026-12-24 19:00:30", berlin(2026, 12, 24, 19, 0, 30)),
    ("2026-10-25 02:30", berlin(2026, 10, 25, 2, 30, fold=0)),
    # 12-hour clocks
    ("2026-10-24 6:00 PM", berlin(2026, 10, 24, 18)),
    ("2026-10-24 6:00PM", berlin(2026, 10, 24, 18)),
    ("2026-10-24 6 p.m.", berlin(2026, 10, 24, 18)),
    ("2026-10-24 12:00 AM", berlin(2026, 10, 24, 0)),
    ("2026-10-24 12:30 pm +02:00", offset(2, 2026, 10, 24, 12, 30)),
    ("Oct 24, 2026 612 PM", berlin(2026, 10, 24, 18, 12)),
    ("05 March 2026 1200 AM", berlin(2026, 3, 5, 0)),
    ("Saturday, October 24, 2026 9:51:20 AM CEST", berlin(2026, 10, 24, 9, 51, 20)),
    # other orders, other programs
    ("24 October 2026, 18:00", berlin(2026, 10, 24, 18)),
    ("24.10.2026 18:00", berlin(2026, 10, 24, 18)),
    ("10/24/2026 18:00", berlin(2026, 10, 24, 18)),
    ("2026/10/24 18:00", berlin(2026, 10, 24, 18)),
    ("Sat, 24 Oct 2026 19:00:00 +0200", offset(2, 2026, 10, 24, 19)),
    ("Sat Oct 24 19:00:00 CEST 2026", berlin(2026, 10, 24, 19)),
    ("2026-04-26 17:34:00.861687000 Z", utc(2026, 4, 26, 17, 34, 0, 861687)),
    ("2026-10-24 18:00 Europe/London", offset(1, 2026, 10, 24, 18)),
    ("2026-10-24 18:00 UTC+2", offset(2, 2026, 10, 24, 18)),
    # worn by editors
    ("\ufeff2026-10-24 17:00:00 UTC\r\n", utc(2026, 10, 24, 17)),
    ("  2026-10-24\u00a017:00\tUTC ", utc(2026, 10, 24, 17)),
]  # fmt: skip
"""Text and instant, in a course of ``Europe/Berlin``."""

REFUSED = [
    ("", "an empty text"),
    ("yesterday evening", "a date and a time"),
    ("2026-10-24", "a date and a time"),
    ("19:00", "four digits"),
    ("24.10.26 19:00", "four digits"),
    ("October 2026 19:00", "what is missing"),
    ("04/10/2026 19:00", "which is the month"),
    ("2026-10-24 19:00 EST", "an offset"),
    ("2026-07-24 19:00 CET", "called on that day (CEST)"),
    ("2026-10-24 25:00", "a date and a time"),
    ("2026-10-24 18:00 PM", "a date and a time"),
    ("2026-02-30 18:00", "a date and a time"),
    ("2026-03-29 02:30", "the clock skipped it"),
    ("2026-10-24 19:00 +1530", "an offset"),
    ("1761321600", "a date and a time"),
    ("2026-10-24 19:00 CEST or so", "a date and a time"),
]
"""Text, and a part of the reason why nobody is to guess."""


def table():
    """Return the rows of the page."""
    lines = ["| text | instant, UTC |", "|---|---|"]
    for text, instant in READ:
        shown = instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        lines.append(f"| `{_visible(text)}` | {shown} |")
    for text, reason in REFUSED:
        lines.append(f"| `{_visible(text) or ' '}` | refused: {reason} |")
    return "\n".join(lines) + "\n"


def _visible(text):
    return text.encode("unicode_escape").decode()


def page():
    """Return the page with its table as it must be."""
    before = PAGE.read_text(encoding="utf-8").partition(TABLE)[0]
    return f"{before}{TABLE}{table()}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
