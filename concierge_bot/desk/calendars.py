"""Choosing a day and a time window by taps, in the owner's language and the estate's zone."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from concierge_bot import taps
from concierge_bot.catalogue import HouseRules
from concierge_bot.durations import Hours
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, rows_of

EMPTY = Button("·", taps.NOOP.data())


@dataclass(frozen=True)
class Wishes:
    """What can be wished for at a moment: days from today on, windows that are not over."""

    rules: HouseRules
    now: datetime
    """In the estate's zone."""

    @property
    def last_day(self) -> date:
        """The last day that can be wished for."""
        return self.now.date() + timedelta(days=self.rules.days_ahead)

    def windows(self, day: date) -> list[Hours]:
        """The windows of a day that are still to come; none for a day that cannot be wished for."""
        if not self.now.date() <= day <= self.last_day:
            return []
        if day > self.now.date():
            return list(self.rules.time_windows)
        return [window for window in self.rules.time_windows if window.end > self.now.time()]

    def first_day(self) -> date:
        """The first day that has a window."""
        today = self.now.date()
        return today if self.windows(today) else today + timedelta(days=1)


def month_rows(words: Words, wishes: Wishes, draft_id: int, step: int, shown: date) -> Rows:
    """A month as a calendar: a day that can be wished for is a button that says its number."""
    first = shown.replace(day=1)
    before, after = _month(first, -1), _month(first, 1)
    can_go_back = before >= wishes.now.date().replace(day=1)
    can_go_on = after <= wishes.last_day
    heading = (
        Button("‹", taps.MONTH.data(draft_id, step, f"{before:%Y-%m}")) if can_go_back else EMPTY,
        Button(words.month(first), taps.NOOP.data()),
        Button("›", taps.MONTH.data(draft_id, step, f"{after:%Y-%m}")) if can_go_on else EMPTY,
    )
    week = words.week()
    weekdays = tuple(Button(name, taps.NOOP.data()) for _, name in week)
    days = Calendar(firstweekday=week[0][0]).itermonthdates(first.year, first.month)
    cells = [_day(wishes, draft_id, step, day, first.month) for day in days]
    filled = [row for row in rows_of(cells, 7) if any(button != EMPTY for button in row)]
    return (heading, weekdays, *filled)


def quick_days(words: Words, wishes: Wishes, draft_id: int, step: int) -> Iterator[Button]:
    """Today and tomorrow, which are wished for most."""
    today = wishes.now.date()
    if wishes.windows(today):
        yield Button(words.text("Today"), taps.ANSWER.data(draft_id, step, f"d{today.isoformat()}"))
    tomorrow = today + timedelta(days=1)
    yield Button(words.text("Tomorrow"), taps.ANSWER.data(draft_id, step, f"d{tomorrow.isoformat()}"))


def window_rows(words: Words, wishes: Wishes, draft_id: int, step: int, day: date) -> Rows:
    """The windows of a day."""
    windows = [
        Button(
            f"{words.hour(window.start)}–{words.hour(window.end)}",
            taps.ANSWER.data(draft_id, step, f"{window.start:%H%M}-{window.end:%H%M}"),
        )
        for window in wishes.windows(day)
    ]
    any_time = Button(words.text("Any time of the day"), taps.ANSWER.data(draft_id, step, "anytime"))
    return (*rows_of(windows, 2), (any_time,))


def read_day(value: str) -> date | None:
    """The day that a tap names, if it names one."""
    try:
        return date.fromisoformat(value.removeprefix("d")) if value.startswith("d") else None
    except ValueError:
        return None


def read_month(value: str) -> date | None:
    """The month that a tap names, if it names one."""
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return None


def _day(wishes: Wishes, draft_id: int, step: int, day: date, month: int) -> Button:
    if day.month != month or not wishes.windows(day):
        return EMPTY
    return Button(str(day.day), taps.ANSWER.data(draft_id, step, f"d{day.isoformat()}"))


def _month(first: date, by: int) -> date:
    return (first + timedelta(days=31)).replace(day=1) if by > 0 else (first - timedelta(days=1)).replace(day=1)
