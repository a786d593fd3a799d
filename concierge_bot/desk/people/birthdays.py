"""Greetings by name, form of address and time of day; birthdays, once a year across restarts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import or_
from sqlmodel import col, select

from concierge_bot.catalogue.durations import next_time
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.people import names, notification_policy, staff, villas
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.i18n import PartOfDay, Words, words
from concierge_bot.screens import Screen
from storage.engine.changes import change_one
from storage.tables.people import Estate, Person
from storage.tables.queues import OutboxMessage, Timer, Urgency
from storage.tables.rows import row_id
from storage.tables.subjects import Subject

PERSON = "person"
"""The kind of subject of a greeting."""
READER = "greeting"
TOO_LATE = timedelta(days=1)
LEAP_DAY = (2, 29)


def greeting(desk: Desk, caller: Caller) -> Markup:
    """Returns a greeting for the caller: Good morning, Mr Wang."""
    person = caller.require_person()
    return for_time_of_day(
        caller.words,
        names.address(caller.words, person),
        desk.now.astimezone(desk.zone(person.estate_id)).time(),
    )


def for_time_of_day(words: Words, address: str, now: time) -> Markup:
    """Returns the greeting for a time of day on the estate, by the hours of the language."""
    match words.row.part_of_day(now):
        case PartOfDay.EARLY:
            return words.context_html("early in the morning", "Good morning, %(address)s.", address=address)
        case PartOfDay.MORNING:
            return words.html("Good morning, %(address)s.", address=address)
        case PartOfDay.NOON:
            return words.context_html("at noon", "Good day, %(address)s.", address=address)
        case PartOfDay.AFTERNOON:
            return words.html("Good afternoon, %(address)s.", address=address)
        case PartOfDay.EVENING:
            return words.html("Good evening, %(address)s.", address=address)
        case PartOfDay.ANY:
            return words.context_html("at any hour", "Good day, %(address)s.", address=address)


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the estate's first birthday round after a moment."""
    zone = ZoneInfo(estate.timezone)
    due_at = next_time(desk.catalogue_of(row_id(estate)).rules.birthday_hour, zone, after)
    day = due_at.astimezone(zone).date()
    set_timer(desk, TimerKind.BIRTHDAYS, row_id(estate), due_at, Urgency.ROUTINE, key=day.isoformat())


def fire(desk: Desk, timer: Timer) -> None:
    """Greets the people whose birthday it is, tells the staff of tomorrow's, and sets the timer of the next round.

    A round that is more than TOO_LATE late greets nobody.
    """
    estate = desk.estate(timer.subject_id)
    day = timer.due_at.astimezone(ZoneInfo(estate.timezone)).date()
    if desk.now - timer.due_at <= TOO_LATE:
        for person in born_on(desk, estate, day):
            _greet(desk, person, day)
    if desk.today(timer.subject_id) == day:  # the morning after, it is not tomorrow any more
        for person in born_on(desk, estate, day + timedelta(days=1)):
            _announce(desk, estate, person, day + timedelta(days=1))
    plan(desk, estate, timer.due_at)


def born_on(desk: Desk, estate: Estate, day: date) -> list[Person]:
    """Returns the owners whose birthday is kept on a day: that of 29 February on the 28th in other years."""
    dates = [(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        dates.append(LEAP_DAY)
    matches = [(col(Person.birth_month) == month) & (col(Person.birth_day) == number) for month, number in dates]
    return list(
        desk.session.exec(
            select(Person)
            .where(
                Person.estate_id == estate.id,
                col(Person.villa_id).is_not(None),
                col(Person.joined_at).is_not(None),
                col(Person.left_at).is_(None),
                or_(*matches),
            )
            .order_by(col(Person.id))
        )
    )


def _greet(desk: Desk, person: Person, day: date) -> None:
    if not _once(desk, person, "birthday_greeted", day.year) or person.telegram_id is None:
        return
    words = words_of(desk, person)
    text = words.html(
        "🎂 Happy birthday, %(address)s! All of us at the service centre wish you health and happiness in the "
        "year ahead.",
        address=names.address(words, person),
    )
    outbox.say(
        desk,
        person.telegram_id,
        Screen(text),
        Urgency.ROUTINE,
        policy=notification_policy.of_owner(desk, person),
        reader=READER,
        subject=Subject(PERSON, row_id(person)),
    )


def _announce(desk: Desk, estate: Estate, person: Person, day: date) -> None:
    chat = staff.chat_of_team(desk, row_id(estate), next(iter(desk.catalogue_of(row_id(estate)).teams)))
    if chat is None or person.villa_id is None or not _once(desk, person, "birthday_announced", day.year):
        return
    read = words(chat.language)
    text = read.html(
        "🎂 Birthday tomorrow, %(date)s: %(address)s, %(villa)s. Please prepare our good wishes.",
        date=read.birthday(day),
        address=names.address_for_staff(read, person),
        villa=villas.called(read, desk.villa(person.villa_id).name),
    )
    outbox.say(
        desk,
        chat.chat_id,
        Screen(text),
        Urgency.ROUTINE,
        policy=notification_policy.of_team(desk, row_id(estate), chat.team),
        thread_id=chat.thread_id,
        reader="notice",
    )


def _once(desk: Desk, person: Person, fact: str, year: int) -> bool:
    column = getattr(Person, fact)
    is_due = (col(Person.id) == person.id, or_(col(column).is_(None), col(column) < year))
    first = change_one(desk.session, Person, *is_due, **{fact: year})
    desk.session.refresh(person)
    return first


def not_delivered(desk: Desk, row: OutboxMessage) -> None:
    """Tells the supervisors that a birthday greeting could not be delivered."""
    if row.subject_kind != PERSON or row.subject_id is None:
        return
    person = desk.person(row.subject_id)
    for supervisor in staff.supervisors(desk, person.estate_id):
        if supervisor.reachable and supervisor.telegram_id:
            words = words_of(desk, supervisor)
            text = words.html(
                "🎂 %(name)s: the birthday greeting did not arrive. Please give our best wishes in person.",
                name=person.name,
            )
            outbox.say(
                desk,
                supervisor.telegram_id,
                Screen(text),
                Urgency.ROUTINE,
                policy=notification_policy.of_estate(desk, person.estate_id),
                reader="notice",
            )
