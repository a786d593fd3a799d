"""Clocks that run in opening hours only, and rosters without gaps: summer time, holidays, midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.desk.duty import gaps
from concierge_bot.opening import Opening, after
from storage.people import Shift

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
