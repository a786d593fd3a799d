"""The cards and messages of somebody whose role has ended: they name owners and villas, and are not theirs any more."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from concierge_bot.desk.cards import cards
from concierge_bot.desk.cards.readers import staff_reader, supervisor_reader
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.screens import Screen
from storage.tables.people import Person
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request, is_unfinished
from storage.tables.subjects import REQUEST


def cards_of(desk: Desk, person: Person) -> None:
    """Empties the cards of unfinished requests that a person may not read any more, and stops what waits beneath them.

    A card that is on its way is emptied as well: the edit follows it.
    """
    said = Screen(words_of(desk, person).html("You are no longer looking after this."))
    for reader in (supervisor_reader(person), staff_reader(person)):
        if cards.may_still_read(desk, reader):
            continue
        _stop_what_waits(desk, reader)
        for card in desk.session.exec(_unfinished(reader)).all():
            if card.message_id is not None or outbox.waits_for(desk, card):
                outbox.bring_up_to_date(desk, card, said, Urgency.ESCALATION, policy=ALWAYS)


def _unfinished(reader: str) -> SelectOfScalar[Card]:
    of_request = select(Card).join(Request, col(Request.id) == Card.subject_id)
    return of_request.where(Card.reader == reader, Card.subject_kind == REQUEST, is_unfinished())


def _stop_what_waits(desk: Desk, reader: str) -> None:
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.reader) == reader,
            col(OutboxMessage.state) == OutboxState.WAITING,
            col(OutboxMessage.card_id).is_(None),
        )
        .values(state=OutboxState.STOPPED)
        .execution_options(synchronize_session=False)
    )
