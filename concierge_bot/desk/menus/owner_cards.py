"""The live card that an owner looks for: it comes to the end of their chat, and the old message says so."""

from __future__ import annotations

from concierge_bot.desk.cards import cards
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment.cancelling import CANCELLABLE
from concierge_bot.desk.menus import taps
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import repository, request_rights
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Rows, Screen, toast
from storage.tables.queues import Urgency
from storage.tables.requests import Request
from storage.tables.rows import row_id


def bring(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Sends the live card of a request anew, at the end of the chat."""
    owner, request = request_rights.require_own(desk, caller, request_id)
    words, card = caller.words, cards.of_reader(desk, request, ReaderKind.OWNER)
    if card is None or owner.telegram_id is None:
        cards.show_person(desk, request, owner, ReaderKind.OWNER)
    else:
        if card.message_id is not None:
            moved = Screen(words.html("#%(number)s is now further down.", number=request.id))
            place = f"moved:{card.message_id}"
            outbox.change(desk, card.chat_id, card.message_id, moved, Urgency.OWNER, reader=place)
        card.message_id = None
        desk.session.add(card)
        desk.session.flush()
        cards.refresh_one(desk, request, card)
    return toast(words.text("#%(number)s is now at the end of this chat.", number=request.id))


def buttons(desk: Desk, words: Words, found: list[Request]) -> Rows:
    """Returns a button for each request that brings its card."""
    return tuple((Button(_label(desk, words, request), taps.MINE.data(row_id(request))),) for request in found)


def to_cancel(desk: Desk, caller: Caller) -> Screen | None:
    """Offers to cancel one of the caller's open requests; None where there is none."""
    open_ones = [
        request for request in repository.open_to(desk, caller.require_person()) if request.state in CANCELLABLE
    ]
    if not open_ones:
        return None
    rows = tuple(
        (Button(f"✕ {_label(desk, caller.words, request)}", card_taps.CANCEL.data(row_id(request))),)
        for request in reversed(open_ones[-10:])
    )
    return Screen(
        caller.words.html("You are not preparing a request at the moment. Would you like to cancel one of these?"), rows
    )


def _label(desk: Desk, words: Words, request: Request) -> str:
    service = repository.service_of(desk, request)
    return f"#{request.id} · {service.icon} {words.text(service.name)}"
