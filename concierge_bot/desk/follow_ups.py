"""Repairs are followed up, always: asked by the bot, asked again, then called by a person, to an outcome."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from concierge_bot import taps
from concierge_bot.desk import call_tasks, ledger, notification_policy, outbox, requests, returns, rights, supplements
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.names import address
from concierge_bot.desk.refusals import no_such_button
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.durations import out_of
from concierge_bot.screens import Button, Screen, Shown, joined, toast
from storage.people import Person
from storage.queues import Timer, Urgency
from storage.requests import FollowUp, Request

READER = "followup"
YES, NO = "yes", "no"
ASKED_BY_BOT = 2
"""How often the bot asks before a person has to call."""


def owe(desk: Desk, request: Request) -> None:
    """Enters that a finished request owes a follow-up, where its service promises one."""
    after = requests.service_of(desk, request).follow_up_after
    if after is None:
        return
    due_at = _polite(desk, request, desk.now + after)
    ledger.owe(desk, request, due_at)
    _set(desk, request, due_at)


def fire(desk: Desk, timer: Timer) -> None:
    """The next attempt; in quiet hours, as after a long stop, once they are over."""
    follow_up = ledger.of_request(desk, timer.subject_id)
    if follow_up is None or follow_up.answered_at is not None or follow_up.due_at > desk.now:
        return
    request = desk.session.get_one(Request, timer.subject_id)
    polite = _polite(desk, request, desk.now)
    if polite > desk.now:
        _attempt_at(desk, request, follow_up, polite)
        return
    if ledger.attempts(desk, follow_up, ledger.BOT) < ASKED_BY_BOT and desk.person(request.person_id).reachable:
        _ask(desk, request, follow_up)
    else:
        call_tasks.post(desk, request)
    again = desk.now + desk.catalogue.rules.follow_up_again_after
    _attempt_at(desk, request, follow_up, _polite(desk, request, again))


def call_now(desk: Desk, request: Request) -> None:
    """The owner cannot be asked here: a person has to call."""
    follow_up = ledger.of_request(desk, request.id or 0)
    if follow_up is not None and follow_up.answered_at is None:
        call_tasks.post(desk, request)


def answer(desk: Desk, caller: Caller, request_id: int, said: str) -> Shown:
    """Keeps the answer, with time and person. No opens a linked repair."""
    person, request = rights.own(desk, caller, request_id)
    follow_up = ledger.of_request(desk, request_id)
    if said not in (YES, NO) or follow_up is None:
        raise no_such_button(caller, request_id)
    if follow_up.answered_at is not None:
        return toast(caller.words.text("You have answered this already. Thank you!"))
    ledger.attempt(desk, follow_up, ledger.BOT, ledger.GOOD if said == YES else ledger.NOT_GOOD, person)
    if said == YES:
        ledger.settle(desk, request, good=True, person=person)
        return Shown(screen=Screen(_thanks(caller, request, person)), in_place=True)
    return Shown(screen=_sorry(desk, caller, request, person), in_place=True)


def _ask(desk: Desk, request: Request, follow_up: FollowUp) -> None:
    owner = desk.person(request.person_id)
    follow_up.asked_at = follow_up.asked_at or desk.now
    ledger.attempt(desk, follow_up, ledger.BOT, ledger.ASKED)
    requests.record(desk, request, "follow_up_asked")
    outbox.say(
        desk,
        owner.telegram_id or 0,
        _question(desk, request, owner),
        Urgency.OWNER,
        policy=notification_policy.of_owner(desk, owner),
        reader=READER,
        request_id=request.id,
    )


def _polite(desk: Desk, request: Request, moment: datetime) -> datetime:
    """The moment, or the end of the quiet hours that it falls into."""
    return out_of(desk.catalogue.rules.quiet_hours, moment, desk.zone(request.estate_id))


def _attempt_at(desk: Desk, request: Request, follow_up: FollowUp, moment: datetime) -> None:
    ledger.postpone(desk, follow_up, moment)
    _set(desk, request, moment)


def _set(desk: Desk, request: Request, moment: datetime) -> None:
    set_timer(desk, TimerKind.FOLLOW_UP, request.id or 0, moment, Urgency.OWNER, key=moment.isoformat())


def _question(desk: Desk, request: Request, owner: Person) -> Screen:
    words = words_of(desk, owner)
    service = requests.service_of(desk, request)
    done = words.full_date((request.done_at or desk.now).astimezone(desk.zone(request.estate_id)).date())
    text = joined(
        [
            words.html(
                "%(address)s, this is about your request #%(number)s (%(service)s), done on %(date)s.",
                address=address(words, owner),
                number=request.id,
                service=words.text(service.name),
                date=done,
            ),
            words.html("<b>%(question)s</b>", question=words.text(service.follow_up or "Is the repair still good?")),
        ]
    )
    buttons = (
        Button(words.text("👍 Yes"), taps.FOLLOW_UP.data(request.id or 0, YES)),
        Button(words.text("👎 No"), taps.FOLLOW_UP.data(request.id or 0, NO)),
    )
    return Screen(text, (buttons,))


def _thanks(caller: Caller, request: Request, owner: Person) -> Markup:
    return caller.words.html(
        "Thank you, %(address)s. We are glad that #%(number)s is still good.",
        address=address(caller.words, owner),
        number=request.id,
    )


def _sorry(desk: Desk, caller: Caller, request: Request, owner: Person) -> Screen:
    again = returns.bring_back(desk, request, owner)
    words = caller.words
    sorry = words.html(
        "We are sorry, %(address)s. #%(number)s is with the team again as #%(again)s.",
        address=address(words, owner),
        number=request.id,
        again=again.id,
    )
    more = supplements.invite(desk, caller, again)
    return Screen(joined([sorry, more.text]), more.rows)
