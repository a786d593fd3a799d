"""Escalation: an overdue promise is told, step by step, along the chain that was copied onto the request.

Unless it is urgent, time counts in the hours in which it may sound. One pass through the chain is a round: a promise
that is still not kept when the next hours begin (an urgent one: an hour later) is told in a further round, until it is
kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from concierge_bot.catalogue.model import Audience, Until
from concierge_bot.desk.cards import cards, notifying
from concierge_bot.desk.cards.readers import supervisor_reader
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import apologies
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues import timers
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import promises, repository
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.desk.requests.repository import Line
from concierge_bot.desk.requests.request_rights import require_superior
from concierge_bot.screens import Reply, toast
from storage.tables.queues import Timer, TimerState, Urgency
from storage.tables.requests import UNFINISHED, EventKind, Request, RequestState, is_unfinished
from storage.tables.rows import row_id

SNOOZE = timedelta(minutes=15)
SLOWER = 10
"""The divisor of an urgent request's delay that gives the pause between rings: it grows once the delay is more than so
many pauses, up to that between two rounds. Somebody who does not come after an hour of ringing does not come for one
ring more, and mutes what never ends."""


@dataclass(frozen=True)
class Place:
    """A place in a chain: the round, its beginning, the step in it, and the number of repeats of that step."""

    round: int = 0
    began: datetime | None = None
    """The beginning of the round: a superior who has seen the request since is not rung again in it. None for the first
    round, which counts from `open_since`."""
    step: int = 0
    repeats: int = 0

    @classmethod
    def read(cls, data: dict[str, Any]) -> Place:
        """Reads a place from a timer's data."""
        began = data.get("began")
        return cls(
            data.get("round", 0), datetime.fromisoformat(began) if began else None, data["step"], data["repeats"]
        )

    def data(self) -> dict[str, Any]:
        """Returns the place as a timer's data."""
        began = self.began.isoformat() if self.began else None
        return {"round": self.round, "began": began, "step": self.step, "repeats": self.repeats}


def start(desk: Desk, request: Request) -> None:
    """Sets the first timer of each promise's chain."""
    for promise in Promise:
        begin(desk, request, promise)


def begin(desk: Desk, request: Request, promise: Promise) -> None:
    """Sets the first timer of one promise's chain; again when a request was released and waits anew."""
    due = promises.due(request, promise)
    if due is not None:
        _set(desk, request, promise, Place(), due)


def begin_anew(desk: Desk, request: Request, promise: Promise) -> None:
    """Restarts the chain of a promise whose due time has changed; the timers of the old one are deleted."""
    timers.discard(desk, TimerKind.ESCALATE, row_id(request), f"{promise}:")
    due = promises.due(request, promise)
    if due is not None and promises.is_pending(request, promise):
        _set(desk, request, promise, Place(_last_planned_round(desk, request, promise) + 1, due), due)


def resume_forgotten(desk: Desk) -> None:
    """Starts a further round for each overdue promise whose chain has no timer left.

    Chains that ended under an earlier version have none, nor have those whose timer was set aside.
    """
    waiting = select(Timer.key).where(Timer.kind == TimerKind.ESCALATE, Timer.state == TimerState.WAITING)
    chains = {tuple(key.split(":")[1:3]) for key in desk.session.exec(waiting)}
    late = or_(
        *(column <= desk.now for column in (col(Request.claim_by), col(Request.arrive_by), col(Request.done_by)))
    )
    for request in desk.session.exec(select(Request).where(is_unfinished(), late).order_by(col(Request.id))).all():
        for promise, _ in promises.overdue(request, desk.now):
            if (str(request.id), promise.value) not in chains:
                _set_next_round(desk, request, promise, Place(_last_planned_round(desk, request, promise)))


def fire(desk: Desk, timer: Timer) -> None:
    """Takes one step of a chain, unless the promise was kept or has another due time by now."""
    request = repository.find(desk, timer.subject_id)
    promise = Promise(timer.data["promise"])
    if request is None or not promises.is_pending(request, promise):
        return
    if promise is Promise.CLAIM and timer.data["since"] != request.open_since.isoformat():
        return
    if (promises.due(request, promise) or desk.now) > desk.now:
        return
    place = Place.read(timer.data)
    if place.round < _latest_round(desk, request, promise):
        return
    if not place.step and not place.repeats:
        apologies.owe(desk, request, promise)
        _set_next_round(desk, request, promise, place)
    _take_step(desk, request, promise, place)


def not_delivered(desk: Desk, request: Request, reader: str) -> None:
    """Handles an undeliverable card of a person: the step counts as not taken, so the next one comes at once."""
    if request.state not in UNFINISHED or not promises.overdue(request, desk.now):
        return
    repository.record(desk, request, EventKind.NOT_DELIVERED, data={"reader": reader})
    if not any(person.reachable for person in notifying.superiors(desk, request)):
        notifying.tell_group_that_nobody_answers(desk, request)
    for promise, _ in promises.overdue(request, desk.now):
        since, latest = request.open_since.isoformat(), _latest_round(desk, request, promise)
        timers.bring_forward(desk, TimerKind.ESCALATE, row_id(request), f"{promise}:{since}:{latest}:")


