"""Clocks that run in opening hours only, and rosters without gaps: summer time, holidays, midnight."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.catalogue.durations import Hours
from concierge_bot.catalogue.opening import Opening, WakingHours, after, stretch_at
from concierge_bot.desk.people.duty import gaps
from storage.tables.people import Shift

BERLIN = ZoneInfo("Europe/Berlin")
DAY = "08:00-18:00"
WEEKDAYS = Opening(
    team="butlers",
    week={"mon": DAY, "tue": DAY, "wed": DAY, "thu": DAY, "fri": "08:00-12:00, 14:00-18:00"},
    holidays=frozenset({date(2026, 5, 1)}),
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-06-15T09:00", 2, "2026-06-15T11:00"),
        ("2026-06-15T17:00", 2, "2026-06-16T09:00"),
        ("2026-06-15T03:00", 1, "2026-06-15T09:00"),
        ("2026-06-15T20:00", 1, "2026-06-16T09:00"),
        ("2026-06-19T11:00", 2, "2026-06-19T15:00"),
        ("2026-06-19T17:30", 1, "2026-06-22T08:30"),
        ("2026-04-30T17:30", 1, "2026-05-04T08:30"),
        ("2026-03-27T17:00", 2, "2026-03-30T09:00"),
        ("2026-10-23T17:00", 2, "2026-10-26T09:00"),
        ("2026-06-15T08:00", 10, "2026-06-15T18:00"),
    ],
    ids=["inside", "overnight", "before", "evening", "lunch", "weekend", "holiday", "spring", "autumn", "whole day"],
)
def test_time_that_counts(start: str, hours: int, due: str) -> None:
    assert after(_at(start), timedelta(hours=hours), WEEKDAYS, BERLIN) == _at(due)


def test_round_the_clock_without_hours() -> None:
    start = _at("2026-03-29T00:30")
    assert after(start, timedelta(hours=8), None, BERLIN) == start + timedelta(hours=8)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - the zone is added below
    st.integers(0, 100_000),
    st.integers(0, 100_000),
)
def test_more_time_is_never_due_earlier_and_never_before_real_time(start: datetime, first: int, second: int) -> None:
    begin = start.replace(tzinfo=UTC)
    shorter, longer = sorted((timedelta(seconds=first), timedelta(seconds=second)))
    early, late = (after(begin, span, WEEKDAYS, BERLIN) for span in (shorter, longer))
    assert begin + shorter <= early <= late


@pytest.mark.parametrize("week", [{}, {"monday": DAY}, {"mon": "18:00-08:00"}, {"mon": "8-18"}])
def test_hours_that_make_no_sense_are_refused(week: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"open|mon|hours|stretch"):
        Opening(team="butlers", week=week)


def _shift(weekday: int, starts: str, ends: str) -> Shift:
    return Shift(
        estate_id=1,
        team="butlers",
        person_id=1,
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
    )


def test_round_the_clock_cover_has_no_gap_also_over_midnight_and_summer_time() -> None:
    shifts = [_shift(day, *hours) for day in range(7) for hours in (("06:00", "22:00"), ("22:00", "06:00"))]
    assert gaps(shifts, _at("2026-03-27T12:00"), 7, BERLIN) == []


def test_a_missing_night_is_found() -> None:
    shifts = [_shift(day, "06:00", "22:00") for day in range(7)]
    found = gaps(shifts, _at("2026-06-15T12:00"), 1, BERLIN)
    assert found == [(_at("2026-06-15T22:00"), _at("2026-06-16T06:00"))]


SHANGHAI = ZoneInfo("Asia/Shanghai")
QUIET = Hours(time(22), time(8))


def _waking(opening: Opening | None, quiet: Hours, moment: str) -> list[str]:
    first = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
    found = itertools.islice(WakingHours(opening, quiet).spans(first, BERLIN), 3)
    return [f"{starts.astimezone(BERLIN):%a %H:%M}-{ends.astimezone(BERLIN):%H:%M}" for starts, ends in found]


@pytest.mark.parametrize(
    ("opening", "quiet", "expected"),
    [
        (None, QUIET, ["Thu 08:00-22:00", "Fri 08:00-22:00", "Sat 08:00-22:00"]),
        (WEEKDAYS, QUIET, ["Thu 08:00-18:00", "Mon 08:00-18:00", "Tue 08:00-18:00"]),
        (WEEKDAYS, Hours(time(12), time(13)), ["Thu 08:00-12:00", "Thu 13:00-18:00", "Mon 08:00-12:00"]),
        (None, Hours(time(12), time(13)), ["Thu 00:00-12:00", "Thu 13:00-00:00", "Fri 00:00-12:00"]),
    ],
)
def test_waking_hours_are_the_opening_outside_the_quiet_hours(
    opening: Opening | None, quiet: Hours, expected: list[str]
) -> None:
    assert _waking(opening, quiet, "2026-04-30T06:00") == expected


def test_without_quiet_hours_and_opening_it_is_never_night() -> None:
    hours = WakingHours(None, Hours(time(22), time(22)))
    assert stretch_at(_at("2026-06-15T03:00"), hours, BERLIN) is not None


def test_a_team_of_the_night_has_no_waking_hours() -> None:
    night = Opening(team="butlers", week=dict.fromkeys(("mon", "tue"), "23:00-23:59"))
    assert next(WakingHours(night, QUIET).spans(_at("2026-06-15T03:00"), BERLIN), None) is None


@given(
    at=st.integers(0, 10**9).map(lambda seconds: datetime.fromtimestamp(10**9 + seconds, UTC)),
    quiet=st.tuples(st.times(), st.times()).map(lambda pair: Hours(*(part.replace(second=0) for part in pair))),
)
def test_no_waking_hour_is_quiet(at: datetime, quiet: Hours) -> None:
    """In a zone without summer time: where a clock is put back, one time of day is two moments."""
    stretch = stretch_at(at, WakingHours(None, quiet), SHANGHAI)
    assert (stretch is None) == quiet.contains(at.astimezone(SHANGHAI).time())
