"""Duty: by /on and /off, and by the weekly roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.catalogue.opening import Opening
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from storage.tables.people import DutyOverride, Person, Shift
from storage.tables.rows import row_id

LONGEST_WORD = timedelta(hours=16)
"""The longest time that an /on counts without a roster: nobody works longer."""


@dataclass(frozen=True)
class Span:
    """A shift on a certain day."""

    person_id: int
    starts: datetime
    ends: datetime


def on_duty(desk: Desk, estate_id: int, team: str, *, alarm: bool = False) -> list[Person]:
    """Returns the members of a team who are on duty now.

    Where the team has no roster and nobody said /on, all count who have not said /off; for an alarm also where nobody
    else is on duty.
    """
    chat = staff.chat_of_team(desk, estate_id, team)
    members = staff.members(desk, chat.chat_id) if chat else []
    shifts = roster(desk, estate_id, team)
    words = {word.person_id: word for word in desk.session.exec(select(DutyOverride)).all() if _counts(desk, word)}
    here = [person for person in members if _is_on(desk, person, shifts, words.get(row_id(person)))]
    nobody_said = not shifts and not any(word.is_on for person in members if (word := words.get(row_id(person))))
    if nobody_said or (alarm and not here):
        return [person for person in members if not _is_off(words, person)]
    return here


def is_off(desk: Desk, person: Person, estate_id: int, team: str) -> bool:
    """Tells whether a person works on a team, and is off duty now."""
    chat = staff.chat_of_team(desk, estate_id, team)
    members = staff.members(desk, chat.chat_id) if chat else []
    return person in members and person not in on_duty(desk, estate_id, team)


def say(desk: Desk, person: Person, *, is_on: bool) -> None:
    """Records a person's /on or /off."""
    word = desk.session.get(DutyOverride, person.id)
    if word is None:
        word = DutyOverride(person_id=row_id(person), is_on=is_on, said_at=desk.now)
    word.is_on, word.said_at = is_on, desk.now
    desk.session.add(word)
    desk.session.flush()


def roster(desk: Desk, estate_id: int, team: str) -> list[Shift]:
    """Returns a team's weekly roster, in its order."""
    return list(
        desk.session.exec(
            select(Shift)
            .where(Shift.estate_id == estate_id, Shift.team == team)
            .order_by(col(Shift.weekday), col(Shift.starts), col(Shift.id))
        )
    )


def lines_of(desk: Desk, person: Person, team: str | None) -> int:
    """Counts the lines of a team's roster that name somebody."""
    theirs = (Shift.person_id == person.id, Shift.team == team)
    return desk.session.exec(select(func.count()).select_from(Shift).where(*theirs)).one()


def spans(shifts: list[Shift], first: date, days: int, zone: ZoneInfo) -> list[Span]:
    """Returns the shifts of certain days as moments; one over midnight belongs to the day on which it begins."""
    found = []
    for later in range(-1, days):
        day = first + timedelta(days=later)
        for shift in shifts:
            if shift.weekday == day.weekday():
                ends_on = day if shift.ends > shift.starts else day + timedelta(days=1)
                starts = datetime.combine(day, shift.starts, zone)
                found.append(Span(shift.person_id, starts, datetime.combine(ends_on, shift.ends, zone)))
    return sorted(found, key=lambda span: span.starts.timestamp())


def gaps(shifts: list[Shift], start: datetime, days: int, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Returns the stretches of the coming days in which nobody of a team is on the roster."""
    end = start + timedelta(days=days)
    covered_until, found = start, []
    for span in spans(shifts, start.astimezone(zone).date(), days + 1, zone):
        if span.ends <= covered_until:
            continue
        if span.starts > covered_until:
            found.append((covered_until, min(span.starts, end)))
        covered_until = span.ends
        if covered_until >= end:
            return found
    return [*found, (covered_until, end)] if covered_until < end else found


def within_opening(
    gaps: list[tuple[datetime, datetime]], opening: Opening, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yields the parts of stretches that lie in a team's opening hours."""
    for starts, ends in gaps:
        for opens, closes in opening.spans(starts, zone):
            if opens >= ends:
                break
            if closes > starts:
                yield max(starts, opens), min(ends, closes)


def _is_on(desk: Desk, person: Person, shifts: list[Shift], word: DutyOverride | None) -> bool:
    zone = desk.zone(person.estate_id)
    own = [shift for shift in shifts if shift.person_id == person.id]
    today = desk.now.astimezone(zone).date()
    begun = [span for span in spans(own, today, 1, zone) if span.starts <= desk.now]
    by_roster = any(span.ends > desk.now for span in begun)
    if word is None or any(span.starts > word.said_at for span in begun):
        return by_roster
    return word.is_on


def _counts(desk: Desk, word: DutyOverride) -> bool:
    """Tells whether an /on or /off still counts: an /on for a day's work, an /off until it is taken back."""
    return not word.is_on or desk.now - word.said_at <= LONGEST_WORD


def _is_off(words: dict[int, DutyOverride], person: Person) -> bool:
    word = words.get(row_id(person))
    return word is not None and not word.is_on
