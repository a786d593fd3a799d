"""Word of the holder's arrival: they are on the way, or late; the owner is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from concierge_bot.desk.cards import cards, state_texts
from concierge_bot.desk.cards.appointment_texts import LATER
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.fulfilment import appointments, escalation
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.names import address, of_colleague
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import appointment_state, repository, request_rights, windows
from concierge_bot.desk.requests.appointment_state import DELAYED, ON_MY_WAY
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import Reply, Screen, toast
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.requests import EventKind, Request, RequestState

READER = "appointment"


def on_my_way(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Tells the owner, once, that the holder is on the way."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    if (refusal := _refusal(desk, caller, request, ON_MY_WAY)) is not None:
        return refusal
    repository.record(desk, request, ON_MY_WAY, person, {"holder": request.claimed_by})
    tell_owner(desk, request, lambda words, owner: Screen(_on_the_way(desk, request, words, owner)))
    return _told(desk, caller, request)


def delay(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Postpones, once, the time by which somebody is with the owner, and tells the owner."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    if (refusal := _refusal(desk, caller, request, DELAYED)) is not None:
        return refusal
    if windows.of_request(desk, request) is None or request.arrive_by is None:
        return toast(caller.words.text("No time was agreed for this request."), alert=True)
    later = max(request.arrive_by, desk.now) + LATER
    repository.change(
        desk,
        request,
        RequestState.CLAIMED,
        states=(RequestState.CLAIMED,),
        kind=DELAYED,
        actor=person,
        data={"holder": request.claimed_by, "arrive_by": later.isoformat()},
        held_by=request.claimed_by,
        arrive_by=later,
    )
    escalation.begin_anew(desk, request, Promise.ARRIVE)
    tell_owner(desk, request, lambda words, owner: Screen(_delayed(desk, request, words, owner, later)))
    return _told(desk, caller, request)


def tell_owner(desk: Desk, request: Request, screen: Callable[[Words, Person], Screen]) -> None:
    """Writes to the owner of a request about its time."""
    owner = desk.person(request.person_id)
    if owner.telegram_id is not None:
        outbox.say(
            desk,
            owner.telegram_id,
            screen(words_of(desk, owner), owner),
            Urgency.OWNER,
            policy=notification_policy.of_owner(desk, owner),
            reader=READER,
            subject=request.subject,
        )


def _refusal(desk: Desk, caller: Caller, request: Request, kind: EventKind) -> Reply | None:
    """Returns the answer where there is nothing to tell the owner, else None; locks the row against a second tap."""
    repository.hold(desk, request)
    if request.state != RequestState.CLAIMED:
        return cards.mended(desk, caller, request, toast(caller.words.text("This has already been settled.")))
    if appointment_state.said(desk, request, kind) is not None:
        return toast(caller.words.text("The owner has already been told."))
    return None


def _told(desk: Desk, caller: Caller, request: Request) -> Reply:
    """Updates the cards; a reminder that was tapped loses the button."""
    cards.refresh(desk, request)
    said = caller.words.text("The owner has been told.")
    here = [card for card in cards.of_request(desk, request) if card.chat_id == caller.sender.chat_id]
    if any(card.message_id in (None, caller.sender.message_id) for card in here):
        return toast(said)
    return Reply(toast=said, screen=appointments.reminder(desk, request, caller.words), in_place=True)


def _on_the_way(desk: Desk, request: Request, words: Words, owner: Person) -> Markup:
    return words.html(
        "🚶 %(address)s, %(name)s is on the way to you for your request #%(number)s (%(service)s).",
        **_facts(desk, request, words, owner),
    )


def _delayed(desk: Desk, request: Request, words: Words, owner: Person, later: datetime) -> Markup:
    return words.html(
        "⏳ We are sorry, %(address)s: for your request #%(number)s (%(service)s), %(name)s will be about 15 minutes "
        "later, %(by_when)s.",
        by_when=words.by(later, desk.zone(request.estate_id), desk.today(request.estate_id), tappable=True),
        **_facts(desk, request, words, owner),
    )


def _facts(desk: Desk, request: Request, words: Words, owner: Person) -> dict[str, object]:
    return {
        "address": address(words, owner),
        "name": of_colleague(words, state_texts.holder(desk, request)),
        "number": request.id,
        "service": words.text(repository.service_of(desk, request).name),
    }
