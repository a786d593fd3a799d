"""The cards, of all kinds of subjects, in a chat that moves, is lost, or loses a topic."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, update
from sqlmodel import col, select

from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import outbox
from storage.tables.queues import Card

OF_A_TEAM = col(Card.reader) == ReaderKind.TEAM


def chat_moved(desk: Desk, old_chat_id: int, new_chat_id: int) -> None:
    """Moves the cards of a group to its new id, and sends those of use anew there."""
    staff.moved(desk, old_chat_id, new_chat_id)
    desk.session.exec(update(Card).where(col(Card.chat_id) == old_chat_id).values(chat_id=new_chat_id, message_id=None))
    for card in of_use(desk, col(Card.chat_id) == new_chat_id, col(Card.message_id).is_(None)):
        desk.capabilities.cards[card.subject_kind].refresh(desk, card)


def out_of(desk: Desk, chat_id: int) -> None:
    """Marks the teams' cards in a lost group as not sent, so that those of use are shown anew elsewhere."""
    for card in of_use(desk, col(Card.chat_id) == chat_id, OF_A_TEAM):
        card.message_id = None
    desk.session.flush()


def topic_gone(desk: Desk, chat_id: int, thread_id: int | None) -> None:
    """Moves the cards of a deleted topic into the group itself, and shows those of use anew."""
    here = (col(Card.chat_id) == chat_id, col(Card.thread_id) == thread_id)
    gone = [card.id for card in desk.session.exec(select(Card).where(*here, OF_A_TEAM)).all()]
    desk.session.exec(update(Card).where(*here).values(thread_id=None))
    for card in of_use(desk, col(Card.id).in_(gone)):
        outbox.withdraw_beneath(desk, card)
        card.message_id = None
        desk.session.flush()
        desk.capabilities.cards[card.subject_kind].show_anew(desk, card)


def show_all(desk: Desk, estate_id: int) -> None:
    """Shows an estate's teams their cards in the chats that they have now."""
    for kind in desk.capabilities.cards.values():
        kind.show_all(desk, estate_id)


def of_use(desk: Desk, *where: ColumnElement[bool]) -> list[Card]:
    """Returns those of these cards that are shown again where they are lost, the oldest first."""
    kinds = desk.capabilities.cards.values()
    are_of_use = or_(false(), *(and_(col(Card.subject_kind) == kind.kind, kind.of_use) for kind in kinds))
    return list(desk.session.exec(select(Card).where(are_of_use, *where).order_by(col(Card.id))))
