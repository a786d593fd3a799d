"""The weekly duty roster: read from the supervisor's words, shown in the same words, and checked for gaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from markupsafe import Markup
from sqlalchemy import delete
from sqlmodel import col

from concierge_bot.desk import duty, notification_policy, outbox, rights, staff
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.durations import next_time
from concierge_bot.i18n import SOURCE_LANGUAGE, Words, words
from concierge_bot.screens import Screen, Shown, joined
from storage.people import Estate, Person, Shift
from storage.queues import Timer, Urgency

LINE = re.compile(
    r"(?P<first>[^\s\d–-]+)(?:\s*[-–]\s*(?P<last>[^\s\d]+))?\s+(?P<starts>\d{1,2}:\d{2})\s*[-–]\s*(?P<ends>\d{1,2}:\d{2})\s+(?P<name>.+)"
)
DAYS_CHECKED = 7


@dataclass(frozen=True)
class Line:
    """A line of a roster as it was written."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    name: str


def read(text: str, language: str) -> list[Line]:
    """Reads lines such as `Mon-Fri 07:00-15:00 Anna`, in English or in a language's own names of days.

    Raises ValueError with the first line that cannot be read.
    """
    return [_read_line(line, language) for line in text.splitlines() if line.strip()]


def write(read_by: Words, shifts: list[Shift], names: dict[int, str]) -> Markup:
    """A roster in the words in which it can be sent back, changed."""
    days = get_day_names("abbreviated", locale=read_by.locale)
    return joined(
        read_by.html(
            "%(day)s %(start)s-%(end)s %(name)s",
            day=days[shift.weekday],
            start=f"{shift.starts:%H:%M}",
            end=f"{shift.ends:%H:%M}",
            name=names.get(shift.person_id, "?"),
        )
        for shift in shifts
    )


def command(desk: Desk, caller: Caller, text: str) -> Shown:
    """/roster: shows a team's roster; with lines behind it, they become the roster."""
    person = rights.oversee(desk, caller)
    heading, _, lines = text.partition("\n")
    team = heading.strip().lower() or next(iter(desk.catalogue.teams))
    if team not in desk.catalogue.teams:
        known = ", ".join(desk.catalogue.teams)
        return _say(caller, caller.words.html("There is no such team. The teams are: %(teams)s.", teams=known))
    if lines.strip():
        return _replace(desk, caller, person, team, lines)
    return _say(caller, _shown(desk, caller, person, team))


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the estate's next look at the roster."""
    due_at = next_time(desk.catalogue.rules.birthday_hour, ZoneInfo(estate.timezone), after)
    set_timer(desk, TimerKind.ROSTER, estate.id or 0, due_at, Urgency.ROUTINE, key=due_at.date().isoformat())


def fire(desk: Desk, timer: Timer) -> None:
    """Reports gaps ahead to the supervisors, and sets the next look."""
    estate = desk.estate(timer.subject_id)
    for team, name in desk.catalogue.teams.items():
        found = _gaps(desk, estate.id or 0, team)
        if not found:
            continue
        for person in staff.supervisors(desk, estate.id or 0):
            if person.reachable and person.telegram_id:
                say = words_of(desk, person)
                text = joined([_gap_heading(say, say.text(name)), *_gap_lines(desk, say, estate.id or 0, found)])
                outbox.say(
                    desk,
                    person.telegram_id,
                    Screen(text),
                    Urgency.ROUTINE,
                    policy=notification_policy.of_estate(desk, estate.id or 0),
                    reader="notice",
                )
    plan(desk, estate, max(timer.due_at, desk.now - timedelta(days=1)))


