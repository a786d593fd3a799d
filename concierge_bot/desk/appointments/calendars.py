"""Calendars: a day and a time window are chosen by taps, in the owner's language and the estate's time zone."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from concierge_bot.catalogue.durations import Hours
from concierge_bot.catalogue.model import HouseRules
from concierge_bot.catalogue.opening import Opening
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.i18n import Words
from concierge_bot.screens import ROW_COLUMNS, Button, Rows, columns, rows_of
from concierge_bot.taps import NOOP

EMPTY = Button("·", NOOP.data())
ANY_TIME = "anytime"


@dataclass(frozen=True)
class Slots:
    """The times that can be wished for at a moment: days from today on, windows that are not over."""

    rules: HouseRules
    now: datetime
    """The moment, in the estate's time zone."""
    opening: Opening | None = None
    """The team's opening hours; None for every day."""

    @property
    def last_day(self) -> date:
        """Returns the last day that can be wished for."""
        return self.now.date() + timedelta(days=self.rules.days_ahead)

    def windows(self, day: date) -> list[Hours]:
        """Returns the windows of a day that are not over; none for a day that cannot be wished for."""
        if not self.now.date() <= day <= self.last_day or (self.opening is not None and self.opening.is_closed(day)):
            return []
        if day > self.now.date():
            return list(self.rules.time_windows)
        return [window for window in self.rules.time_windows if window.end > self.now.time()]

    def within(self, month: date) -> date:
        """Returns the nearest month with a day that can be wished for."""
        return min(max(month, self.now.date().replace(day=1)), self.last_day.replace(day=1))

    def first_day(self) -> date:
        """Returns the first day with a window; tomorrow, where the team is closed on all that can be wished for."""
        today = self.now.date()
        days = (today + timedelta(days=later) for later in range(self.rules.days_ahead + 1))
        return next((day for day in days if self.windows(day)), today + timedelta(days=1))


def possible(desk: Desk, estate_id: int, team: str) -> Slots:
    """Returns the times that can be wished for of a team now, without days on which it does not work."""
    opening = desk.catalogue_of(estate_id).opening_of(desk.estate(estate_id).names, team)
    return Slots(desk.catalogue_of(estate_id).rules, desk.now.astimezone(desk.zone(estate_id)), opening)


@dataclass(frozen=True)
class CalendarTaps:
    """The callback data of a calendar's buttons."""

    day: Callable[[date], str]
    month: Callable[[date], str]
    window: Callable[[date, str], str]


def month_rows(words: Words, slots: Slots, data: CalendarTaps, shown: date) -> Rows:
    """Returns a month as a calendar: each day that can be wished for is a button with its number."""
    first = shown.replace(day=1)
    before, after = _month(first, -1), _month(first, 1)
    can_go_back = before >= slots.now.date().replace(day=1)
    can_go_on = after <= slots.last_day
    heading = (
        Button(words.context_text("the month before", "‹"), data.month(before)) if can_go_back else EMPTY,
        Button(_headed(words, first), NOOP.data()),
        Button(words.context_text("the month after", "›"), data.month(after)) if can_go_on else EMPTY,
    )
    week = words.week()
    weekdays = tuple(Button(name, NOOP.data()) for _, name in week)
    days = Calendar(firstweekday=week[0][0]).itermonthdates(first.year, first.month)
    cells = [_day(slots, data, day, first.month) for day in days]
    filled = [row for row in rows_of(cells, 7) if any(button != EMPTY for button in row)]
    return (heading, weekdays, *filled)


def _headed(words: Words, month: date) -> str:
    """Returns the name of a month with its year, in few letters where it is too long beside two arrows."""
    name = words.month(month)
    return name if columns(name) * 3 <= ROW_COLUMNS else words.short_month(month)


def quick_days(words: Words, slots: Slots, data: CalendarTaps) -> Iterator[Button]:
    """Yields buttons for today and tomorrow, the most frequent wishes."""
    today = slots.now.date()
    if slots.windows(today):
        yield Button(words.context_text("day", "Today"), data.day(today))
    tomorrow = today + timedelta(days=1)
    if slots.windows(tomorrow):
        yield Button(words.context_text("day", "Tomorrow"), data.day(tomorrow))


def window_rows(words: Words, slots: Slots, data: CalendarTaps, day: date) -> Rows:
    """Returns the buttons of a day's windows."""
    windows = [
        Button(words.hours(window.start, window.end), data.window(day, _written(window)))
        for window in slots.windows(day)
    ]
    any_time = Button(words.text("Any time that day"), data.window(day, ANY_TIME))
    return (*rows_of(windows, 2), (any_time,))


def window_answer(slots: Slots, day: date, value: str) -> Answer | None:
    """Returns the answer of a tap on one of a day's windows; None where that cannot be wished for any more."""
    windows = slots.windows(day)
    if value == ANY_TIME:
        return {"day": day.isoformat()} if windows else None
    for window in windows:
        if value == _written(window):
            return {"day": day.isoformat(), "from": window.start.isoformat(), "to": window.end.isoformat()}
    return None


def read_day(value: str) -> date | None:
    """Parses the day of a tap; None where it names none."""
    try:
        return date.fromisoformat(value.removeprefix("d")) if value.startswith("d") else None
    except ValueError:
        return None


def read_month(value: str) -> date | None:
    """Parses the month of a tap; None where it names none."""
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return None


def _written(window: Hours) -> str:
    return f"{window.start:%H%M}-{window.end:%H%M}"


def _day(slots: Slots, data: CalendarTaps, day: date, month: int) -> Button:
    if day.month != month or not slots.windows(day):
        return EMPTY
    return Button(str(day.day), data.day(day))


def _month(first: date, by: int) -> date:
    return (first + timedelta(days=31)).replace(day=1) if by > 0 else (first - timedelta(days=1)).replace(day=1)
