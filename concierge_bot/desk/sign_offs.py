"""The owner signs for what was done: good, or not right. No answer is kept as no answer."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from concierge_bot import taps
from concierge_bot.desk import closing, notification_policy, outbox, requests, returns, rights, supplements
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.names import address
from concierge_bot.desk.refusals import no_such_button
from concierge_bot.desk.timers import TimerKind, set_timer
from concierge_bot.screens import Button, Screen, Shown, joined, toast
from storage.people import Person
from storage.queues import Timer, Urgency
from storage.requests import Request, SignOff

READER = "signoff"
GOOD, NOT_RIGHT, UNANSWERED = "good", "not_right", "unanswered"


def ask(desk: Desk, request: Request) -> None:
    """Asks the owner to sign, where the service wants it."""
    within = requests.service_of(desk, request).sign_off_within
    if within is None:
        return
    due_at = desk.now + within
    desk.session.add(SignOff(request_id=request.id or 0, due_at=due_at))
    desk.session.flush()
    set_timer(desk, TimerKind.SIGN_OFF, request.id or 0, due_at, Urgency.ROUTINE, key="unanswered")
    owner = desk.person(request.person_id)
    if owner.telegram_id is not None:
        outbox.say(
            desk,
            owner.telegram_id,
            _question(desk, request, owner),
            Urgency.OWNER,
            policy=notification_policy.of_owner(desk, owner),
            reader=READER,
            request_id=request.id,
        )


def answer(desk: Desk, caller: Caller, request_id: int, said: str) -> Shown:
    """Keeps the owner's word. Not right brings it back to the same person, and the supervisor is told."""
    person, request = rights.own(desk, caller, request_id)
    if said not in (GOOD, NOT_RIGHT):
        raise no_such_button(caller, request_id)
    if not _keep(desk, request, said, person):
        return toast(caller.words.text("You have answered this already. Thank you!"))
    words = caller.words
    if said == GOOD:
        closing.close_if_nothing_is_owed(desk, request)
        return Shown(
            screen=Screen(words.html("Thank you, %(address)s.", address=address(words, person))), in_place=True
        )
    again = returns.bring_back(desk, request, person)
    sorry = words.html(
        "We are sorry, %(address)s. #%(number)s is with the team again as #%(again)s.",
        address=address(words, person),
        number=request.id,
        again=again.id,
    )
    more = supplements.invite(desk, caller, again)
    return Shown(screen=Screen(joined([sorry, more.text]), more.rows), in_place=True)


def fire(desk: Desk, timer: Timer) -> None:
    """The time to sign is over."""
    request = requests.find(desk, timer.subject_id)
    if request is not None and _keep(desk, request, UNANSWERED, None):
        closing.close_if_nothing_is_owed(desk, request)


def _keep(desk: Desk, request: Request, outcome: str, person: Person | None) -> bool:
    kept = desk.session.exec(
        update(SignOff)
        .where(col(SignOff.request_id) == request.id, col(SignOff.outcome).is_(None))
        .values(outcome=outcome, at=desk.now, person_id=person.id if person else None)
    )
    if kept.rowcount == 0 and not _was_unanswered(desk, request, outcome, person):
        return False
    requests.record(desk, request, "signed_off", person, {"outcome": outcome})
    return True


def _was_unanswered(desk: Desk, request: Request, outcome: str, person: Person | None) -> bool:
    """A late word of the owner's still counts: it replaces the silence."""
    if outcome == UNANSWERED:
        return False
    kept = desk.session.exec(
        update(SignOff)
        .where(col(SignOff.request_id) == request.id, col(SignOff.outcome) == UNANSWERED)
        .values(outcome=outcome, at=desk.now, person_id=person.id if person else None)
    )
    return kept.rowcount == 1


def _question(desk: Desk, request: Request, owner: Person) -> Screen:
    words = words_of(desk, owner)
    service = requests.service_of(desk, request)
    text = joined(
        [
            words.html(
                "%(address)s, your request #%(number)s (%(service)s) is done, says %(name)s.",
                address=address(words, owner),
                number=request.id,
                service=words.text(service.name),
                name=desk.person(request.claimed_by or 0).name,
            ),
            words.html("<b>Is everything as it should be?</b>"),
        ]
    )
    number = request.id or 0
    buttons = (
        Button(words.text("👍 Good"), taps.SIGN_OFF.data(number, GOOD)),
        Button(words.text("👎 Not right"), taps.SIGN_OFF.data(number, NOT_RIGHT)),
    )
    return Screen(text, (buttons,))
