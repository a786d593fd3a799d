"""Durations and hours, and what the clock on the estate's wall makes of them."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.catalogue.durations import Hours, day_time, duration, hours, next_time, out_of

ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Australia/Adelaide", "UTC"]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("45s", timedelta(seconds=45)),
        ("10m", timedelta(minutes=10)),
        ("8h", timedelta(hours=8)),
        ("2d", timedelta(days=2)),
        ("1h 30m", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        (" 5 m ", timedelta(minutes=5)),
        ("0s", timedelta()),
        (timedelta(3), timedelta(3)),
    ],
)
def test_durations_as_people_write_them(text: object, read: timedelta) -> None:
    assert duration(text) == read


@pytest.mark.parametrize("text", ["", "5", "m", "5 minutes", "-5m", "5m!", "1.5h", None, 5, "9" * 30 + "d", "99999d"])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="write"):
        duration(text)


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from("smhd")), min_size=1, max_size=4))
def test_a_sum_of_durations(parts: list[tuple[int, str]]) -> None:
    written = " ".join(f"{count}{unit}" for count, unit in parts)
    assert duration(written) == sum((duration(f"{count}{unit}") for count, unit in parts), timedelta())


@given(st.text())
def test_any_other_text_is_refused_as_a_value(text: str) -> None:
    with contextlib.suppress(ValueError):  # anything else would escape the check of the catalogue
        assert duration(text) >= timedelta()


@pytest.mark.parametrize("text", ["", "22:00", "22-08", "22:00–08:00", "24:00-08:00", "22:00-08:60", "2200-0800", 22])
def test_what_is_no_stretch_of_the_day(text: object) -> None:
    with pytest.raises(ValueError, match=r"write|must be in|22:00"):
        hours(text)


@pytest.mark.parametrize("text", ["", "9", "9:00", "24:00", "09:60", "09:00:00", "09:00 ", None])
def test_what_is_no_time_of_day(text: object) -> None:
    with pytest.raises(ValueError, match=r"write|must be in"):
        day_time(text)


@pytest.mark.parametrize(
    ("stretch", "moment", "inside"),
    [
        ("22:00-08:00", time(21, 59), False),
        ("22:00-08:00", time(22), True),
        ("22:00-08:00", time(0), True),
        ("22:00-08:00", time(7, 59, 59), True),
        ("22:00-08:00", time(8), False),
        ("08:00-10:00", time(8), True),
        ("08:00-10:00", time(10), False),
        ("08:00-08:00", time(8), False),
        ("00:00-00:00", time(0), False),
    ],
)
def test_the_end_of_a_stretch_does_not_belong_to_it(stretch: str, moment: time, inside: bool) -> None:
    assert hours(stretch).contains(moment) is inside


def _berlin(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "polite"),
    [
        ("22:00-08:00", _berlin(2026, 6, 15, 21, 59), _berlin(2026, 6, 15, 21, 59)),
        ("22:00-08:00", _berlin(2026, 6, 15, 22), _berlin(2026, 6, 16, 8)),
        ("22:00-08:00", _berlin(2026, 6, 16, 0), _berlin(2026, 6, 16, 8)),
        ("22:00-08:00", _berlin(2026, 6, 16, 8), _berlin(2026, 6, 16, 8)),
        ("22:00-08:00", _berlin(2026, 12, 31, 23), _berlin(2027, 1, 1, 8)),
        ("22:00-08:00", _berlin(2026, 3, 28, 23), _berlin(2026, 3, 29, 8)),  # a night of nine hours
        ("22:00-08:00", _berlin(2026, 10, 24, 23), _berlin(2026, 10, 25, 8)),  # one of eleven
        ("22:00-02:30", _berlin(2026, 3, 29, 1, 50), _berlin(2026, 3, 29, 3, 30)),  # 02:30 does not exist
        ("22:00-02:30", _berlin(2026, 10, 25, 2, 10), _berlin(2026, 10, 25, 2, 30)),
        ("22:00-02:30", _berlin(2026, 10, 25, 2, 10, fold=1), _berlin(2026, 10, 25, 2, 30, fold=1)),
        ("12:00-14:00", _berlin(2026, 6, 15, 13), _berlin(2026, 6, 15, 14)),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(quiet: str, moment: datetime, polite: datetime) -> None:
    assert out_of(hours(quiet), moment, ZoneInfo("Europe/Berlin")) == polite


@given(st.builds(Hours, TIMES, TIMES), MOMENTS, ZONES)
def test_after_the_quiet_hours_it_is_not_quiet_and_not_earlier(quiet: Hours, moment: datetime, zone: ZoneInfo) -> None:
    found = out_of(quiet, moment, zone)
    assert found >= moment
    assert found - moment <= timedelta(hours=26)
    is_quiet = quiet.contains(moment.astimezone(zone).time())
    assert (found == moment) is not is_quiet
    if is_quiet and found.astimezone(zone).utcoffset() == moment.astimezone(zone).utcoffset():
        assert not quiet.contains(found.astimezone(zone).time())


@given(TIMES, ZONES, MOMENTS)
def test_the_next_time_shows_that_hour_on_the_wall(hour: time, zone: ZoneInfo, after: datetime) -> None:
    found = next_time(hour, zone, after)
    assert after < found <= after + timedelta(hours=50)
    local = found.astimezone(zone)
    assert local.time() == hour or not _exists(local.date(), hour, zone)


def _exists(day: date, hour: time, zone: ZoneInfo) -> bool:
    local = datetime.combine(day, hour, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(TIMES, ZONES, MOMENTS)
def test_every_day_has_one_round(hour: time, zone: ZoneInfo, after: datetime) -> None:
    first = next_time(hour, zone, after)
    second = next_time(hour, zone, first)
    assert second.astimezone(zone).date() - first.astimezone(zone).date() == timedelta(days=1)


def test_the_midnight_after_summer_time_began_is_not_left_out() -> None:
    zone = ZoneInfo("America/New_York")
    begins = datetime(2028, 3, 12, tzinfo=zone)
    assert next_time(time(0), zone, begins).astimezone(zone) == datetime(2028, 3, 13, tzinfo=zone)
