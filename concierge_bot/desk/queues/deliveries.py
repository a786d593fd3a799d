"""Messages on their way out: what is next, and what can become of each."""

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
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.subjects import Subject
from storage.tables.troubles import Cause

MOST_RETRIES = 5
"""After so many failed attempts a message beneath a card holds up the next one no more."""

OWN, ABOVE, ITS_CARD, POSTPONED = aliased(Card), aliased(Card), aliased(OutboxMessage), aliased(OutboxMessage)
NOW = bindparam("now", type_=UtcDateTime)
IS_URGENT = col(OutboxMessage.urgency) <= Urgency.ESCALATION
WAITS_FOR_ITS_CARD = and_(
    col(ABOVE.message_id).is_(None),
    exists().where(
        col(ITS_CARD.card_id) == col(OutboxMessage.beneath_card), col(ITS_CARD.state) == OutboxState.WAITING
    ),
)
"""What stands beneath a card does not overtake it, also where the card had to be postponed."""
WAITS_FOR_ITS_NEIGHBOUR = col(OutboxMessage.beneath_card).in_(
    select(POSTPONED.beneath_card).where(
        col(POSTPONED.state) == OutboxState.WAITING,
        col(POSTPONED.not_before) > NOW,
        col(POSTPONED.attempts) < MOST_RETRIES,
        col(POSTPONED.beneath_card).is_not(None),
    )
)
"""What stands beneath one card keeps its order, also where one piece had to be postponed a few times."""
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
    subject: Subject | None = None
    """What it is about."""
    reader: str = ""
    """For whom it is, as the outbox names them."""


class Reason(StrEnum):
    """Why a message cannot be delivered."""

    BLOCKED = "the person blocked the bot, never opened it, or is gone"
    CHAT_GONE = "the bot is not in the chat any more"
    REFUSED = "Telegram refused it"


@dataclass(frozen=True)
class Sent:
    """Telegram has it."""

    outgoing: OutgoingMessage
    message_id: int | None


@dataclass(frozen=True)
class Retry:
    """To be tried again."""

    outgoing: OutgoingMessage
    at: datetime
    error: str


@dataclass(frozen=True)
class Barred:
    """The group does not let it through for the moment: it waits until it does."""

    outgoing: OutgoingMessage
    at: datetime
    """When it is tried again, unless something changes there."""
    cause: Cause
    error: str


@dataclass(frozen=True)
class Resend:
    """The message to edit is not there any more: the card is sent anew."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class TopicGone:
    """The forum topic is not there any more: the message goes into the group itself."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class TooOld:
    """Telegram deletes the message no more."""

    outgoing: OutgoingMessage


@dataclass(frozen=True)
class Moved:
    """The group has a new id."""

    outgoing: OutgoingMessage
    new_chat_id: int


@dataclass(frozen=True)
class Undeliverable:
    """It cannot be delivered."""

    outgoing: OutgoingMessage
    reason: Reason
    error: str


Outcome = Sent | Retry | Barred | Resend | TopicGone | TooOld | Moved | Undeliverable


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
    no_bulk: bool = False
    """Whether announcements wait, so that places are left for everything else."""
    in_a_row: int = 1
    """How many messages a chat may get one after the other."""

    @property
    def least_urgent(self) -> Urgency:
        """What goes at all."""
        if self.nothing_else:
            return Urgency.ESCALATION
        return Urgency.ROUTINE if self.no_bulk else Urgency.BULK


def upcoming(desk: Desk, plan: Plan) -> list[OutgoingMessage]:
    """The next messages, the most urgent first, a few a chat."""
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
    """For which of these chats something urgent waits."""
    return set(run(desk.session, URGENT_FOR, now=desk.now, chats=list(chats)).scalars()) if chats else set()


def next_not_before(desk: Desk) -> datetime | None:
    """When the next postponed message may be tried again."""
    ((found,),) = run(desk.session, NEXT_NOT_BEFORE, now=desk.now).rows
    return cast("datetime | None", found)


def _outgoing(now: datetime, *columns: Any) -> OutgoingMessage:
    """Reads a row of CHOSEN: the message, then where the cards stand that it is and that it stands beneath."""
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
