"""When work was handed in: the texts that people and platforms write, read as instants.

Python's own ISO reader comes first, then dateutil for the many other orders of day, month
and clock.  What either would guess (a missing part, a day that may be a month, an
abbreviation that stands for several zones) is refused with the reason, so that
no penalty ever follows from a guess.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser as dateutil_parser

from autograder.text import one_line

LONGEST = 100
DAY = timedelta(days=1)

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?")
_ZONE = re.compile(
    r"""(?:
        (?<=\d)\s?(?P<zulu>Z)
      | \s*(?P<offset>(?:\b(?:UTC|GMT))?(?<!\d-\d\d)[+-]\d{1,2}(?::?\d{2}){0,2})
      | \s+\(?(?P<name>(?!(?i:[AP]M\b))[A-Za-z][A-Za-z_]*(?:/[A-Za-z0-9_+-]+)*)\)?
    )$""",
    re.VERBOSE,
)
_HALF = re.compile(r"(?i)\b([ap])\.?\s?m\b\.?")
_UNIX = re.compile(
    r"(\d:\d\d(?:\s[AP]M)?) ([A-Z][A-Za-z]+|[+-]\d+) (\d{4})$"
)  # as `date` writes it
_CLOCK = re.compile(r"\d:\d\d|T\d{4}", re.IGNORECASE)
_TWELVE = re.compile(r"(?<![\d:.])(\d{1,2}?)(\d\d)?(?=\s?[AP]M\b)")
_FARTHEST = timedelta(hours=14)


class UnreadableTime(ValueError):
    """The text names no instant, or more than one; the message says why."""


def read_instant(text: str, zone: tzinfo, written_as: str = "") -> datetime:
    """Read a time stamp.

    Parameters
    ----------
    text : str
        As ``2026-10-24 19:00:00.123456 CEST`` or ``24 Oct 2026 6:00 PM +02:00``.
    zone : tzinfo
        The course's time zone: of a text without one, and what decides an abbreviation.
    written_as : str
        The form that the course's own program writes (``strftime``), tried first.

    Returns
    -------
    datetime
        In UTC.

    Raises
    ------
    UnreadableTime
        It cannot be read, or only by guessing.
    """
    shown = one_line(text, LONGEST)
    clean = " ".join(text.removeprefix("\ufeff").split())
    if not clean:
        raise UnreadableTime("expected a date and a time, got an empty text")
    if len(clean) > LONGEST:
        raise UnreadableTime(f'expected a date and a time, got a long text, "{shown}"')
    # The Unix command `date` writes the zone before the year.
    bare, zone_text = _split_zone(_UNIX.sub(r"\1 \3 \2", clean))
    local = _by_form(bare, zone_text, written_as) or _local(bare)
    return _instant(local, zone_text, zone)


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its IANA name, as ``Europe/Berlin``.

    Raises
    ------
    ValueError
        There is none of this name.
    """
    if name == "UTC":
        return UTC
    if name not in _zones():
        raise ValueError(f'expected a time zone as "Europe/Berlin" or "UTC", got "{name}"')
    return ZoneInfo(name)


