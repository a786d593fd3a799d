"""The outbox: calls that must be made, written in the transaction of the change that they tell of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, case, or_, update
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.policies import ALWAYS, Policy
from concierge_bot.screens import Screen
from storage.engine.changes import change_where
from storage.engine.notices import Queue, wake
from storage.engine.statements import run, send_row
from storage.tables.columns import UtcDateTime
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.subjects import Subject

ONE_SOUND = timedelta(minutes=1)
"""The span in which only the first of several escalations in one chat sounds."""
THE_BOT_ITSELF = 0
"""The chat id of calls about no chat, which hold up none."""
NEW_URGENCY = bindparam("new_urgency", type_=Integer)
MERGE = (
    update(OutboxMessage)
    .where(col(OutboxMessage.card_id) == bindparam("merged_card"), col(OutboxMessage.state) == OutboxState.WAITING)
    .values(
        chat_id=bindparam("new_chat"),
        params=bindparam("new_params"),
        sounds_until=bindparam("new_sounds_until", type_=UtcDateTime),
        version=OutboxMessage.version + 1,
        urgency=case((col(OutboxMessage.urgency) > NEW_URGENCY, NEW_URGENCY), else_=col(OutboxMessage.urgency)),
    )
)
"""Replaces a card's waiting message by the newest one; the higher of the two urgencies stays."""


def call(
    desk: Desk,
    chat_id: int,
    method: str,
    params: dict[str, Any],
    urgency: Urgency,
    *,
    policy: Policy,
    reader: str = "",
    subject: Subject | None = None,
    card_id: int | None = None,
    beneath_card: int | None = None,
) -> None:
    """Writes a call of a method of the Bot API; delivery adds `chat_id` to its parameters, where it is one."""
    send_row(
        desk.session,
        OutboxMessage,
        chat_id=chat_id,
        method=method,
        params=params,
        urgency=urgency,
        reader=reader,
        subject_kind=subject.kind if subject else "",
        subject_id=subject.id if subject else None,
        card_id=card_id,
        beneath_card=beneath_card,
        created_at=desk.now,
        not_before=desk.now,
        sounds_until=desk.now if _has_just_sounded(desk, chat_id, urgency, policy) else policy.sounds_until(desk.now),
    )
    wake(desk.session, Queue.OUTBOX)


def _has_just_sounded(desk: Desk, chat_id: int, urgency: Urgency, policy: Policy) -> bool:
    """Tells whether an escalation sounded in a chat within ONE_SOUND: six in one minute need not ring six times."""
    if urgency != Urgency.ESCALATION or policy == ALWAYS:
        return False
    sounded = select(OutboxMessage.created_at).where(
        OutboxMessage.chat_id == chat_id,
        OutboxMessage.urgency == Urgency.ESCALATION,
        col(OutboxMessage.method).startswith("send"),
        or_(col(OutboxMessage.sounds_until).is_(None), col(OutboxMessage.sounds_until) > OutboxMessage.created_at),
    )
    latest = desk.session.exec(sounded.order_by(col(OutboxMessage.id).desc()).limit(1)).first()
    return latest is not None and desk.now - latest < ONE_SOUND


def say(
    desk: Desk,
    chat_id: int,
    screen: Screen,
    urgency: Urgency,
    *,
    policy: Policy,
    thread_id: int | None = None,
    reader: str = "",
    subject: Subject | None = None,
    beneath_card: int | None = None,
) -> None:
    """Writes a message that is not a card."""
    call(
        desk,
        chat_id,
        "sendMessage",
        _in_thread(screen, thread_id),
        urgency,
        policy=policy,
        reader=reader,
        subject=subject,
        beneath_card=beneath_card,
    )


def renew(
    desk: Desk,
    chat_id: int,
    screen: Screen,
    urgency: Urgency,
    *,
    policy: Policy,
    thread_id: int | None,
    reader: str,
    beneath_card: int,
) -> bool:
    """Replaces the waiting message beneath a card for the same reader. Returns whether there was one."""
    replaced = change_where(
        desk.session,
        OutboxMessage,
        col(OutboxMessage.beneath_card) == beneath_card,
        col(OutboxMessage.reader) == reader,
        col(OutboxMessage.chat_id) == chat_id,
        col(OutboxMessage.state) == OutboxState.WAITING,
        params=_in_thread(screen, thread_id),
        urgency=urgency,
        created_at=desk.now,
        sounds_until=policy.sounds_until(desk.now),
        version=OutboxMessage.version + 1,
    )
    wake(desk.session, Queue.OUTBOX)
    return replaced > 0


