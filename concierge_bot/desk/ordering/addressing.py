"""Which request an owner means: the one whose message they answer, or whose album goes on."""

from __future__ import annotations

import re

from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import returns
from concierge_bot.desk.requests import repository
from storage.tables.queues import Card, OutboxMessage
from storage.tables.requests import Attachment, Draft, Request, is_unfinished
from storage.tables.subjects import REQUEST

NUMBER = re.compile(r"#([0-9]{1,9})\b")
MOST_NUMBERS = 5
"""A list of requests means none of them."""


def about(desk: Desk, caller: Caller) -> Request | None:
    """Returns the request of the caller's about which the answered message is; one that came back, as it is now."""
    if caller.sender.answers_to is None:
        return None
    numbers = _by_message(desk, caller) or _by_words(caller)
    found = {request.id: request for number in numbers if (request := _own(desk, caller, number)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def of_album(desk: Desk, caller: Caller, media_group_id: str | None) -> Request | None:
    """Returns the unfinished request with which an earlier part of an album was passed on."""
    if media_group_id is None:
        return None
    found = (
        select(Request)
        .join(Attachment, col(Attachment.draft_id) == Request.draft_id)
        .join(Draft, col(Draft.id) == Attachment.draft_id)
        .where(
            Draft.person_id == caller.require_person().id, Attachment.media_group_id == media_group_id, is_unfinished()
        )
    )
    return desk.session.exec(found.limit(1)).first()


def _by_message(desk: Desk, caller: Caller) -> list[int]:
    """The request whose card the answered message is, or to which a notice belongs."""
    chat_id, message_id = caller.sender.chat_id, caller.sender.answers_to
    card = select(Card.subject_id).where(
        Card.chat_id == chat_id, Card.message_id == message_id, Card.subject_kind == REQUEST
    )
    notice = select(OutboxMessage.subject_id).where(
        OutboxMessage.chat_id == chat_id,
        OutboxMessage.message_id == message_id,
        OutboxMessage.subject_kind == REQUEST,
    )
    found = desk.session.exec(card.limit(1)).first() or desk.session.exec(notice.limit(1)).first()
    return [found] if found else []


def _by_words(caller: Caller) -> list[int]:
    """What merely answered somebody is noted nowhere; its words name the request."""
    named = dict.fromkeys(int(number) for number in NUMBER.findall(caller.sender.answered_text))
    return list(named) if len(named) <= MOST_NUMBERS else []


def _own(desk: Desk, caller: Caller, number: int) -> Request | None:
    request = repository.find(desk, number)
    if request is None or request.person_id != caller.require_person().id:
        return None
    return returns.present(desk, request)
