"""Messages in delivery: selects the next ones, and names the possible outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Integer, and_, bindparam, exists, func
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from concierge_bot.desk.context import Desk
from storage.engine.json_lists import one_of
from storage.engine.statements import run
from storage.tables.columns import UtcDateTime
from storage.tables.groups import Cause
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.subjects import Subject

MOST_RETRIES = 5
"""The number of failed attempts from which on a message beneath a card holds up the next one no more."""

OWN, ABOVE, ITS_CARD, POSTPONED = aliased(Card), aliased(Card), aliased(OutboxMessage), aliased(OutboxMessage)
NOW = bindparam("now", type_=UtcDateTime)
IS_URGENT = col(OutboxMessage.urgency) <= Urgency.ESCALATION
WAITS_FOR_ITS_CARD = and_(
    col(ABOVE.message_id).is_(None),
    exists().where(
        col(ITS_CARD.card_id) == col(OutboxMessage.beneath_card), col(ITS_CARD.state) == OutboxState.WAITING
    ),
)
"""Keeps a message beneath a card from overtaking the card, also where that was postponed."""
WAITS_FOR_ITS_NEIGHBOUR = col(OutboxMessage.beneath_card).in_(
    select(POSTPONED.beneath_card).where(
        col(POSTPONED.state) == OutboxState.WAITING,
        col(POSTPONED.not_before) > NOW,
        col(POSTPONED.attempts) < MOST_RETRIES,
        col(POSTPONED.beneath_card).is_not(None),
    )
)
"""Keeps the messages beneath one card in order, also where one was postponed a few times."""
CANDIDATES = (
    select(OutboxMessage.id, OutboxMessage.chat_id)
    .join(ABOVE, col(ABOVE.id) == OutboxMessage.beneath_card, isouter=True)
    .where(
        OutboxMessage.state == OutboxState.WAITING,
        col(OutboxMessage.not_before) <= NOW,
        ~one_of(col(OutboxMessage.chat_id), "held"),
        col(OutboxMessage.urgency) <= bindparam("least_urgent", type_=Integer),
        or_(IS_URGENT, ~one_of(col(OutboxMessage.chat_id), "only_urgent")),
        or_(
            col(OutboxMessage.beneath_card).is_(None),
            and_(~WAITS_FOR_ITS_CARD, or_(IS_URGENT, ~WAITS_FOR_ITS_NEIGHBOUR)),
        ),
    )
    .order_by(col(OutboxMessage.urgency), col(OutboxMessage.id))
    .limit(bindparam("room", type_=Integer))
)
CHOSEN = (
    sa_select(
        col(OutboxMessage.id),
        col(OutboxMessage.version),
        col(OutboxMessage.chat_id),
        col(OutboxMessage.method),
        col(OutboxMessage.params),
        col(OutboxMessage.urgency),
        col(OutboxMessage.attempts),
        col(OutboxMessage.card_id),
        col(OutboxMessage.subject_kind),
        col(OutboxMessage.subject_id),
        col(OutboxMessage.reader),
        col(OutboxMessage.sounds_until),
        col(OWN.message_id),
        col(OWN.chat_id),
        col(ABOVE.message_id),
        col(ABOVE.chat_id),
    )
    .join(OWN, col(OWN.id) == OutboxMessage.card_id, isouter=True)
    .join(ABOVE, col(ABOVE.id) == OutboxMessage.beneath_card, isouter=True)
    .where(one_of(col(OutboxMessage.id), "row_ids"))
    .order_by(col(OutboxMessage.urgency), col(OutboxMessage.id))
)
URGENT_FOR = select(OutboxMessage.chat_id).where(
    OutboxMessage.state == OutboxState.WAITING,
    IS_URGENT,
    col(OutboxMessage.not_before) <= NOW,
    one_of(col(OutboxMessage.chat_id), "chats"),
)
NEXT_NOT_BEFORE = select(func.min(OutboxMessage.not_before)).where(
    OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) > NOW
)


@dataclass(frozen=True)
class OutgoingMessage:
    """A message as delivery takes it: its row, and the message ids of its card and of the card above it."""

    row_id: int
    version: int
    chat_id: int
    method: str
    params: dict[str, Any]
    urgency: int
    attempts: int
    card_id: int | None
    edits: int | None
    """The message to edit, for a card that was sent before."""
    answers_to: int | None
    """The message to reply to: the card above."""
    subject: Subject | None = None
    """The subject of the message."""
    reader: str = ""
    """The reader, by their name in the outbox."""


class Reason(StrEnum):
    """The reason why a message cannot be delivered."""

    BLOCKED = "the person blocked the bot, never opened it, or is gone"
    CHAT_GONE = "the bot is not in the chat any more"
    REFUSED = "Telegram refused it"


@dataclass(frozen=True)
class Sent:
    """The message was sent."""

    outgoing: OutgoingMessage
    message_id: int | None


@dataclass(frozen=True)
class Retry:
    """The attempt failed, and is to be retried."""

    outgoing: OutgoingMessage
    at: datetime
    error: str


@dataclass(frozen=True)
class Barred:
    """The group bars the message for the moment: it waits."""

    outgoing: OutgoingMessage
    at: datetime
    """The moment of the next attempt, unless something changes there before."""
    cause: Cause
    error: str


@dataclass(frozen=True)
class Resend:
    """The message to edit is gone: the card is sent anew."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class TopicGone:
    """The forum topic is gone: the message goes into the group itself."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class TooOld:
    """The message is too old for Telegram to delete it."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class Moved:
    """The group has a new id."""

    outgoing: OutgoingMessage
    new_chat_id: int


