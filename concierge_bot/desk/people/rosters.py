"""The weekly duty roster: parsed from the supervisor's lines, shown in the same form, and checked for gaps."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from markupsafe import Markup
from sqlalchemy import delete
from sqlmodel import col

from concierge_bot.catalogue.durations import next_time
from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.people import duty, namesakes, notification_policy, rights, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.i18n import SOURCE_LANGUAGE, Words, weekdays, words
from concierge_bot.screens import Reply, Screen, joined, toast
from concierge_bot.taps import Action
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import Estate, Person, Shift
from storage.tables.queues import Timer, Urgency
from storage.tables.rosters import RosterDraft
from storage.tables.rows import row_id

HOUR = r"\d{1,2}:\d{2}"
LINE = re.compile(
    rf"(?P<days>\D+?)\s*(?P<starts>{HOUR})\s*(?:[-–—―~〜至到]+|to|bis|à|a|до)\s*(?P<ends>{HOUR})\s*(?P<name>\D.*)"
)
DAYS_CHECKED = 7
ROSTER_LINE = Action("rosterfor", (int, int, int))
"""Draft of a roster, which of its lines, person."""


@dataclass(frozen=True)
class Line:
    """A line of a roster as it was written."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    name: str


class _UnclearError(Exception):
    """Raised where a roster cannot be taken as it is, with the screen that its author gets instead."""

    def __init__(self, screen: Screen, *, is_question: bool = False) -> None:
        super().__init__()
        self.screen, self.is_question = screen, is_question


def read(text: str, language: str) -> list[Line]:
    """Parses lines such as `Mon-Fri 07:00-15:00 Anna`, in English or in a language's own names of days.

    Raises ValueError with the first line that cannot be parsed.
    """
    return [_read_line(line, language) for line in text.splitlines() if line.strip()]


def write(read_by: Words, shifts: list[Shift], names: dict[int, str]) -> Markup:
    """Returns a roster as text in the form in which it can be sent back, changed."""
    days = get_day_names("abbreviated", locale=read_by.locale)
    return joined(
        Markup("%s %s-%s %s")
        % (
            days[shift.weekday],
            read_by.hour(shift.starts),
            read_by.hour(shift.ends),
            names.get(shift.person_id, "?"),
        )
        for shift in shifts
    )


def command(desk: Desk, caller: Caller, text: str) -> Reply:
    """Handles /roster: shows a team's roster; lines behind it become the new roster."""
    person = rights.require_overseer(desk, caller)
    heading, _, lines = text.partition("\n")
    typed = heading.strip() or next(iter(desk.catalogue_of(person.estate_id).teams))
    team = staff.team_named(desk, person.estate_id, typed)
    if team is None:
        known = staff.teams_listed(desk, person.estate_id, caller.words)
        return _say(caller, caller.words.html("There is no such team. The teams are: %(teams)s.", teams=known))
    if lines.strip():
        return _replace(desk, caller, person, team, lines)
    return _say(caller, _shown(desk, caller, person, team))


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the estate's next check of the roster."""
    rules = desk.catalogue_of(row_id(estate)).rules
    due_at = next_time(rules.roster_hour or rules.birthday_hour, ZoneInfo(estate.timezone), after)
    set_timer(desk, TimerKind.ROSTER, row_id(estate), due_at, Urgency.ROUTINE, key=due_at.date().isoformat())


def fire(desk: Desk, timer: Timer) -> None:
    """Reports coming gaps to the supervisors, and sets the timer of the next check."""
    estate = desk.estate(timer.subject_id)
    for team, name in desk.catalogue_of(row_id(estate)).teams.items():
        found = _gaps(desk, row_id(estate), team)
        if not found:
            continue
        for person in staff.supervisors(desk, row_id(estate)):
            if person.reachable and person.telegram_id:
                say = words_of(desk, person)
                text = joined([_gap_heading(say, say.text(name)), *_gap_lines(desk, say, row_id(estate), found)])
                outbox.say(
                    desk,
                    person.telegram_id,
                    Screen(text),
                    Urgency.ROUTINE,
                    policy=notification_policy.of_estate(desk, row_id(estate)),
                    reader="notice",
                )
    plan(desk, estate, max(timer.due_at, desk.now - timedelta(days=1)))


