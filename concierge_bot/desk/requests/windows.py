"""The wished time as a window between two moments: an appointment that the team is held to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from concierge_bot.catalogue.durations import Hours
from concierge_bot.catalogue.opening import WEEKDAYS
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.i18n import Words
from storage.tables.people import Estate
from storage.tables.requests import Request
from storage.tables.rows import row_id


@dataclass(frozen=True)
class Window:
    """A span between two moments in UTC."""

    starts: datetime
    ends: datetime
    whole_day: bool = False
    """Whether any time of the day will do: it begins and ends with the team's hours."""

    def overlaps(self, other: Window) -> bool:
        """Tells whether nobody could keep both appointments; one that may be at any time of a day overlaps no other."""
        return not (self.whole_day or other.whole_day) and self.starts < other.ends and other.starts < self.ends


def of_request(desk: Desk, request: Request) -> Window | None:
    """Returns a request's window; None where no day was named, and for urgent requests, which do not wait for one."""
    if request.urgent:
        return None
    return of_answers(desk, desk.estate(request.estate_id), request.team, request.answers)


def of_answers(desk: Desk, estate: Estate, team: str, answers: dict[str, Answer]) -> Window | None:
    """Returns the window that answers name; None where they name no day."""
    for answer in answers.values():
        if "day" in answer:
            return _read(desk, estate, team, answer)
    return None


def in_words(desk: Desk, request: Request, window: Window, words: Words) -> str:
    """Returns the text of a window: with its day where that is not today."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    day = window.starts.astimezone(zone).date()
    if window.whole_day:
        return words.text("any time today") if day == today else words.day(day)
    hours = words.hours(window.starts.astimezone(zone).time(), window.ends.astimezone(zone).time())
    if day == today:
        return hours
    return words.text("%(day)s, %(hours)s", day=words.day(day), hours=hours)


def _read(desk: Desk, estate: Estate, team: str, answer: dict[str, Any]) -> Window:
    zone, day = desk.zone(row_id(estate)), date.fromisoformat(answer["day"])
    if "from" in answer:
        hours = Hours(time.fromisoformat(answer["from"]), time.fromisoformat(answer["to"]))
        return _window(day, hours, zone)
    return _window(day, _working_hours(desk, estate, team, day), zone, whole_day=True)


def _window(day: date, hours: Hours, zone: ZoneInfo, *, whole_day: bool = False) -> Window:
    starts, ends = (datetime.combine(day, moment, zone).astimezone(UTC) for moment in hours)
    return Window(starts, ends if ends > starts else ends + timedelta(days=1), whole_day=whole_day)


def _working_hours(desk: Desk, estate: Estate, team: str, day: date) -> Hours:
    """Returns the working hours of a team on a day; where it does not work, the span of all time windows."""
    opening = desk.catalogue_of(row_id(estate)).opening_of(estate.names, team)
    spans: tuple[Hours, ...] = ()
    if opening is not None and day not in opening.holidays:
        spans = opening.week.get(WEEKDAYS[day.weekday()], ())
    spans = spans or desk.catalogue_of(row_id(estate)).rules.time_windows
    return Hours(min(span.start for span in spans), max(span.end for span in spans))
