"""A promise that is not kept in time is told on, step by step, along the chain that was copied onto the request."""

from __future__ import annotations

from datetime import datetime, timedelta

from concierge_bot.catalogue import Audience, Until
from concierge_bot.desk import audiences, cards, promises, requests, timers
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.promises import Promise
from concierge_bot.desk.requests import Line
from concierge_bot.desk.rights import decide
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.screens import Shown, toast
from storage.queues import Timer, Urgency
from storage.requests import UNFINISHED, Request, RequestState

SNOOZE = timedelta(minutes=15)


def start(desk: Desk, request: Request) -> None:
    """Sets the first timer of each promise's chain."""
    for promise in Promise:
        begin(desk, request, promise)


def begin(desk: Desk, request: Request, promise: Promise) -> None:
    """Sets the first timer of one promise's chain; also when a request was handed back and waits anew."""
    due = promises.due(request, promise)
    if due is not None:
        _set(desk, request, promise, 0, due)


def fire(desk: Desk, timer: Timer) -> None:
    """Takes one step of a chain, unless the promise was kept or counts from another moment by now."""
    request = requests.find(desk, timer.subject_id)
    promise = Promise(timer.data["promise"])
    if request is None or not promises.is_pending(request, promise):
        return
    if promise is Promise.CLAIM and timer.data["since"] != request.open_since.isoformat():
        return
    _take_step(desk, request, promise, timer.data["step"], timer.data["repeats"])


def not_delivered(desk: Desk, request: Request, reader: str) -> None:
    """A person's card could not be delivered: that step counts as not taken, so the next one comes at once."""
    if request.state not in UNFINISHED or not promises.overdue(request, desk.now):
        return
    requests.record(desk, request, "not_delivered", data={"reader": reader})
    if not any(person.reachable for person in audiences.superiors(desk, request)):
        audiences.tell_group_that_nobody_answers(desk, request)
    for promise, _ in promises.overdue(request, desk.now):
        timers.bring_forward(desk, TimerKind.ESCALATE, request.id or 0, f"{promise}:{request.open_since.isoformat()}:")


def seen(desk: Desk, caller: Caller, request_id: int) -> Shown:
    """Notes that a supervisor saw an escalation; that stops the ringing, not the clock."""
    person, request = decide(desk, caller, request_id)
    already = any(event.actor_id == person.id for event in _seen(desk, request))
    if not already:
        requests.record(desk, request, "seen", person)
        cards.refresh(desk, request)
    return toast(caller.words.text("Noted. The clock runs on."))


def snooze(desk: Desk, caller: Caller, request_id: int) -> Shown:
    """A supervisor does not want to be rung about a request for a while."""
    person, request = decide(desk, caller, request_id)
    card = cards.of_reader(desk, request, cards.supervisor_reader(person))
    if card is not None:
        card.snoozed_until = desk.now + SNOOZE
        requests.record(desk, request, "snoozed", person)
    until = caller.words.clock(desk.now + SNOOZE, desk.zone(request.estate_id))
    return toast(caller.words.text("I shall be quiet about this until %(time)s.", time=until))


def remind(desk: Desk, caller: Caller, request_id: int) -> Shown:
    """A supervisor has whoever has the request reminded, or the team where nobody has it."""
    person, request = decide(desk, caller, request_id)
    if request.state not in UNFINISHED:
        return toast(caller.words.text("This is settled already."))
    whom = Audience.TEAM if request.state == RequestState.OPEN else Audience.HOLDER
    audiences.tell(desk, request, _most_pressing(desk, request), whom)
    requests.record(desk, request, "reminded", person)
    return toast(caller.words.text("Reminded."))


def _most_pressing(desk: Desk, request: Request) -> Promise:
    late = promises.overdue(request, desk.now)
    if late:
        return late[0][0]
    return Promise.CLAIM if request.state == RequestState.OPEN else Promise.DONE


def _take_step(desk: Desk, request: Request, promise: Promise, step: int, repeats: int) -> None:
    """Tells whom the step names; where that reaches nobody, the next step comes at once."""
    chain = request.chains[promise]
    while step < len(chain):
        entry = chain[step]
        if repeats and _is_over(desk, request, Until(entry["until"])):
            return
        told = audiences.tell(desk, request, promise, Audience(entry["tell"]))
        requests.record(
            desk, request, "escalated", data={"promise": promise, "step": step, "repeats": repeats, "told": told}
        )
        if entry["repeat"] and told:
            _set(desk, request, promise, step, desk.now, repeats + 1)
        if repeats:
            return
        step += 1
        if told:
            _set(desk, request, promise, step, desk.now)
            return


def _is_over(desk: Desk, request: Request, until: Until) -> bool:
    match until:
        case Until.SEEN:
            return bool(_seen(desk, request))
        case Until.CLAIMED:
            return request.state != RequestState.OPEN
        case Until.DONE:
            return request.state not in UNFINISHED


def _seen(desk: Desk, request: Request) -> list[Line]:
    return [event for event in requests.history(desk, request, "seen") if event.at >= request.open_since]


def _set(desk: Desk, request: Request, promise: Promise, step: int, base: datetime, repeats: int = 0) -> None:
    chain = request.chains[promise]
    if step >= len(chain):
        return
    pause = chain[step]["repeat"] if repeats else chain[step]["after"]
    since = request.open_since.isoformat()
    set_timer(
        desk,
        TimerKind.ESCALATE,
        request.id or 0,
        base + timedelta(seconds=pause),
        Urgency.ALARM if request.urgent else Urgency.ESCALATION,
        key=f"{promise}:{since}:{step}:{repeats}",
        data={"promise": promise, "step": step, "repeats": repeats, "since": since},
    )