def seen(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Records that a supervisor has seen an escalation; that stops the ringing, not the clock."""
    person, request = require_superior(desk, caller, request_id)
    repository.record(desk, request, EventKind.SEEN, person)
    cards.refresh(desk, request)
    return toast(caller.words.text("Noted. The clock is still running."))


def snooze(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Snoozes a request for a supervisor, for SNOOZE."""
    person, request = require_superior(desk, caller, request_id)
    card = cards.of_reader(desk, request, supervisor_reader(person))
    if card is not None:
        card.snoozed_until = desk.now + SNOOZE
        repository.record(desk, request, EventKind.SNOOZED, person)
    until_when = caller.words.until(desk.now + SNOOZE, desk.zone(request.estate_id))
    return toast(caller.words.text("I will not remind you of this %(until_when)s.", until_when=until_when))


def remind(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Reminds the holder on a supervisor's behalf, or the team where there is none."""
    person, request = require_superior(desk, caller, request_id)
    if request.state not in UNFINISHED:
        return toast(caller.words.text("This has already been settled."))
    whom = Audience.TEAM if request.state == RequestState.OPEN else Audience.HOLDER
    repository.record(desk, request, EventKind.REMINDED, person)
    notifying.remind(desk, request, whom, person)
    return toast(caller.words.context_text("done just now", "Reminded."))


def _take_step(desk: Desk, request: Request, promise: Promise, place: Place) -> None:
    """Tells the audience of the step; where that reaches nobody, the next step is taken at once."""
    chain = request.chains[promise]
    while place.step < len(chain):
        entry = chain[place.step]
        if place.repeats and _is_over(desk, request, Until(entry["until"]), place):
            return
        told = notifying.tell(desk, request, promise, Audience(entry["tell"]))
        told_of = {"promise": promise, "round": place.round, "step": place.step, "repeats": place.repeats, "told": told}
        repository.record(desk, request, EventKind.ESCALATED, data=told_of)
        if told:
            _set_repeat(desk, request, promise, place)
        if place.repeats:
            return
        place = replace(place, step=place.step + 1)
        if told:
            _set(desk, request, promise, place, desk.now)
            return


def _is_over(desk: Desk, request: Request, until: Until, place: Place) -> bool:
    match until:
        case Until.SEEN:
            return bool(_seen(desk, request, place.began or request.open_since))
        case Until.CLAIMED:
            return request.state != RequestState.OPEN
        case Until.DONE:
            return request.state not in UNFINISHED


def _seen(desk: Desk, request: Request, since: datetime) -> list[Line]:
    return [event for event in repository.history(desk, request, EventKind.SEEN) if event.at >= since]


def _latest_round(desk: Desk, request: Request, promise: Promise) -> int:
    """Returns the latest round of a promise's chain in the history."""
    told = repository.history(desk, request, EventKind.ESCALATED)
    rounds = [event.data.get("round", 0) for event in told if event.data["promise"] == promise]
    return max(rounds, default=0)


def _last_planned_round(desk: Desk, request: Request, promise: Promise) -> int:
    """Returns the last round for which a timer was ever set, failed ones included."""
    timers_of_chains = select(Timer.data).where(Timer.kind == TimerKind.ESCALATE, Timer.subject_id == request.id)
    rounds = [data.get("round", 0) for data in desk.session.exec(timers_of_chains) if data["promise"] == promise]
    return max(rounds, default=0)


def _set_next_round(desk: Desk, request: Request, promise: Promise, place: Place) -> None:
    if request.urgent:
        begins = desk.now + desk.catalogue_of(request.estate_id).rules.urgent_again_after
    else:
        begins = notification_policy.of_request(desk, request).next_opening(desk.now)
    _set(desk, request, promise, Place(place.round + 1, begins), begins)


def _set_repeat(desk: Desk, request: Request, promise: Promise, place: Place) -> None:
    """Sets a step's next repeat, if it has one left and that falls into the same stretch of hours."""
    entry, policy = request.chains[promise][place.step], notification_policy.of_request(desk, request)
    times = entry.get("times")
    if not entry["repeat"] or (times is not None and place.repeats >= times):
        return
    if policy.in_this_stretch(desk.now, policy.after(desk.now, _between_repeats(desk, request, promise, entry))):
        _set(desk, request, promise, replace(place, repeats=place.repeats + 1), desk.now)


def _between_repeats(desk: Desk, request: Request, promise: Promise, entry: dict[str, Any]) -> timedelta:
    repeat = timedelta(seconds=entry["repeat"])
    if not request.urgent:
        return repeat
    late_by = desk.now - (promises.due(request, promise) or desk.now)
    return max(repeat, min(late_by / SLOWER, desk.catalogue_of(request.estate_id).rules.urgent_again_after))


def _set(desk: Desk, request: Request, promise: Promise, place: Place, base: datetime) -> None:
    chain = request.chains[promise]
    if place.step >= len(chain):
        return
    entry = chain[place.step]
    pause = timedelta(seconds=entry["after"])
    if place.repeats:
        pause = _between_repeats(desk, request, promise, entry)
    since = request.open_since.isoformat()
    set_timer(
        desk,
        TimerKind.ESCALATE,
        row_id(request),
        notification_policy.of_request(desk, request).after(base, pause),
        Urgency.ALARM if request.urgent else Urgency.ESCALATION,
        key=f"{promise}:{since}:{place.round}:{place.step}:{place.repeats}",
        data={"promise": promise, "since": since, **place.data()},
    )
