"""The cancelling of a request: by its owner, or by the service centre on somebody's behalf, with a reason."""

from __future__ import annotations

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.cards import card_texts, cards, notifying, state_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import owner_notices, taps
from concierge_bot.desk.requests import reasons, repository, request_rights
from concierge_bot.desk.requests.reasons import Reason
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, Style, joined, toast
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import Person
from storage.tables.requests import HELD, UNFINISHED, EventKind, Request, RequestState
from storage.tables.subjects import REQUEST

CANCELLABLE = (RequestState.OPEN, RequestState.CLAIMED)


def ask(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Asks whether the owner is sure: a thumb slips easily."""
    _, request = request_rights.require_own(desk, caller, request_id)
    if request.state not in CANCELLABLE:
        return _too_late(desk, caller, request)
    words = caller.words
    question = words.html("Cancel this request?")
    buttons = (
        (Button(words.text("Yes, cancel it"), taps.CANCEL_SURE.data(request_id), Style.DANGER),),
        (Button(words.text("No, keep it"), taps.SHOW.data(request_id)),),
    )
    card = card_texts.for_owner(desk, request, words)
    return Reply(screen=Screen(joined([card.text, "", question]), buttons), in_place=True)


def keep(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Shows the owner's card of the request again."""
    _, request = request_rights.require_own(desk, caller, request_id)
    return Reply(screen=card_texts.for_owner(desk, request, caller.words), in_place=True)


def cancel(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Cancels a request; its holder is told in the group."""
    person, request = request_rights.require_own(desk, caller, request_id)
    held = request.state in HELD
    if not repository.change(
        desk,
        request,
        RequestState.CANCELLED,
        states=CANCELLABLE,
        kind=EventKind.CANCELLED,
        actor=person,
        cancelled_at=desk.now,
    ):
        return _too_late(desk, caller, request)
    if held:
        holder = state_texts.holder(desk, request)
        notifying.tell_group(
            desk,
            request,
            lambda words: Screen(
                words.html(
                    "⚪️ %(label)s: %(name)s, the owner cancelled it.",
                    label=card_texts.label(desk, request, words),
                    name=holder.name,
                )
            ),
        )
    cards.refresh(desk, request)
    return cards.mended(
        desk, caller, request, toast(caller.words.text("#%(number)s has been cancelled.", number=request.id))
    )


def close_for(desk: Desk, request: Request, because: str | Reason, actor: Person | None = None) -> bool:
    """Closes an unfinished request on somebody's behalf, and keeps the reason with the event.

    The owner, the holder and the team are told of it. Returns False where the request is over already.
    """
    state, holder = request.state, state_texts.holder(desk, request) if request.state in HELD else None
    if not repository.change(
        desk,
        request,
        RequestState.CANCELLED,
        states=UNFINISHED,
        kind=EventKind.CANCELLED,
        actor=actor,
        data=reasons.kept(because),
        cancelled_at=desk.now,
    ):
        return False
    before, subject = {"state": state}, AuditSubject(REQUEST, request.id, f"#{request.id}")
    recorder.record(desk, AuditAction.REQUEST_CLOSED, subject, estate_id=request.estate_id, before=before)

    def screen(words: Words) -> Screen:
        return _closed(desk, request, words, holder, reasons.in_words(because, words))

    if not notifying.tell_group(desk, request, screen) and holder is not None:
        notifying.tell_person(desk, request, holder, screen)
    cards.refresh(desk, request)
    owner_notices.renew(desk, request)
    return True


def _closed(desk: Desk, request: Request, words: Words, holder: Person | None, because: str) -> Screen:
    facts = {"label": card_texts.label(desk, request, words), "because": because}
    if holder is None:
        return Screen(words.html("⚪️ %(label)s: the service centre closed it: “%(because)s”", **facts))
    said = words.html("⚪️ %(label)s: %(name)s, the service centre closed it: “%(because)s”", name=holder.name, **facts)
    return Screen(said)


def _too_late(desk: Desk, caller: Caller, request: Request) -> Reply:
    said = toast(
        caller.words.text(
            "I am sorry, this request is already under way and can no longer be cancelled here. Please speak to "
            "the service centre."
        ),
        alert=True,
    )
    return cards.mended(desk, caller, request, said)
