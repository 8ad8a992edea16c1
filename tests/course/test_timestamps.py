"""Time stamps: the table of the page, what nbgrader writes, days of the course's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.exchange.default import ExchangeSubmit
from traitlets.config import Config

from autograder.course.timestamps import UnreadableTime, read_instant, seconds_late, zone_named
from autograder.text import plain
from tests.intake.time_stamps import BERLIN, PAGE, READ, REFUSED, berlin, page

DAY = 24 * 60 * 60


@pytest.mark.parametrize(("text", "instant"), READ)
def test_a_text_is_the_instant_that_the_standard_library_gives(text, instant):
    read = read_instant(text, BERLIN)
    assert (read, read.tzinfo) == (instant.astimezone(UTC), UTC)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_would_be_a_guess_is_refused_with_the_reason(text, reason):
    with pytest.raises(UnreadableTime, match=r"^expected ") as error:
        read_instant(text, BERLIN)
    assert reason in str(error.value)


def test_the_page_shows_the_table():
    assert len(READ) + len(REFUSED) >= 40
    assert PAGE.read_text(encoding="utf-8") == page()


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata"]
FORMS = [
    "%Y-%m-%d %H:%M:%S.%f %Z",
    "%Y-%m-%d %H:%M:%S.%f %z",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S %Z",
    "%Y-%m-%d %I:%M:%S %p %Z",
    "%d.%m.%Y %H:%M:%S",
    "%Y%m%dT%H%M%S%z",
    "%c %Z",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zone", ZONES)
def test_what_nbgrader_writes_under_its_settings_is_read_right(zone, form):
    settings = Config({"Exchange": {"timezone": zone, "timestamp_format": form}})
    exchange = ExchangeSubmit(config=settings)
    before = datetime.now(UTC).replace(microsecond=0)
    exchange.set_timestamp()
    after = datetime.now(UTC)
    assert before <= read_instant(exchange.timestamp, zone_named(zone), form) <= after


@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), st.sampled_from(ZONES))
def test_what_the_standard_library_writes_comes_back(instant, zone):
    instant, there = instant.replace(tzinfo=UTC), zone_named(zone)
    local = instant.astimezone(there)
    for text in (local.isoformat(), local.isoformat(" "), f"{local:%Y-%m-%d %H:%M:%S.%f %z}"):
        assert read_instant(text, UTC) == instant
    assert read_instant(f"{local:%Y-%m-%d %H:%M:%S.%f %Z}", there) == instant


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text):
    reason = ""
    try:
        assert read_instant(text, BERLIN).tzinfo is UTC
    except UnreadableTime as error:
        reason = str(error)
    assert plain(reason) == reason


@pytest.mark.parametrize("form", ["%Y-%m-%d %I:%M", "%d.%m. %H:%M", "%Y-%m-%d %H"])
def test_a_form_that_leaves_out_a_part_is_not_trusted(form):
    with pytest.raises(UnreadableTime):
        read_instant(datetime(2026, 10, 24, 6, 0).strftime(form), UTC, form)


@pytest.mark.parametrize("name", ["CEST", "Europe/Atlantis", "", "../etc/passwd", "+02:00"])
def test_a_zone_has_an_iana_name(name):
    with pytest.raises(ValueError, match="Europe/Berlin"):
        zone_named(name)


AUTUMN, SPRING = berlin(2026, 10, 24, 19), berlin(2026, 3, 28, 19)


@pytest.mark.parametrize(
    ("due", "submitted", "days"),
    [
        (AUTUMN, berlin(2026, 10, 24, 19), 0),
        (AUTUMN, berlin(2026, 10, 24, 18, 59), 0),
        (AUTUMN, berlin(2026, 10, 25, 19), 1),  # 25 hours
        (AUTUMN, berlin(2026, 10, 26, 19), 2),
        (SPRING, berlin(2026, 3, 29, 19), 1),  # 23 hours
        (SPRING, berlin(2026, 4, 4, 19), 7),
    ],
)
def test_the_same_local_time_a_day_later_is_one_day_late(due, submitted, days):
    assert seconds_late(submitted.astimezone(UTC), due.astimezone(UTC), BERLIN) == days * DAY


def test_a_minute_is_a_minute_where_the_clock_was_put_back():
    before, after = berlin(2026, 10, 25, 2, 59), berlin(2026, 10, 25, 2, 0, fold=1)
    assert seconds_late(after.astimezone(UTC), before.astimezone(UTC), BERLIN) == 60


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_lateness_never_falls_and_is_about_what_has_passed(due, late, more):
    first = seconds_late(due + late, due, BERLIN)
    assert first <= seconds_late(due + late + more, due, BERLIN)
    assert abs(first - late.total_seconds()) <= 3600
    assert seconds_late(due + late, due, UTC) == late.total_seconds()


def test_zones_are_the_systems_own():
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert zone_named("UTC") is UTC
