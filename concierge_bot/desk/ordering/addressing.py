"""The request that an owner means: by the message that they reply to, or by an earlier part of the same album."""

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
"""The most numbers in a replied message: a longer list of requests means none of them."""


def about(desk: Desk, caller: Caller) -> Request | None:
    """Returns the caller's request that the replied message is about, or its latest return; None where unclear."""
    if caller.sender.answers_to is None:
        return None
    numbers = _by_message(desk, caller) or _by_words(caller)
    found = {request.id: request for number in numbers if (request := _own(desk, caller, number)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def of_album(desk: Desk, caller: Caller, media_group_id: str | None) -> Request | None:
    """Returns the unfinished request to which an earlier part of an album was added; None where there is none."""
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
    request = desk.session.exec(found.limit(1)).first()
    return request if request is not None and repository.is_still_theirs(desk, request) else None


def _by_message(desk: Desk, caller: Caller) -> list[int]:
    """Returns the request of the replied message: of its card, else of its row in the outbox."""
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
    """Returns the numbers in the text of the replied message: a mere reply has neither card nor row."""
    named = dict.fromkeys(int(number) for number in NUMBER.findall(caller.sender.answered_text))
    return list(named) if len(named) <= MOST_NUMBERS else []


def _own(desk: Desk, caller: Caller, number: int) -> Request | None:
    request = repository.find(desk, number)
    if request is None or request.person_id != caller.require_person().id:
        return None
    if not repository.is_still_theirs(desk, request):
        return None
    return returns.present(desk, request)
