"""Calls by a person: follow-ups that the owner did not answer to the bot, and random checks of those that they did."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from concierge_bot.catalogue.durations import next_time
from concierge_bot.desk.aftercare import taps
from concierge_bot.desk.cards import card_texts, notifying
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.people.names import address_for_staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import Policy
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Screen
from storage.tables.people import Estate, Person
from storage.tables.queues import Timer, Urgency
from storage.tables.requests import EventKind, FollowUp, FollowUpOutcome, FollowUpWay, Request
from storage.tables.rows import row_id

WEEK = timedelta(days=7)
MOST_OPENINGS = 14
"""The most openings of a team that are looked at: one for each day of two weeks."""


def earliest(desk: Desk, request: Request, owner_may: Policy) -> datetime:
    """Returns the next moment for a call: in the team's hours, and where the owner may be spoken to.

    Where these never meet, the owner's hours alone count.
    """
    team_may, moment = notification_policy.of_request(desk, request), owner_may.earliest(desk.now)
    for _ in range(MOST_OPENINGS):
        later = owner_may.earliest(team_may.earliest(moment))
        if later == moment:
            return moment
        moment = later
    return owner_may.earliest(desk.now)


def ask_team(desk: Desk, request: Request) -> None:
    """Asks the team to call an owner; without a chat, the supervisors."""
    if not notifying.tell_group(desk, request, lambda words: task(desk, request, words, FollowUpWay.CALL)):
        notifying.alert_supervisors(desk, request)
    repository.record(desk, request, EventKind.CALL_TASK)


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the estate's next weekly sample."""
    zone, rules = ZoneInfo(estate.timezone), desk.catalogue_of(row_id(estate)).rules
    hour = rules.check_call_hour or rules.birthday_hour
    due_at = next_time(hour, zone, after)
    while due_at.astimezone(zone).weekday() != 0:
        due_at = next_time(hour, zone, due_at)
    set_timer(desk, TimerKind.CHECK_CALLS, row_id(estate), due_at, Urgency.ROUTINE, key=due_at.date().isoformat())


def fire(desk: Desk, timer: Timer) -> None:
    """Draws last week's sample of followed-up repairs for the supervisors, and sets the timer of the next one."""
    estate = desk.estate(timer.subject_id)
    settled = desk.session.exec(
        select(Request)
        .join(FollowUp, col(FollowUp.request_id) == Request.id)
        .where(
            Request.estate_id == estate.id,
            col(FollowUp.good).is_(True),
            col(FollowUp.answered_at) >= timer.due_at - WEEK,
            col(FollowUp.answered_at) < timer.due_at,
        )
        .order_by(col(Request.id))
    ).all()
    size = min(desk.catalogue_of(row_id(estate)).rules.check_calls, len(settled))
    draw = random.Random(f"{estate.id}:{timer.due_at.isoformat()}")  # noqa: S311 - to be the same after a kill
    for request in draw.sample(list(settled), size):
        repository.record(desk, request, EventKind.DRAWN_FOR_CHECK)
        for person in staff.supervisors(desk, row_id(estate)):
            _ask_to_check(desk, request, person)
    plan(desk, estate, max(timer.due_at, desk.now - WEEK))


def check_again_at(desk: Desk, request: Request, person: Person, moment: datetime) -> None:
    """Sets the timer that asks a supervisor once more for a check call."""
    data = {"person": person.id}
    key = f"{person.id}:{moment.isoformat()}"
    set_timer(desk, TimerKind.CALL_AGAIN, row_id(request), moment, Urgency.ROUTINE, key=key, data=data)


def fire_again(desk: Desk, timer: Timer) -> None:
    """Asks a supervisor once more for a check call."""
    _ask_to_check(desk, desk.session.get_one(Request, timer.subject_id), desk.person(timer.data["person"]))


def _ask_to_check(desk: Desk, request: Request, person: Person) -> None:
    """Asks a supervisor for a check call, in the hours of the team that did the work."""
    moment = notification_policy.of_request(desk, request).earliest(desk.now)
    if moment > desk.now:
        check_again_at(desk, request, person, moment)
    elif person.reachable and person.telegram_id:
        outbox.say(
            desk,
            person.telegram_id,
            task(desk, request, words_of(desk, person), FollowUpWay.CHECK),
            Urgency.ROUTINE,
            policy=notification_policy.of_request(desk, request, person),
            reader="notice",
            subject=request.subject,
        )


def task(desk: Desk, request: Request, words: Words, way: FollowUpWay) -> Screen:
    """Returns the task of a call, with a button for each outcome."""
    owner = desk.person(request.person_id)
    facts = {"label": card_texts.label(desk, request, words), "address": address_for_staff(words, owner)}
    if way == FollowUpWay.CHECK:
        text = words.html("🎲 Spot check, %(label)s: please ask %(address)s. Was the repair done well?", **facts)
    else:
        text = words.html(
            "☎️ %(label)s: please speak to %(address)s. Is everything still in order after the repair?", **facts
        )
    number = row_id(request)
    rows = (
        (
            Button(words.text("Reached: all well"), taps.CALLED.data(number, way, FollowUpOutcome.GOOD)),
            Button(words.text("Reached: not right"), taps.CALLED.data(number, way, FollowUpOutcome.NOT_GOOD)),
        ),
        (
            Button(
                words.context_text("button", "Not reached"), taps.CALLED.data(number, way, FollowUpOutcome.NOT_REACHED)
            ),
        ),
    )
    return Screen(text, rows)
