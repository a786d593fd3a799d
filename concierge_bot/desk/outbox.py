"""What must arrive: rows of the outbox, written in the transaction of what they tell of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, update
from sqlmodel import col

from concierge_bot.desk.context import Desk
from concierge_bot.screens import Screen
from storage.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.unit import Queue, wake


def call(
    desk: Desk,
    chat_id: int,
    method: str,
    params: dict[str, Any],
    urgency: Urgency,
    *,
    reader: str = "",
    request_id: int | None = None,
    card_id: int | None = None,
    beneath_card: int | None = None,
) -> None:
    """Has a method of the Bot API called; `chat_id` is added to its parameters on the way."""
    desk.session.add(
        OutboxMessage(
            chat_id=chat_id,
            method=method,
            params=params,
            urgency=urgency,
            reader=reader,
            request_id=request_id,
            card_id=card_id,
            beneath_card=beneath_card,
            created_at=desk.now,
            not_before=desk.now,
        )
    )
    wake(desk.session, Queue.OUTBOX)


def say(
    desk: Desk,
    chat_id: int,
    screen: Screen,
    urgency: Urgency,
    *,
    thread_id: int | None = None,
    reader: str = "",
    request_id: int | None = None,
    beneath_card: int | None = None,
) -> None:
    """Sends a message that is not a card."""
    params = screen.params() | ({"message_thread_id": thread_id} if thread_id else {})
    call(
        desk,
        chat_id,
        "sendMessage",
        params,
        urgency,
        reader=reader,
        request_id=request_id,
        beneath_card=beneath_card,
    )


def bring_up_to_date(desk: Desk, card: Card, screen: Screen, urgency: Urgency, *, silent: bool = False) -> None:
    """Has a card sent or edited. What waits for this card already is replaced, so edits merge into the newest."""
    params = screen.params() | ({"message_thread_id": card.thread_id} if card.thread_id else {})
    if silent:
        params["disable_notification"] = True
    waiting = desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.card_id) == card.id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(
            chat_id=card.chat_id,
            params=params,
            version=OutboxMessage.version + 1,
            urgency=case((col(OutboxMessage.urgency) > urgency, urgency), else_=col(OutboxMessage.urgency)),
        )
        .execution_options(synchronize_session=False)
    )
    if waiting.rowcount == 0:
        method = "editMessageText" if card.message_id else "sendMessage"
        call(
            desk,
            card.chat_id,
            method,
            params,
            urgency,
            reader=card.reader,
            request_id=card.request_id,
            card_id=card.id,
        )
        desk.session.flush()
    wake(desk.session, Queue.OUTBOX)