def withdraw_beneath(desk: Desk, card: Card) -> None:
    """Stops the waiting messages beneath a card: the card moves, and they are written anew there."""
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.beneath_card) == card.id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(state=OutboxState.STOPPED)
        .execution_options(synchronize_session=False)
    )


def waits_for(desk: Desk, card: Card) -> bool:
    """Tells whether a message of a card waits."""
    found = select(OutboxMessage.id).where(OutboxMessage.card_id == card.id, OutboxMessage.state == OutboxState.WAITING)
    return desk.session.exec(found.limit(1)).first() is not None


def change(desk: Desk, chat_id: int, message_id: int, screen: Screen, urgency: Urgency, *, reader: str) -> None:
    """Writes an edit of a message that is not a card. A waiting one for the same reader is replaced."""
    params = screen.params() | {"message_id": message_id}
    if not _replaced(desk, chat_id, reader, params=params):
        call(desk, chat_id, "editMessageText", params, urgency, policy=ALWAYS, reader=reader)
    wake(desk.session, Queue.OUTBOX)


def say_or_replace(
    desk: Desk, chat_id: int, params: dict[str, Any], urgency: Urgency, *, policy: Policy, reader: str
) -> None:
    """Writes a message that is not a card. A waiting one for the same reader is replaced."""
    if not _replaced(desk, chat_id, reader, method="sendMessage", params=params):
        call(desk, chat_id, "sendMessage", params, urgency, policy=policy, reader=reader)
    wake(desk.session, Queue.OUTBOX)


def configure(desk: Desk, method: str, params: dict[str, Any], urgency: Urgency, *, reader: str) -> None:
    """Writes a call about the bot itself. A waiting one for the same reader is replaced."""
    if not _replaced(desk, THE_BOT_ITSELF, reader, method=method, params=params):
        call(desk, THE_BOT_ITSELF, method, params, urgency, policy=ALWAYS, reader=reader)
    wake(desk.session, Queue.OUTBOX)


def _replaced(desk: Desk, chat_id: int, reader: str, **values: Any) -> bool:
    replaced = change_where(
        desk.session,
        OutboxMessage,
        col(OutboxMessage.chat_id) == chat_id,
        col(OutboxMessage.reader) == reader,
        col(OutboxMessage.state) == OutboxState.WAITING,
        **values,
        version=OutboxMessage.version + 1,
    )
    return replaced > 0


def bring_up_to_date(desk: Desk, card: Card, screen: Screen, urgency: Urgency, *, policy: Policy) -> None:
    """Writes a card's message, sent or edited. A waiting one is replaced, so that edits merge into the newest."""
    waiting = run(
        desk.session,
        MERGE,
        merged_card=card.id,
        new_chat=card.chat_id,
        new_params=_params(card, screen),
        new_sounds_until=policy.sounds_until(desk.now),
        new_urgency=urgency,
    )
    if waiting.rowcount == 0:
        issue(desk, card, screen, urgency, policy=policy)
    wake(desk.session, Queue.OUTBOX)


def issue(desk: Desk, card: Card, screen: Screen, urgency: Urgency, *, policy: Policy) -> None:
    """Writes a card's message, sent or edited, where none of the card waits yet."""
    call(
        desk,
        card.chat_id,
        "editMessageText" if card.message_id else "sendMessage",
        _params(card, screen),
        urgency,
        policy=policy,
        reader=card.reader,
        subject=card.subject,
        card_id=card.id,
    )


def _params(card: Card, screen: Screen) -> dict[str, Any]:
    return _in_thread(screen, card.thread_id)


def _in_thread(screen: Screen, thread_id: int | None) -> dict[str, Any]:
    return screen.params() | ({"message_thread_id": thread_id} if thread_id else {})
