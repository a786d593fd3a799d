"""Messages that a group bars for the moment: they wait, and are sent once it does not any more.

A passing refusal is never final. Meanwhile the people concerned are told in private.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk.cards import card_places, chat_troubles, notifying
from concierge_bot.desk.cards.readers import ReaderKind, staff_reader
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import board_changes, repository
from storage.engine.notices import Queue, wake
from storage.tables.groups import Cause, ChatTrouble
from storage.tables.people import StaffChat
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request, RequestState
from storage.tables.rows import required

NEW = "send"
"""The prefix of methods that put a new message into a chat: an edit may pass where nothing new does."""


@dataclass(frozen=True)
class Passed:
    """A message that a group has let through."""

    chat_id: int
    method: str
    params: dict[str, Any]


def hold_back(desk: Desk, row: OutboxMessage, cause: Cause, said: str, until: datetime) -> bool:
    """Holds a message back, with all others that the same cause bars. Returns False where the group is no staff chat.

    The supervisors are told what to do. At the first refusal the people concerned are told in private.
    """
    if not staff.chats_at(desk, row.chat_id):
        return False
    thread_id = int(row.params.get("message_thread_id") or 0) if cause is Cause.TOPIC_CLOSED else 0
    trouble = chat_troubles.arise(desk, row.chat_id, cause, said, thread_id=thread_id)
    is_first = row.attempts == 0
    row.attempts, row.error, row.not_before = row.attempts + 1, said, until
    for other in _waiting(desk, row.chat_id):
        if other.not_before < until and chat_troubles.concerns(trouble, other.method, other.params):
            other.not_before = until
    desk.session.flush()
    if is_first:
        _say_in_private(desk, row)
    return True


def let_through(desk: Desk, passed: Iterable[Passed]) -> None:
    """Ends the troubles in groups that would have barred messages which have just passed."""
    new = [message for message in passed if message.chat_id < 0 and message.method.startswith(NEW)]
    for trouble in chat_troubles.open_in(desk, {message.chat_id for message in new}):
        if any(
            message.chat_id == trouble.chat_id and chat_troubles.concerns(trouble, message.method, message.params)
            for message in new
        ):
            _over(desk, trouble)


def try_again(desk: Desk, chat_id: int) -> None:
    """Retries all that waits for a group at once: something has changed there."""
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.chat_id) == chat_id,
            col(OutboxMessage.state) == OutboxState.WAITING,
            col(OutboxMessage.not_before) > desk.now,
        )
        .values(not_before=desk.now)
        .execution_options(synchronize_session=False)
    )
    wake(desk.session, Queue.OUTBOX)


def topic_gone(desk: Desk, row: OutboxMessage) -> None:
    """Moves the messages and cards of a deleted topic into the group itself."""
    chat_id, thread_id = row.chat_id, row.params.get("message_thread_id")
    row.params = {key: value for key, value in row.params.items() if key != "message_thread_id"}
    row.not_before = desk.now
    desk.session.flush()
    here = (col(StaffChat.chat_id) == chat_id, col(StaffChat.thread_id) == thread_id)
    for chat in desk.session.exec(select(StaffChat).where(*here).order_by(col(StaffChat.id))).all():
        chat.thread_id = None
        desk.session.flush()
        chat_troubles.tell_topic_is_gone(desk, chat)
        board_changes.note(desk, chat.estate_id)
    if isinstance(thread_id, int):
        chat_troubles.forget(desk, chat_id, thread_id)
    card_places.topic_gone(desk, chat_id, thread_id)


def _over(desk: Desk, trouble: ChatTrouble) -> None:
    """Ends a trouble, and sends the messages that were held back, without outdated reminders."""
    if not chat_troubles.end(desk, trouble):
        return
    for row in _waiting(desk, trouble.chat_id):
        if row.reader == notifying.REMINDER and _is_outdated(desk, row):
            row.state = OutboxState.STOPPED
    desk.session.flush()
    try_again(desk, trouble.chat_id)
    for estate_id in {chat.estate_id for chat in staff.chats_at(desk, trouble.chat_id)}:
        card_places.show_all(desk, estate_id)


def _is_outdated(desk: Desk, row: OutboxMessage) -> bool:
    """Tells whether a request has changed its state since a reminder of it was written."""
    request = repository.about(desk, row.subject)
    return request is None or request.state == RequestState.CANCELLED or repository.since(request) > row.created_at


def _waiting(desk: Desk, chat_id: int) -> list[OutboxMessage]:
    found = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == OutboxState.WAITING)
    return list(desk.session.exec(found.order_by(col(OutboxMessage.id)), execution_options={"populate_existing": True}))


def _say_in_private(desk: Desk, row: OutboxMessage) -> None:
    """Tells the people concerned in private: those on duty of a new request, else the holder."""
    request = repository.about(desk, row.subject)
    if request is None or row.reader not in (ReaderKind.TEAM, notifying.REMINDER):
        return
    if row.card_id is not None:
        card = desk.session.get_one(Card, row.card_id)
        if card.message_id is None and request.state == RequestState.OPEN:
            notifying.show_whoever_is_on_duty(desk, request)
    elif request.claimed_by is not None:
        _copy_to_holder(desk, row, request)


def _copy_to_holder(desk: Desk, row: OutboxMessage, request: Request) -> None:
    holder = desk.person(required(request.claimed_by))
    if holder.reachable and holder.telegram_id is not None:
        params = {key: value for key, value in row.params.items() if key != "message_thread_id"}
        outbox.call(
            desk,
            holder.telegram_id,
            row.method,
            params,
            Urgency(row.urgency),
            policy=notification_policy.of_request(desk, request, holder),
            reader=staff_reader(holder),
            subject=row.subject,
        )
