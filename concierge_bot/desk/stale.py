"""A claim gone stale: whoever has a request and does nothing about it is asked; without an answer the supervisor is
told."""

from __future__ import annotations

from datetime import datetime, timedelta

from concierge_bot import taps
from concierge_bot.desk import audiences, requests, rights
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.promises import Promise
from concierge_bot.desk.refusals import no_such_button
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Screen, Shown, toast
from storage.queues import Timer, Urgency
from storage.requests import Request, RequestState

MORE_TIME = (30, 60, 120)
"""Minutes that can be asked for by a tap."""


def watch(desk: Desk, request: Request) -> None:
    """Sets the timer that asks whoever has just taken a request, at a share of its clock."""
    dues = [due for due in (request.arrive_by, request.done_by) if due is not None and due > desk.now]
    rules = desk.catalogue.rules
    wait = (min(dues) - desk.now) * rules.stale_share if dues else rules.stale_after
    _ask_at(desk, request, desk.now + wait)


def fire(desk: Desk, timer: Timer) -> None:
    """Asks, or tells the supervisor that nobody answered; nothing where something happened meanwhile."""
    request = requests.find(desk, timer.subject_id)
    if request is None or request.state != RequestState.CLAIMED or _claimed(request) != timer.data["claimed"]:
        return
    if not timer.data["asked"]:
        _ask(desk, request)
    elif not _answered_since(desk, request, datetime.fromisoformat(timer.data["asked"])):
        requests.record(desk, request, "stale")
        audiences.alert_supervisors(desk, request, Promise.DONE)


def on_it(desk: Desk, caller: Caller, request_id: int, minutes: int) -> Shown:
    """Whoever has a request says that they are at it, or until when they need."""
    person, request = rights.move_on(desk, caller, request_id)
    if minutes not in (0, *MORE_TIME):
        raise no_such_button(caller, request_id)
    if request.state != RequestState.CLAIMED:
        return toast(caller.words.text("This is settled already."))
    until = desk.now + timedelta(minutes=minutes)
    requests.record(desk, request, "stale_answered", person, {"until": until.isoformat()})
    if minutes:
        _ask_at(desk, request, until)
        time = caller.words.clock(until, desk.zone(request.estate_id))
        thanks = caller.words.html("Thank you. I shall ask again at %(time)s.", time=time)
    else:
        watch(desk, request)
        thanks = caller.words.html("Thank you, good to know.")
    return Shown(screen=Screen(thanks), in_place=True)


def _ask(desk: Desk, request: Request) -> None:
    """In private; where that cannot be, the supervisor is told at once."""
    holder = desk.person(request.claimed_by or 0)
    if not audiences.tell_person(desk, request, holder, lambda words: _question(desk, request, words)):
        requests.record(desk, request, "stale")
        audiences.alert_supervisors(desk, request, Promise.DONE)
        return
    requests.record(desk, request, "stale_asked", holder)
    _set(desk, request, desk.now + desk.catalogue.rules.stale_answer_within, asked=desk.now.isoformat())


def _question(desk: Desk, request: Request, words: Words) -> Screen:
    number = request.id or 0
    later = tuple(
        Button(
            words.text(
                "Until %(time)s", time=words.clock(desk.now + timedelta(minutes=minutes), desk.zone(request.estate_id))
            ),
            taps.ON_IT.data(number, minutes),
        )
        for minutes in MORE_TIME
    )
    rows = (
        (Button(words.text("👌 On it"), taps.ON_IT.data(number, 0)),),
        later,
        (Button(words.text("Release"), taps.RELEASE.data(number)),),
    )
    text = words.html("You have <b>#%(number)s</b>. Are you on it, or do you need more time?", number=number)
    return Screen(text, rows)


def _answered_since(desk: Desk, request: Request, asked: datetime) -> bool:
    return any(event.at >= asked for event in requests.history(desk, request, "stale_answered"))


def _claimed(request: Request) -> str:
    return request.claimed_at.isoformat() if request.claimed_at else ""


def _ask_at(desk: Desk, request: Request, moment: datetime) -> None:
    _set(desk, request, moment, asked="")


def _set(desk: Desk, request: Request, moment: datetime, *, asked: str) -> None:
    claimed = _claimed(request)
    set_timer(
        desk,
        TimerKind.STALE,
        request.id or 0,
        moment,
        Urgency.TASK,
        key=f"{claimed}:{moment.isoformat()}:{bool(asked)}",
        data={"claimed": claimed, "asked": asked},
    )
