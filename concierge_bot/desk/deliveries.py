"""Messages on their way out: what is next, what became of each, and who is told of one that cannot be delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from concierge_bot.desk import callers, cards, staff_chats, undeliverable
from concierge_bot.desk.context import Desk
from storage.people import StaffChat
from storage.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.unit import Queue, wake

PATIENCE = 5
"""After so many failed attempts a message beneath a card holds up the next one no more."""


@dataclass(frozen=True)
class Parcel:
    """A message as delivery takes it: the row, and the message that its card (or the card above it) is."""

    row_id: int
    version: int
    chat_id: int
    method: str
    params: dict[str, Any]
    urgency: int
    attempts: int
    card_id: int | None
    edits: int | None
    """The message to edit, where it is a card that was sent before."""
    answers_to: int | None
    """The message that it stands beneath."""


class Reason(StrEnum):
    """Why a message cannot be delivered."""

    BLOCKED = "the person blocked the bot, never opened it, or is gone"
    CHAT_GONE = "the bot is not in the chat any more"
    REFUSED = "Telegram refused it"


@dataclass(frozen=True)
class Sent:
    """Telegram has it."""

    parcel: Parcel
    message_id: int | None


@dataclass(frozen=True)
class Later:
    """To be tried again."""

    parcel: Parcel
    at: datetime
    error: str


@dataclass(frozen=True)
class Anew:
    """The message to edit is not there any more: the card is sent anew."""

    parcel: Parcel


@dataclass(frozen=True)
class TopicGone:
    """The forum topic is not there any more: the message goes into the group itself."""

    parcel: Parcel


@dataclass(frozen=True)
class Moved:
    """The group has a new id."""

    parcel: Parcel
    new_chat_id: int


@dataclass(frozen=True)
class Dead:
    """It cannot be delivered."""

    parcel: Parcel
    reason: Reason
    error: str


Outcome = Sent | Later | Anew | TopicGone | Moved | Dead


@dataclass(frozen=True)
class Plan:
    """What delivery has room for at a moment."""

    room: int
    held: Collection[int]
    """Chats that get nothing now."""
    only_urgent: Collection[int]
    """Chats that get only what is urgent."""
    nothing_else: bool
    """Whether only what is urgent goes to any chat."""


def upcoming(desk: Desk, plan: Plan) -> list[Parcel]:
    """The next messages, the most urgent first, one a chat."""
    if plan.room <= 0:
        return []
    is_urgent = col(OutboxMessage.urgency) <= Urgency.ESCALATION
    may_go = is_urgent if plan.nothing_else else or_(is_urgent, col(OutboxMessage.chat_id).not_in(plan.only_urgent))
    candidates = desk.session.exec(
        select(OutboxMessage.id, OutboxMessage.chat_id)
        .where(
            OutboxMessage.state == OutboxState.WAITING,
            col(OutboxMessage.not_before) <= desk.now,
            col(OutboxMessage.chat_id).not_in(plan.held),
            may_go,
            ~_waits_for_its_card(),
            or_(is_urgent, ~_waits_for_its_neighbour(desk)),
        )
        .order_by(col(OutboxMessage.urgency), col(OutboxMessage.id))
        .limit(plan.room)
    )
    first_of_chat: dict[int, int | None] = {}
    for row_id, chat_id in candidates:
        first_of_chat.setdefault(chat_id, row_id)
    rows = [desk.session.get_one(OutboxMessage, row_id, populate_existing=True) for row_id in first_of_chat.values()]
    return [_parcel(desk, row) for row in rows]


def next_not_before(desk: Desk) -> datetime | None:
    """When the next postponed message may be tried again."""
    return desk.session.exec(
        select(func.min(OutboxMessage.not_before)).where(
            OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) > desk.now
        )
    ).one()


def note_all(desk: Desk, outcomes: Iterable[Outcome]) -> None:
    """Keeps what became of several messages."""
    for outcome in outcomes:
        note(desk, outcome)


def note(desk: Desk, outcome: Outcome) -> None:
    """Keeps what became of a message."""
    match outcome:
        case Sent():
            _sent(desk, outcome)
        case Later(parcel, at, error):
            _change(desk, parcel, not_before=at, error=error, attempts=OutboxMessage.attempts + 1)
        case Anew(parcel):
            _change_card(desk, parcel, message_id=None)
        case TopicGone(parcel):
            _topic_gone(desk, parcel)
        case Moved(parcel, new_chat_id):
            move(desk, parcel.chat_id, new_chat_id)
        case Dead():
            _dead(desk, outcome)


def set_aside(desk: Desk, parcel: Parcel, error: str) -> None:
    """Gives a message up of which nothing could be noted: `concierge doctor` shows it."""
    _change(desk, parcel, state=OutboxState.DEAD, error=error)


def move(desk: Desk, old_chat_id: int, new_chat_id: int) -> None:
    """Follows a group to its new id, with everything that waits for it."""
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.chat_id) == old_chat_id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(chat_id=new_chat_id)
    )
    cards.chat_moved(desk, old_chat_id, new_chat_id)
    wake(desk.session, Queue.OUTBOX)


def _waits_for_its_card() -> ColumnElement[bool]:
    """What stands beneath a card does not overtake it, also where the card had to be postponed."""
    its_card = aliased(OutboxMessage)
    return exists().where(
        col(its_card.card_id) == col(OutboxMessage.beneath_card),
        col(its_card.state) == OutboxState.WAITING,
        col(Card.id) == col(its_card.card_id),
        col(Card.message_id).is_(None),
    )


def _waits_for_its_neighbour(desk: Desk) -> ColumnElement[bool]:
    """What stands beneath one card keeps its order, also where one piece had to be postponed a few times."""
    postponed = aliased(OutboxMessage)
    beneath = select(postponed.beneath_card).where(
        col(postponed.state) == OutboxState.WAITING,
        col(postponed.not_before) > desk.now,
        col(postponed.attempts) < PATIENCE,
        col(postponed.beneath_card).is_not(None),
    )
    return and_(col(OutboxMessage.beneath_card).is_not(None), col(OutboxMessage.beneath_card).in_(beneath))


def _parcel(desk: Desk, row: OutboxMessage) -> Parcel:
    card = desk.session.get(Card, row.card_id, populate_existing=True) if row.card_id else None
    above = desk.session.get(Card, row.beneath_card, populate_existing=True) if row.beneath_card else None
    return Parcel(
        row_id=row.id or 0,
        version=row.version,
        chat_id=row.chat_id,
        method=row.method,
        params=row.params,
        urgency=row.urgency,
        attempts=row.attempts,
        card_id=row.card_id,
        edits=card.message_id if card and card.chat_id == row.chat_id else None,
        answers_to=above.message_id if above and above.chat_id == row.chat_id else None,
    )


def _sent(desk: Desk, outcome: Sent) -> None:
    """A message that changed while it was on its way keeps waiting, now as an edit of what was sent."""
    parcel = outcome.parcel
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == parcel.row_id,
            col(OutboxMessage.version) == parcel.version,
            col(OutboxMessage.state) == OutboxState.WAITING,
        )
        .values(state=OutboxState.SENT, sent_at=desk.now, message_id=outcome.message_id, error=None)
        .execution_options(synchronize_session=False)
    )
    if outcome.message_id is not None:
        _change_card(desk, parcel, message_id=outcome.message_id)


def _change(desk: Desk, parcel: Parcel, **values: Any) -> None:
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == parcel.row_id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _change_card(desk: Desk, parcel: Parcel, **values: Any) -> None:
    if parcel.card_id is not None:
        desk.session.exec(
            update(Card)
            .where(col(Card.id) == parcel.card_id, col(Card.chat_id) == parcel.chat_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _topic_gone(desk: Desk, parcel: Parcel) -> None:
    thread_id = parcel.params.get("message_thread_id")
    for table in (StaffChat, Card):
        desk.session.exec(
            update(table)
            .where(col(table.chat_id) == parcel.chat_id, col(table.thread_id) == thread_id)
            .values(thread_id=None)
        )
    params = {key: value for key, value in parcel.params.items() if key != "message_thread_id"}
    _change(desk, parcel, params=params, not_before=desk.now)


def _dead(desk: Desk, outcome: Dead) -> None:
    row = desk.session.get_one(OutboxMessage, outcome.parcel.row_id, populate_existing=True)
    if row.state != OutboxState.WAITING:
        return
    row.state, row.error = OutboxState.DEAD, f"{outcome.reason}: {outcome.error}"
    desk.session.flush()
    if outcome.reason is Reason.BLOCKED and row.chat_id > 0:
        callers.mark_blocked(desk, row.chat_id)
        desk.session.flush()
    if outcome.reason is Reason.CHAT_GONE:
        staff_chats.lost(desk, row.chat_id)
    undeliverable.tell_somebody(desk, row)