def choose(desk: Desk, caller: Caller, draft_id: int, line: int, person_id: int) -> Reply:
    """Records the person who was chosen for a line of a roster, and continues with the roster."""
    supervisor = rights.require_overseer(desk, caller)
    draft = desk.session.get(RosterDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.author_id != supervisor.id or str(line) in draft.chosen:
        return toast(caller.words.text("This button is no longer in use."))
    draft.chosen = {**draft.chosen, str(line): person_id}
    desk.session.flush()
    return replace(_go_on(desk, caller, supervisor, draft), in_place=True)


def _replace(desk: Desk, caller: Caller, supervisor: Person, team: str, text: str) -> Reply:
    """Replaces a roster. Earlier drafts of the same supervisor that wait for an answer are deleted."""
    desk.session.exec(delete(RosterDraft).where(col(RosterDraft.author_id) == supervisor.id))
    draft = RosterDraft(author_id=row_id(supervisor), team=team, text=text, created_at=desk.now)
    desk.session.add(draft)
    desk.session.flush()
    return _go_on(desk, caller, supervisor, draft)


def _go_on(desk: Desk, caller: Caller, supervisor: Person, draft: RosterDraft) -> Reply:
    """Replaces the roster as a whole once every line is clear; else asks, or says which line is wrong."""
    try:
        lines = read(draft.text, caller.words.language)
        people = _meant(desk, caller, supervisor, draft, lines)
    except _UnclearError as unclear:
        if not unclear.is_question:
            desk.session.delete(draft)
        return Reply(screen=unclear.screen)
    except ValueError as error:
        desk.session.delete(draft)
        sorry = caller.words.html(
            "I cannot read this line: “%(line)s”. Please write it like this: Mon-Fri 07:00-15:00 Anna. Nothing "
            "has been changed.",
            line=str(error),
        )
        return _say(caller, sorry)
    estate_id, team = supervisor.estate_id, draft.team
    before = _lines_of(desk, estate_id, team)
    desk.session.exec(delete(Shift).where(col(Shift.estate_id) == estate_id, col(Shift.team) == team))
    for line, person in zip(lines, people, strict=True):
        for weekday in line.weekdays:
            desk.session.add(
                Shift(
                    estate_id=estate_id,
                    team=team,
                    person_id=row_id(person),
                    weekday=weekday,
                    starts=line.starts,
                    ends=line.ends,
                )
            )
    desk.session.delete(draft)
    desk.session.flush()
    recorder.record(
        desk,
        AuditAction.ROSTER_CHANGED,
        AuditSubject("roster", None, team),
        estate_id=estate_id,
        before={"lines": before},
        after={"lines": _lines_of(desk, estate_id, team)},
    )
    return _say(caller, _shown(desk, caller, supervisor, team))


def _lines_of(desk: Desk, estate_id: int, team: str) -> list[str]:
    """Returns a team's roster as the audit trail keeps it."""
    shifts = duty.roster(desk, estate_id, team)
    names = {shift.person_id: desk.person(shift.person_id).name for shift in shifts}
    return write(words(SOURCE_LANGUAGE), shifts, names).unescape().splitlines()


def _meant(desk: Desk, caller: Caller, supervisor: Person, draft: RosterDraft, lines: list[Line]) -> list[Person]:
    """Returns the person of each line. Raises _UnclearError for a name of nobody, or of several until one is chosen."""
    members = _members(desk, supervisor.estate_id, draft.team)
    candidates = [namesakes.called(members, line.name) for line in lines]
    for line, found in zip(lines, candidates, strict=True):
        if not found:
            say = caller.words
            raise _UnclearError(
                Screen(
                    say.html(
                        "There is nobody called “%(name)s” on this team. Nothing has been changed.", name=line.name
                    )
                )
            )
    return [
        _one(desk, caller, draft, number, line, found)
        for number, (line, found) in enumerate(zip(lines, candidates, strict=True))
    ]


def _one(desk: Desk, caller: Caller, draft: RosterDraft, number: int, line: Line, found: list[Person]) -> Person:
    """Returns the person of a line. Each line asks by itself, since people of one name may share the work.

    Raises _UnclearError with the question.
    """
    chosen = draft.chosen.get(str(number))
    if len(found) == 1:
        return found[0]
    if (person := next((one for one in found if one.id == chosen), None)) is not None:
        return person
    say = caller.words
    asked = say.html(
        "Several people on this team are called “%(name)s”. Which one is meant here? Nothing changes until "
        "this is settled.",
        name=line.name,
    )
    as_written = [text for text in draft.text.splitlines() if text.strip()][number].strip()

    def tap(person: Person) -> str:
        return ROSTER_LINE.data(row_id(draft), number, row_id(person))

    text = joined([asked, Markup("<b>%s</b>") % as_written])
    raise _UnclearError(Screen(text, namesakes.buttons(desk, found, say, tap)), is_question=True)


def _members(desk: Desk, estate_id: int, team: str) -> list[Person]:
    chat = staff.chat_of_team(desk, estate_id, team)
    return staff.members(desk, chat.chat_id) if chat else []


def _shown(desk: Desk, caller: Caller, supervisor: Person, team: str) -> Markup:
    say = caller.words
    shifts = duty.roster(desk, supervisor.estate_id, team)
    name = say.text(desk.catalogue_of(supervisor.estate_id).teams[team])
    if not shifts:
        return say.html(
            "%(team)s: no roster yet. Everyone counts as on duty unless they send /off. To create one, send "
            "/roster %(key)s followed by lines such as: Mon-Fri 07:00-15:00 Anna",
            team=name,
            key=team,
        )
    members = _members(desk, supervisor.estate_id, team)
    of_shifts = {shift.person_id: desk.person(shift.person_id) for shift in shifts}
    names = {number: namesakes.typed_name(person, members) for number, person in of_shifts.items()}
    found = _gaps(desk, supervisor.estate_id, team)
    gaps = [_gap_heading(say, name), *_gap_lines(desk, say, supervisor.estate_id, found)] if found else []
    covered = [] if found else [_covered(desk, say, supervisor.estate_id, team)]
    heading = say.html("<b>Duty roster: %(team)s</b>", team=name)
    return joined([heading, write(say, shifts, names), "", *gaps, *covered])


def _covered(desk: Desk, say: Words, estate_id: int, team: str) -> Markup:
    if desk.catalogue_of(estate_id).opening_of(desk.estate(estate_id).names, team) is None:
        return say.html("✅ Somebody is on duty round the clock.")
    return say.html("✅ Somebody is on duty in all of the team's working hours.")


def _gaps(desk: Desk, estate_id: int, team: str) -> list[tuple[datetime, datetime]]:
    shifts = duty.roster(desk, estate_id, team)
    if not shifts:
        return []
    zone = desk.zone(estate_id)
    opening = desk.catalogue_of(estate_id).opening_of(desk.estate(estate_id).names, team)
    gaps = duty.gaps(shifts, desk.now, DAYS_CHECKED, zone)
    return list(duty.within_opening(gaps, opening, zone)) if opening else gaps


def _gap_heading(say: Words, team: str) -> Markup:
    return say.html("⚠️ <b>%(team)s: nobody is on duty at these working times:</b>", team=team)


def _gap_lines(desk: Desk, say: Words, estate_id: int, found: list[tuple[datetime, datetime]]) -> list[Markup]:
    zone = desk.zone(estate_id)
    today = desk.today(estate_id)
    return [Markup.escape(say.period(start, end, zone, today)) for start, end in found]


def _say(_caller: Caller, text: Markup) -> Reply:
    return Reply(screen=Screen(text))


def _read_line(line: str, language: str) -> Line:
    found = LINE.fullmatch(_narrow(line))
    days = weekdays(found["days"], language) if found else None
    if found is None or days is None:
        raise ValueError(line.strip())
    try:
        starts, ends = (time.fromisoformat(found[part].zfill(5)) for part in ("starts", "ends"))
    except ValueError:
        raise ValueError(line.strip()) from None
    return Line(days, starts, ends, found["name"].strip())


def _narrow(line: str) -> str:
    """Returns a line with full-width signs made narrow, and without marks of direction that came with a copy."""
    seen = (letter for letter in unicodedata.normalize("NFKC", line) if unicodedata.category(letter) != "Cf")
    return "".join(seen).strip()
