"""The choice of another time for a request, by taps: a day of the calendar, then a window of that day."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from concierge_bot.desk.appointments import calendars
from concierge_bot.desk.appointments.calendars import CalendarTaps, Slots
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.i18n import Words
from concierge_bot.screens import Rows, Screen, joined
from concierge_bot.taps import Action
from storage.tables.requests import Request
from storage.tables.rows import row_id


def chosen(desk: Desk, request: Request, value: str) -> Answer | None:
    """Returns the answer of a tap; None where it only leads on, or where that time is over."""
    named, _, window = value.partition(".")
    day = calendars.read_day(f"d{named}")
    if day is None or not window:
        return None
    return calendars.window_answer(calendars.possible(desk, request.estate_id, request.team), day, window)


def screen(desk: Desk, request: Request, words: Words, head: Markup, action: Action, value: str, back: Rows) -> Screen:
    """Returns the windows of the day that a tap names; else the calendar, at the month that it names."""
    possible, data = calendars.possible(desk, request.estate_id, request.team), _taps(action, row_id(request))
    day = calendars.read_day(value)
    if day is not None and possible.windows(day):
        question = words.html("At what time on %(day)s?", day=words.day(day))
        return Screen(joined([head, "", question]), (*calendars.window_rows(words, possible, data, day), *back))
    quick = tuple(calendars.quick_days(words, possible, data))
    rows = (
        *((quick,) if quick else ()),
        *calendars.month_rows(words, possible, data, _month(possible, value)),
    )
    return Screen(joined([head, "", words.html("<b>Which day?</b>")]), (*rows, *back))


def _taps(action: Action, number: int) -> CalendarTaps:
    return CalendarTaps(
        day=lambda day: action.data(number, f"d{day.isoformat()}"),
        month=lambda first: action.data(number, f"m{first:%Y-%m}"),
        window=lambda day, window: action.data(number, f"{day.isoformat()}.{window}"),
    )


def _month(possible: Slots, value: str) -> date:
    named = calendars.read_month(value.removeprefix("m")) if value.startswith("m") else None
    return possible.within(named) if named else possible.first_day()