def seconds_late(submitted: datetime, due: datetime, zone: tzinfo) -> float:
    """Return how late work is, counted in days of the course's own clock.

    The same local time a day later is one day late, also where daylight saving
    began or ended in between and 23 or 25 hours have passed.

    Parameters
    ----------
    submitted, due : datetime
        With their zones.

    Returns
    -------
    float
        Seconds; a whole day of the clock counts as 86,400. 0 for work in time.
    """
    if submitted <= due:
        return 0.0
    start, end = due.astimezone(zone), submitted.astimezone(zone)
    days = max(0, (end.replace(tzinfo=None) - start.replace(tzinfo=None)) // DAY)
    while days and _days_later(start, days, zone) > submitted:
        days -= 1  # the clock was put back meanwhile
    rest = submitted - _days_later(start, days, zone)
    return (days * DAY + min(rest, DAY)).total_seconds()


def _days_later(start: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the same time of the clock some days later, as an instant."""
    later = start.replace(tzinfo=None) + days * DAY
    return later.replace(tzinfo=zone, fold=start.fold).astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _split_zone(text: str) -> tuple[str, str]:
    """Return a text without the zone at its end, and that zone, "" if there is none."""
    found = _ZONE.search(text)
    if found is None:
        return text, ""
    bare = text[: found.start()].rstrip()
    if not _CLOCK.search(bare) and not _HALF.search(bare):
        return text, ""  # a date, a month's name or a weekday, no zone
    return bare, found["zulu"] or found["offset"] or found["name"]


def _by_form(bare: str, zone_text: str, written_as: str) -> datetime | None:
    """Read a text as the course's program writes it, None if it is no such text."""
    form = re.sub(r"\s*%[Zz]$", "", written_as)
    if not form or "%Z" in form or "%z" in form:
        return None
    try:
        found = datetime.strptime(bare, form)
    except ValueError:
        return None
    if not _is_whole(form):
        raise UnreadableTime(
            f'expected a date and a time, got "{one_line(bare, LONGEST)}", written as '
            f'"{written_as}", which leaves out a part'
        )
    return found


def _is_whole(form: str) -> bool:
    """Tell whether a form has year, month, day, and a clock with its half of the day."""
    letters = set(re.findall(r"%(.)", form))
    date = letters & set("Yy") and letters & set("mbB") and "d" in letters
    clock = {"H", "M"} <= letters or {"I", "M", "p"} <= letters
    return "c" in letters or bool(date and clock)


def _local(bare: str) -> datetime:
    """Read date and clock, without a zone; refuse what a reader would have to guess."""
    shown = one_line(bare, LONGEST)
    text = _TWELVE.sub(lambda clock: f"{clock[1]}:{clock[2] or '00'}", _HALF.sub(_half, bare))
    if not _CLOCK.search(text):
        raise UnreadableTime(f'expected a date and a time, got "{shown}"')
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if not re.search(r"(?<!\d)\d{4}(?!\d)", re.sub(r"\d{1,2}:\d\d\S*", "", text)):
        raise UnreadableTime(f'expected a year of four digits, got "{shown}"')
    readings = {_by_dateutil(text, dayfirst=first, like=like) for first, like in _GUESSES}
    if re.match(r"\d{4}\D", text):  # the year comes first: the month comes second
        readings = {_by_dateutil(text, dayfirst=False, like=like) for _, like in _GUESSES}
    if None in readings:
        raise UnreadableTime(f'expected a date and a time, got "{shown}"')
    if len(readings) > 1:
        raise UnreadableTime(
            f'expected a date that reads in one way only, got "{shown}": which is the month, or '
            "what is missing?"
        )
    (found,) = readings
    assert found is not None
    return found


def _half(found: re.Match[str]) -> str:
    return f"{found[1].upper()}M"


_GUESSES = tuple(
    (dayfirst, like)
    for dayfirst in (False, True)
    for like in (datetime(2000, 1, 1, 1, 1), datetime(2004, 2, 2, 2, 2))
)
"""What dateutil would fill in or prefer: where it matters, the text says too little."""


def _by_dateutil(text: str, *, dayfirst: bool, like: datetime) -> datetime | None:
    try:
        found: datetime = dateutil_parser.parse(
            text, dayfirst=dayfirst, default=like, tzinfos=_no_zones
        )
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is None else None


def _no_zones(name: str | None, offset: int | None) -> tzinfo | None:
    """Mark a text with a zone in its middle, which is then refused."""
    return None if name is None and offset is None else UTC


def _instant(local: datetime, zone_text: str, zone: tzinfo) -> datetime:
    try:
        if local.tzinfo is not None:
            return local.astimezone(UTC)
        if not zone_text:
            return _in_zone(local, zone)
        if zone_text.upper() in ("Z", "UTC", "GMT"):
            return local.replace(tzinfo=UTC)
        if offset := _OFFSET.fullmatch(zone_text):
            return local.replace(tzinfo=_offset(offset)).astimezone(UTC)
        if zone_text in _zones() and "/" in zone_text:
            return _in_zone(local, ZoneInfo(zone_text))
        return _abbreviated(local, zone_text, zone)
    except OverflowError:
        raise UnreadableTime(f'expected a time of our days, got "{local}"') from None


def _offset(found: re.Match[str]) -> timezone:
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes >= 60 or seconds >= 60 or distance > _FARTHEST:
        raise UnreadableTime(f'expected an offset as +02:00, got "{found[0]}"')
    return timezone(-distance if found[1] == "-" else distance)


def _in_zone(local: datetime, zone: tzinfo) -> datetime:
    """Return a local time as an instant; of the two of an hour that comes twice, the earlier."""
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise UnreadableTime(f'expected a time that there was, got "{local}": the clock skipped it')
    return instant


def _abbreviated(local: datetime, name: str, zone: tzinfo) -> datetime:
    for fold in (0, 1):
        there = local.replace(tzinfo=zone, fold=fold)
        if there.tzname() == name:
            return there.astimezone(UTC)
    raise UnreadableTime(
        f'expected an offset as +02:00, or what the course\'s time zone "{zone}" is called on that '
        f'day ({local.replace(tzinfo=zone).tzname()}), got "{name}"'
    )
