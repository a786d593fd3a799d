"""The owner's notice: one live message with the newest word on a request, which replaces the one before."""

from __future__ import annotations

from concierge_bot.desk.cards import cards, notice_texts
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import repository
from storage.tables.queues import Card, OutboxMessage, Urgency
from storage.tables.requests import Request


def renew(desk: Desk, request: Request) -> None:
    """Sends the newest word to the owner as a new message; the one before is deleted once the new one was sent."""
    repository.hold(desk, request)
    owner = desk.person(request.person_id)
    card = cards.of_reader(desk, request, ReaderKind.NOTICE)
    if card is not None and card.message_id is not None:
        _delete_later(desk, card, card.message_id)
        card.message_id = None
        desk.session.add(card)
        desk.session.flush()
    cards.show_person(desk, request, owner, ReaderKind.NOTICE)


def too_old_to_delete(desk: Desk, row: OutboxMessage) -> bool:
    """Turns a deletion that Telegram refuses, say after two days, into an edit. Returns whether that is possible."""
    request = repository.about(desk, row.subject)
    if request is None:
        return False
    words = words_of(desk, desk.person(request.person_id))
    row.method = "editMessageText"
    row.params = notice_texts.replaced(desk, request, words).params() | {"message_id": row.params["message_id"]}
    row.version += 1
    desk.session.add(row)
    return True


def _delete_later(desk: Desk, card: Card, message_id: int) -> None:
    """Writes the deletion of the old notice, beneath the card, so that it does not overtake the new message."""
    outbox.call(
        desk,
        card.chat_id,
        "deleteMessage",
        {"message_id": message_id},
        Urgency.ROUTINE,
        policy=ALWAYS,
        subject=card.subject,
        beneath_card=card.id,
    )
