"""Daily summaries, silent: to the supervisors at the end of a team's hours, to the team at their beginning."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from concierge_bot.catalogue.opening import FURTHEST, WEEKDAYS
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import SILENT
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.reports import joined_lately, summary_contents, summary_texts
from concierge_bot.desk.reports.summary_contents import Entry, Section
from concierge_bot.i18n import words as in_language
from concierge_bot.screens import Screen
from storage.tables.people import Estate, Person, StaffChat
from storage.tables.queues import Timer, Urgency
from storage.tables.rows import row_id

READER = "notice"


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the first moment after another at which hours of a team begin or end."""
    moments = [
        found
        for team in desk.catalogue_of(row_id(estate)).teams
        if (found := _next(desk, estate, team, after)) is not None
    ]
    if moments:
        due_at = min(moments)
        key = due_at.isoformat()
        set_timer(desk, TimerKind.DAILY_SUMMARY, row_id(estate), due_at, Urgency.ROUTINE, key=key)


def fire(desk: Desk, timer: Timer) -> None:
    """Sends the lists of a moment, and sets the next timer. A list is skipped where the next one is due already."""
    estate, at = desk.estate(timer.subject_id), timer.due_at.astimezone(UTC)
    topical = [
        team
        for team in desk.catalogue_of(row_id(estate)).teams
        if (_next(desk, estate, team, at) or desk.now) > desk.now
    ]
    day = at.astimezone(desk.zone(row_id(estate))).date()
    hours = {team: _hours(desk, estate, team, day) for team in desk.catalogue_of(row_id(estate)).teams}
    ending = [team for team in topical if (found := hours[team]) and found[1] == at]
    if ending:
        _tell_superiors(desk, estate, ending)
    for chat, teams in _by_chat(desk, estate):
        begins = min((found[0] for team in teams if (found := hours[team])), default=None)
        if begins == at and any(team in topical for team in teams):
            _tell_team(desk, estate, chat, teams)
    plan(desk, estate, max(at, desk.now - timedelta(days=1)))


def of_evening(desk: Desk, estate: Estate, teams: Collection[str]) -> list[Entry]:
    """Returns the evening's list of some teams: all but requests agreed for a day after tomorrow."""
    found = summary_contents.of_teams(desk, row_id(estate), teams, _end_of_day(desk, estate, days=1))
    return [entry for entry in found if entry.section is not Section.LATER]


def of_morning(desk: Desk, estate: Estate, teams: Collection[str]) -> list[Entry]:
    """Returns the morning's list of some teams: everything."""
    return summary_contents.of_teams(desk, row_id(estate), teams, _end_of_day(desk, estate))


def _tell_superiors(desk: Desk, estate: Estate, teams: list[str]) -> None:
    entries = of_evening(desk, estate, teams)
    if not entries:
        return
    arrivals = joined_lately.since_told(desk, row_id(estate))
    for person in _superiors(desk, estate):
        words = words_of(desk, person)
        joined = joined_lately.lines(desk, arrivals, words, person)
        _say(desk, person.telegram_id or 0, None, summary_texts.evening(desk, entries, words, joined))
    joined_lately.mark_told(desk, row_id(estate))


def _tell_team(desk: Desk, estate: Estate, chat: StaffChat | None, teams: list[str]) -> None:
    """Sends the morning's list to the teams' chat; to the superiors where the estate has none."""
    entries = of_morning(desk, estate, teams)
    if not entries:
        return
    if chat is not None:
        _say(desk, chat.chat_id, chat.thread_id, summary_texts.morning(desk, entries, in_language(chat.language)))
        return
    for person in _superiors(desk, estate):
        screen = summary_texts.morning(desk, entries, words_of(desk, person), for_team=False)
        _say(desk, person.telegram_id or 0, None, screen)


def _say(desk: Desk, chat_id: int, thread_id: int | None, screen: Screen) -> None:
    outbox.say(desk, chat_id, screen, Urgency.ROUTINE, policy=SILENT, thread_id=thread_id, reader=READER)


def _superiors(desk: Desk, estate: Estate) -> list[Person]:
    """Returns the supervisors who can be reached; the property managers where none can."""
    supervisors = [person for person in staff.supervisors(desk, row_id(estate)) if person.reachable]
    return supervisors or [person for person in staff.managers(desk, row_id(estate)) if person.reachable]


def _by_chat(desk: Desk, estate: Estate) -> list[tuple[StaffChat | None, list[str]]]:
    """Returns the chats in which teams work, each once, with the teams of each."""
    found: dict[tuple[int, int | None] | None, tuple[StaffChat | None, list[str]]] = {}
    for team in desk.catalogue_of(row_id(estate)).teams:
        chat = staff.chat_of_team(desk, row_id(estate), team)
        place = (chat.chat_id, chat.thread_id) if chat else None
        found.setdefault(place, (chat, []))[1].append(team)
    return list(found.values())


def _next(desk: Desk, estate: Estate, team: str, after: datetime) -> datetime | None:
    """Returns the first moment after another at which hours of a team begin or end; None within a year."""
    moments = (moment for hours in _days(desk, estate, team, after) for moment in sorted(hours))
    return next((moment for moment in moments if moment > after), None)


def _days(desk: Desk, estate: Estate, team: str, after: datetime) -> Iterator[tuple[datetime, datetime]]:
    first = after.astimezone(desk.zone(row_id(estate))).date()
    for later in range(FURTHEST):
        if (found := _hours(desk, estate, team, first + timedelta(days=later))) is not None:
            yield found


def _hours(desk: Desk, estate: Estate, team: str, day: date) -> tuple[datetime, datetime] | None:
    """Returns the begin and end of a team's hours on a day; None where it does not work.

    Where it works round the clock, the quiet hours divide the day.
    """
    zone, opening = desk.zone(row_id(estate)), desk.catalogue_of(row_id(estate)).opening_of(estate.names, team)
    if opening is None:
        quiet = desk.catalogue_of(row_id(estate)).rules.quiet_hours
        starts, ends = quiet.end, quiet.start
    else:
        spans = () if day in opening.holidays else opening.week.get(WEEKDAYS[day.weekday()], ())
        if not spans:
            return None
        starts, ends = min(span.start for span in spans), max(span.end for span in spans)
    begin, end = (datetime.combine(day, moment, zone).astimezone(UTC) for moment in (starts, ends))
    return begin, end


def _end_of_day(desk: Desk, estate: Estate, *, days: int = 0) -> datetime:
    day = desk.today(row_id(estate)) + timedelta(days=days + 1)
    return datetime.combine(day, time(), desk.zone(row_id(estate)))
