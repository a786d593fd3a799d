"""Owners who blocked the bot and come back: they get the undelivered cards, as they are now, and questions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import col, select

from concierge_bot.desk.aftercare import follow_ups
from concierge_bot.desk.cards import card_places, cards
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from storage.engine.notices import Queue, wake
from storage.tables.people import Person
from storage.tables.queues import Card, OutboxMessage, OutboxState, Timer
from storage.tables.requests import UNFINISHED, EventKind, FollowUp, Request
from storage.tables.subjects import REQUEST

OF_INTEREST = timedelta(days=7)
"""The time after its end in which a request's undelivered notice is still sent."""


def fire(desk: Desk, timer: Timer) -> None:
    """Makes up for the undelivered messages of a person who had blocked the bot."""
    person = desk.session.get(Person, timer.subject_id)
    if person is None or person.telegram_id is None or not person.reachable:
        return
    _delete_what_was_replaced(desk, person.telegram_id)
    for card in _dead_cards(desk, person.telegram_id):
        if card.subject_kind == REQUEST:
            _bring_up_to_date(desk, desk.session.get_one(Request, card.subject_id), card)
        elif card_places.of_use(desk, col(Card.id) == card.id):
            desk.capabilities.cards[card.subject_kind].refresh(desk, card)
    for request in _asked_in_vain(desk, person):
        follow_ups.ask_now(desk, request)


def is_unreachable(desk: Desk, request: Request) -> bool:
    """Tells whether the team was told to phone the owner, who has not come back since."""
    last = repository.history(desk, request, EventKind.OWNER_UNREACHABLE, EventKind.OWNER_CAME_BACK)[-1:]
    return bool(last) and last[0].kind == EventKind.OWNER_UNREACHABLE


def _bring_up_to_date(desk: Desk, request: Request, card: Card) -> None:
    if not _is_of_interest(desk, request, card):
        return
    cards.refresh_one(desk, request, card)
    if is_unreachable(desk, request):
        repository.record(desk, request, EventKind.OWNER_CAME_BACK)


def _is_of_interest(desk: Desk, request: Request, card: Card) -> bool:
    """Tells whether a card is to be updated: always where it is shown, else only while its request matters."""
    if card.message_id is not None or request.state in UNFINISHED:
        return True
    return card.reader == ReaderKind.NOTICE and desk.now - repository.since(request) <= OF_INTEREST


def _dead_cards(desk: Desk, chat_id: int) -> list[Card]:
    """Returns the cards of a chat whose last message was undeliverable."""
    newest = (
        select(func.max(OutboxMessage.id))
        .where(OutboxMessage.chat_id == chat_id, col(OutboxMessage.card_id).is_not(None))
        .group_by(col(OutboxMessage.card_id))
    )
    return list(
        desk.session.exec(
            select(Card)
            .join(OutboxMessage, col(OutboxMessage.card_id) == Card.id)
            .where(col(OutboxMessage.id).in_(newest), OutboxMessage.state == OutboxState.DEAD)
            .order_by(col(Card.subject_kind), col(Card.subject_id), col(Card.id))
        )
    )


def _asked_in_vain(desk: Desk, owner: Person) -> list[Request]:
    """Returns the owner's repairs with an owed follow-up whose question was undeliverable, or left to a call."""
    sent = desk.session.exec(
        select(OutboxMessage.subject_id, OutboxMessage.state)
        .where(OutboxMessage.chat_id == owner.telegram_id, OutboxMessage.reader == follow_ups.READER)
        .order_by(col(OutboxMessage.id))
    )
    newest = dict(sent.all())
    owed = desk.session.exec(
        select(Request, FollowUp)
        .join(FollowUp, col(FollowUp.request_id) == Request.id)
        .where(Request.person_id == owner.id, col(FollowUp.answered_at).is_(None))
        .order_by(col(Request.id))
    )
    return [
        request
        for request, follow_up in owed
        if newest.get(request.id) == OutboxState.DEAD
        or (follow_up.asked_at is None and repository.history(desk, request, EventKind.CALL_TASK))
    ]


def _delete_what_was_replaced(desk: Desk, chat_id: int) -> None:
    """Retries the deletions that were undeliverable."""
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.chat_id) == chat_id,
            col(OutboxMessage.method) == "deleteMessage",
            col(OutboxMessage.state) == OutboxState.DEAD,
        )
        .values(state=OutboxState.WAITING, not_before=desk.now, attempts=0, error=None)
        .execution_options(synchronize_session=False)
    )
    wake(desk.session, Queue.OUTBOX)