@dataclass(frozen=True)
class Undeliverable:
    """The message cannot be delivered."""

    outgoing: OutgoingMessage
    reason: Reason
    error: str


Outcome = Sent | Retry | Barred | Resend | TopicGone | TooOld | Moved | Undeliverable


@dataclass(frozen=True)
class Plan:
    """The capacity of delivery at a moment."""

    room: int
    held: Collection[int]
    """Chats that get no message now."""
    only_urgent: Collection[int]
    """Chats that get urgent messages only."""
    nothing_else: bool
    """Whether urgent messages alone go to any chat."""
    no_bulk: bool = False
    """Whether announcements wait, so that capacity is left for everything else."""
    in_a_row: int = 1
    """The most messages that a chat gets in a row."""

    @property
    def least_urgent(self) -> Urgency:
        """Returns the lowest urgency that is sent at all."""
        if self.nothing_else:
            return Urgency.ESCALATION
        return Urgency.ROUTINE if self.no_bulk else max(Urgency)


def upcoming(desk: Desk, plan: Plan) -> list[OutgoingMessage]:
    """Returns the next messages, the most urgent first, at most `in_a_row` for a chat."""
    if plan.room <= 0:
        return []
    candidates = run(
        desk.session,
        CANDIDATES,
        now=desk.now,
        held=list(plan.held),
        only_urgent=list(plan.only_urgent),
        least_urgent=plan.least_urgent,
        room=plan.room,
    )
    of_chat: dict[int, list[int]] = defaultdict(list)
    for row_id, chat_id in candidates.rows:
        if len(of_chat[chat_id]) < plan.in_a_row:
            of_chat[chat_id].append(row_id)
    chosen = [row_id for row_ids in of_chat.values() for row_id in row_ids]
    return [_outgoing(desk.now, *row) for row in run(desk.session, CHOSEN, row_ids=chosen).rows] if chosen else []


def urgent_for(desk: Desk, chats: Collection[int]) -> set[int]:
    """Returns those of these chats for which something urgent waits."""
    return set(run(desk.session, URGENT_FOR, now=desk.now, chats=list(chats)).scalars()) if chats else set()


def next_not_before(desk: Desk) -> datetime | None:
    """Returns the moment of the next postponed message; None where there is none."""
    ((found,),) = run(desk.session, NEXT_NOT_BEFORE, now=desk.now).rows
    return cast("datetime | None", found)


def _outgoing(now: datetime, *columns: Any) -> OutgoingMessage:
    """Makes a message of a row of CHOSEN, silenced where its time to sound is over."""
    *message, its_card, its_chat, above, above_chat = columns
    row_id, version, chat_id, method, params, urgency, attempts, card_id, kind, number, reader, sounds_until = message
    if sounds_until is not None and sounds_until <= now:
        params = {**params, "disable_notification": True}
    return OutgoingMessage(
        row_id=row_id,
        version=version,
        chat_id=chat_id,
        method=method,
        params=params,
        urgency=urgency,
        attempts=attempts,
        card_id=card_id,
        edits=its_card if its_chat == chat_id else None,
        answers_to=above if above_chat == chat_id else None,
        subject=None if number is None else Subject(kind, number),
        reader=reader,
    )