def _replace(desk: Desk, caller: Caller, supervisor: Person, team: str, text: str) -> Shown:
    say = caller.words
    try:
        lines = read(text, say.language)
    except ValueError as error:
        sorry = say.html(
            "I cannot read this line: “%(line)s”. Write it like: Mon-Fri 07:00-15:00 Anna. Nothing was changed.",
            line=str(error),
        )
        return _say(caller, sorry)
    chat = staff.chat_of_team(desk, supervisor.estate_id, team)
    members = staff.members(desk, chat.chat_id) if chat else []
    people = {person.name.casefold(): person for person in members}
    unknown = next((line.name for line in lines if line.name.casefold() not in people), None)
    if unknown is not None:
        sorry = say.html("Nobody of the name “%(name)s” is on this team. Nothing was changed.", name=unknown)
        return _say(caller, sorry)
    desk.session.exec(delete(Shift).where(col(Shift.estate_id) == supervisor.estate_id, col(Shift.team) == team))
    for line in lines:
        for weekday in line.weekdays:
            desk.session.add(
                Shift(
                    estate_id=supervisor.estate_id,
                    team=team,
                    person_id=people[line.name.casefold()].id or 0,
                    weekday=weekday,
                    starts=line.starts,
                    ends=line.ends,
                )
            )
    desk.session.flush()
    return _say(caller, _shown(desk, caller, supervisor, team))


def _shown(desk: Desk, caller: Caller, supervisor: Person, team: str) -> Markup:
    say = caller.words
    shifts = duty.roster(desk, supervisor.estate_id, team)
    name = say.text(desk.catalogue.teams[team])
    if not shifts:
        return say.html(
            "The team %(team)s has no roster: everybody counts as on duty, unless they say /off. "
            "To make one, send /roster %(key)s and below it lines such as: Mon-Fri 07:00-15:00 Anna",
            team=name,
            key=team,
        )
    names = {shift.person_id: desk.person(shift.person_id).name for shift in shifts}
    found = _gaps(desk, supervisor.estate_id, team)
    gaps = [_gap_heading(say, name), *_gap_lines(desk, say, supervisor.estate_id, found)] if found else []
    covered = [] if found else [_covered(desk, say, supervisor.estate_id, team)]
    heading = say.html("<b>Duty roster: %(team)s</b>", team=name)
    return joined([heading, write(say, shifts, names), "", *gaps, *covered])


def _covered(desk: Desk, say: Words, estate_id: int, team: str) -> Markup:
    if desk.catalogue.opening_of(desk.estate(estate_id).name, team) is None:
        return say.html("✅ Round the clock, somebody is on duty.")
    return say.html("✅ In all working hours of the team, somebody is on duty.")


def _gaps(desk: Desk, estate_id: int, team: str) -> list[tuple[datetime, datetime]]:
    shifts = duty.roster(desk, estate_id, team)
    if not shifts:
        return []
    zone = desk.zone(estate_id)
    opening = desk.catalogue.opening_of(desk.estate(estate_id).name, team)
    gaps = duty.gaps(shifts, desk.now, DAYS_CHECKED, zone)
    return list(duty.within_opening(gaps, opening, zone)) if opening else gaps


def _gap_heading(say: Words, team: str) -> Markup:
    return say.html("⚠️ <b>Nobody of the team %(team)s is on duty at these times, in which it works:</b>", team=team)


def _gap_lines(desk: Desk, say: Words, estate_id: int, found: list[tuple[datetime, datetime]]) -> list[Markup]:
    zone = desk.zone(estate_id)
    today = desk.today(estate_id)
    return [
        say.html("%(start)s – %(end)s", start=say.stamp(start, zone, today), end=say.stamp(end, zone, today))
        for start, end in found
    ]


def _say(_caller: Caller, text: Markup) -> Shown:
    return Shown(screen=Screen(text))


def _read_line(line: str, language: str) -> Line:
    found = LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(line.strip())
    days = _day_numbers(language)
    first = days.get(found["first"].casefold().rstrip("."))
    last = days.get((found["last"] or found["first"]).casefold().rstrip("."))
    if first is None or last is None:
        raise ValueError(line.strip())
    try:
        starts, ends = (time.fromisoformat(found[part].zfill(5)) for part in ("starts", "ends"))
    except ValueError:
        raise ValueError(line.strip()) from None
    count = (last - first) % 7 + 1
    return Line(tuple((first + day) % 7 for day in range(count)), starts, ends, found["name"].strip())


def _day_numbers(language: str) -> dict[str, int]:
    """The names of days, short and long, that a line may use."""
    found: dict[str, int] = {}
    for spoken in (SOURCE_LANGUAGE, language):
        for width in ("wide", "abbreviated"):
            names = get_day_names(width, locale=words(spoken).locale)
            found |= {str(names[day]).casefold().rstrip("."): day for day in range(7)}
    return found
