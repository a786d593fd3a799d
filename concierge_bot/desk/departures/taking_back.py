"""The cards and messages of somebody whose role has ended: they name owners and villas, and are not theirs any more."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk.cards import cards
from concierge_bot.desk.cards.readers import staff_reader, supervisor_reader
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.queues import outbox
from concierge_bot.screens import Screen
from storage.tables.people import Person
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency


def cards_of(desk: Desk, person: Person) -> None:
    """Empties the cards that a person may not read any more, and stops the messages to them that wait."""
    for reader in (supervisor_reader(person), staff_reader(person)):
        if cards.may_still_read(desk, reader):
            continue
        desk.session.exec(
            update(OutboxMessage)
            .where(col(OutboxMessage.reader) == reader, col(OutboxMessage.state) == OutboxState.WAITING)
            .values(state=OutboxState.STOPPED)
            .execution_options(synchronize_session=False)
        )
        for card in desk.session.exec(select(Card).where(Card.reader == reader, col(Card.message_id).is_not(None))):
            _empty(desk, person, card)
    desk.session.flush()


def _empty(desk: Desk, person: Person, card: Card) -> None:
    said = Screen(words_of(desk, person).html("You do not look after this any more."))
    if card.message_id is not None:
        outbox.change(desk, card.chat_id, card.message_id, said, Urgency.ROUTINE, reader=f"taken:{card.message_id}")
        card.message_id = None
