"""Choosing a day and a time window: only what can still be wished for has a button."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.opening import WEEKDAYS, Opening
from concierge_bot.desk.appointments.calendars import (
    EMPTY,
    Slots,
    month_rows,
    quick_days,
    read_day,
    read_month,
    window_rows,
)
from concierge_bot.desk.ordering import questions, taps
from concierge_bot.i18n import languages, words
from concierge_bot.screens import AnyButton, Button
from concierge_bot.settings import SHIPPED_CATALOGUE

RULES = catalogues.load(SHIPPED_CATALOGUE).rules
ZONE = ZoneInfo("Asia/Shanghai")
TAPS = questions.calendar_taps(1, 0)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 - made aware


def _wishes(moment: datetime, days_ahead: int = 60) -> Slots:
    return Slots(RULES.model_copy(update={"days_ahead": days_ahead}), moment)


def _data(button: AnyButton) -> str:
    assert isinstance(button, Button)
    return button.data


def _value(button: AnyButton) -> str:
    arguments = taps.ANSWER.read(_data(button))
    assert arguments is not None
    return str(arguments[2])


@given(MOMENTS, st.integers(1, 366), st.sampled_from(languages()))
def test_the_months_offer_each_possible_day_once_and_no_other(moment: datetime, ahead: int, language: str) -> None:
    slots, say = _wishes(moment, ahead), words(language)
    shown, offered = slots.first_day(), []
    for _ in range(20):
        heading, weekdays, *weeks = month_rows(say, slots, questions.calendar_taps(7, 2), shown)
        assert len(weekdays) == 7
        for week in weeks:
            assert len(week) == 7
            for column, button in enumerate(week):
                if button != EMPTY:
                    day = read_day(_value(button))
                    assert day is not None
                    assert button.label == str(day.day)
                    assert say.week()[column][0] == day.weekday()
                    offered.append(day)
        onward = taps.MONTH.read(_data(heading[2]))
        if onward is None:
            break
        following = read_month(str(onward[2]))
        assert following is not None
        shown = following
    possible = [moment.date() + timedelta(days=days) for days in range(ahead + 1)]
    if not slots.windows(possible[0]):
        possible = possible[1:]
    assert offered == possible


@given(MOMENTS, st.sampled_from(languages()))
def test_a_window_that_is_offered_is_not_over(moment: datetime, language: str) -> None:
    slots, today = _wishes(moment), moment.date()
    shown = [_value(button) for row in window_rows(words(language), slots, TAPS, today)[:-1] for button in row]
    for value in shown:
        assert datetime.strptime(value[5:], "%H%M").time() > moment.time()  # noqa: DTZ007 - a time of day
    say = words(language)
    assert bool(shown) is any(
        button.label == say.context_text("day", "Today") for button in quick_days(say, slots, TAPS)
    )
    everything = window_rows(words(language), slots, TAPS, today + timedelta(days=1))
    assert sum(len(row) for row in everything) == len(RULES.time_windows) + 1


@pytest.mark.parametrize(("opens", "first"), [(7, 7), (8, 1)])
def test_the_first_day_may_be_the_last_that_can_be_wished_for(opens: int, first: int) -> None:
    """Where the team is closed until after that, the calendar begins tomorrow, with nothing to tap."""
    noon = datetime(2026, 12, 30, 12, tzinfo=ZONE)
    closed = frozenset(noon.date() + timedelta(days=later) for later in range(opens))
    opening = Opening(team="butlers", week=dict.fromkeys(WEEKDAYS, "08:00-20:00"), holidays=closed)
    slots = replace(_wishes(noon, 7), opening=opening)
    assert slots.first_day() == noon.date() + timedelta(days=first)


@pytest.mark.parametrize(
    ("shown", "heading"),
    [
        (date(2026, 12, 15), ["·", "December 2026", "›"]),
        (date(2027, 1, 1), ["‹", "January 2027", "›"]),
        (date(2027, 2, 28), ["‹", "February 2027", "·"]),
    ],
)
def test_the_months_that_can_be_turned_to(shown: date, heading: list[str]) -> None:
    slots = _wishes(datetime(2026, 12, 30, 12, tzinfo=ZONE))
    assert [button.label for button in month_rows(words("en"), slots, TAPS, shown)[0]] == heading


@pytest.mark.parametrize(
    "value",
    [
        "",
        "d",
        "2026-06-15",
        "d2026-13-01",
        "d2026-02-30",
        "d0000-01-01",
        "soon",
        "dd2026-06-15",
    ],
)
def test_what_is_no_day(value: str) -> None:
    assert read_day(value) is None


@pytest.mark.parametrize("value", ["", "2026", "2026-13", "2026-00", "x", "99999-01"])
def test_what_is_no_month(value: str) -> None:
    assert read_month(value) is None


@given(st.dates())
def test_days_and_months_are_read_as_they_are_written(day: date) -> None:
    assert read_day(f"d{day.isoformat()}") == day
    assert read_month(day.isoformat()[:7]) == day.replace(day=1)
