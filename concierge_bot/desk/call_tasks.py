"""A person calls: follow-ups that the owner did not answer here, and random checks of those that they did."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from concierge_bot import taps
from concierge_bot.desk import audiences, ledger, notification_policy, outbox, requests, returns, rights, staff
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.names import address_for_staff
from concierge_bot.desk.refusals import no_such_button
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.durations import next_time
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Screen, Shown, joined, toast
from storage.people import Estate, Person, Villa
from storage.queues import Timer, Urgency
from storage.requests import FollowUp, Request

WEEK = timedelta(days=7)


def post(desk: Desk, request: Request) -> None:
    """Asks the team to call an owner; without a chat, the supervisors."""
    if not audiences.tell_group(desk, request, lambda words: _task(desk, request, words, ledger.CALL)):
        audiences.alert_supervisors(desk, request)
    requests.record(desk, request, "call_task")


def reached(desk: Desk, caller: Caller, request_id: int, way: str, outcome: str) -> Shown:
    """Keeps what a call brought, with its time and person."""
    may = rights.decide if way == ledger.CHECK else rights.handle  # nobody checks their own team's work
    person, request = may(desk, caller, request_id)
    follow_up = ledger.of_request(desk, request_id)
    if follow_up is None or way not in (ledger.CALL, ledger.CHECK) or outcome not in _OUTCOMES:
        raise no_such_button(caller, request_id)
    if way == ledger.CALL and follow_up.answered_at is not None:
        return toast(caller.words.text("This is settled already."))
    ledger.attempt(desk, follow_up, way, outcome, person)
    requests.record(desk, request, "called", person, {"way": way, "outcome": outcome})
    owner = desk.person(request.person_id)
    if outcome == ledger.GOOD:
        ledger.settle(desk, request, good=True, person=person)
    elif outcome == ledger.NOT_GOOD:
        returns.bring_back(desk, request, owner)
    return Shown(screen=_noted(desk, request, caller.words, person, outcome), in_place=True)


def plan(desk: Desk, estate: Estate, after: datetime) -> None:
    """Sets the timer of the estate's next weekly sample."""
    zone = ZoneInfo(estate.timezone)
    due_at = next_time(desk.catalogue.rules.birthday_hour, zone, after)
    while due_at.astimezone(zone).weekday() != 0:
        due_at = next_time(desk.catalogue.rules.birthday_hour, zone, due_at)
    set_timer(desk, TimerKind.CHECK_CALLS, estate.id or 0, due_at, Urgency.ROUTINE, key=due_at.date().isoformat())


def fire(desk: Desk, timer: Timer) -> None:
    """Draws last week's sample of followed-up repairs for the supervisors, and sets the next one."""
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
    size = min(desk.catalogue.rules.check_calls, len(settled))
    draw = random.Random(f"{estate.id}:{timer.due_at.isoformat()}")  # noqa: S311 - to be the same after a kill
    for request in draw.sample(list(settled), size):
        requests.record(desk, request, "drawn_for_check")
        for person in staff.supervisors(desk, estate.id or 0):
            if person.reachable and person.telegram_id:
                task = _task(desk, request, words_of(desk, person), ledger.CHECK)
                outbox.say(
                    desk,
                    person.telegram_id,
                    task,
                    Urgency.ROUTINE,
                    policy=notification_policy.of_request(desk, request),
                    reader="notice",
                    request_id=request.id,
                )
    plan(desk, estate, max(timer.due_at, desk.now - WEEK))


def _task(desk: Desk, request: Request, words: Words, way: str) -> Screen:
    owner = desk.person(request.person_id)
    facts = {
        "number": request.id,
        "villa": desk.session.get_one(Villa, request.villa_id).name,
        "address": address_for_staff(words, owner),
    }
    if way == ledger.CHECK:
        text = words.html(
            "🎲 Drawn for a check call: <b>#%(number)s</b>, villa %(villa)s, %(address)s. Is the repair really good?",
            **facts,
        )
    else:
        text = words.html(
            "☎️ Please call villa %(villa)s, %(address)s: is the repair <b>#%(number)s</b> still good?", **facts
        )
    number = request.id or 0
    rows = (
        (
            Button(words.text("Reached: good"), taps.CALLED.data(number, way, ledger.GOOD)),
            Button(words.text("Reached: not good"), taps.CALLED.data(number, way, ledger.NOT_GOOD)),
        ),
        (Button(words.text("Not reached, again later"), taps.CALLED.data(number, way, ledger.NOT_REACHED)),),
    )
    return Screen(text, rows)


_OUTCOMES = (ledger.GOOD, ledger.NOT_GOOD, ledger.NOT_REACHED)


def _noted(desk: Desk, request: Request, words: Words, person: Person, outcome: str) -> Screen:
    facts = {
        "number": request.id,
        "name": person.name,
        "time": words.stamp(desk.now, desk.zone(request.estate_id), desk.today(request.estate_id)),
    }
    match outcome:
        case ledger.GOOD:
            said = words.html("☎️ #%(number)s: reached by %(name)s, %(time)s. It is good.", **facts)
        case ledger.NOT_GOOD:
            said = words.html("☎️ #%(number)s: reached by %(name)s, %(time)s. It is not good, and open again.", **facts)
        case _:
            said = words.html("☎️ #%(number)s: %(name)s did not reach them, %(time)s. I shall ask again.", **facts)
    return Screen(joined([said]))
