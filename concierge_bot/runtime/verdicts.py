"""What an error of Telegram's means for a message. Pure, so that it is tested by table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from concierge_bot.desk.deliveries import Anew, Dead, Later, Moved, Outcome, Parcel, Reason, Sent, TopicGone
from concierge_bot.runtime.limiter import seconds

PAUSES = tuple(timedelta(seconds=pause) for pause in (0.5, 1, 2, 5, 10, 20, 30, 60))
TOKEN_PAUSE = timedelta(seconds=60)
MISTAKES = 3
"""How often a message is tried that cannot even be put into a call."""

NOT_MODIFIED = "message is not modified"
MESSAGE_GONE = ("message to edit not found", "message_id_invalid", "message can't be edited")
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic deleted", "topic_closed")
CHAT_GONE = ("chat not found", "group chat was deactivated", "peer_id_invalid")


@dataclass(frozen=True)
class Attempt:
    """A message that was tried, and when."""

    parcel: Parcel
    now: datetime


def verdict(attempt: Attempt, error: TelegramError) -> Outcome:
    """What becomes of a message whose sending raised an error. None is lost: it waits, changes, or a person is told."""
    parcel = attempt.parcel
    match error:
        case RetryAfter():
            return Later(parcel, attempt.now + timedelta(seconds=seconds(error)), "429")
        case ChatMigrated():
            return Moved(parcel, error.new_chat_id)
        case Forbidden():
            reason = Reason.BLOCKED if parcel.chat_id > 0 else Reason.CHAT_GONE
            return Dead(parcel, reason, error.message)
        case BadRequest():
            return _refused(attempt, error.message)
        case EndPointNotFound():
            return Dead(parcel, Reason.REFUSED, error.message)
        case InvalidToken() | Conflict():
            return Later(parcel, attempt.now + TOKEN_PAUSE, type(error).__name__)
        case NetworkError() | TelegramError():
            return Later(parcel, attempt.now + pause_after(parcel.attempts), type(error).__name__)


def mistake(attempt: Attempt, said: str) -> Outcome:
    """What becomes of a message that fails on our side of the wire: a few more attempts, then a person is told."""
    parcel = attempt.parcel
    if parcel.attempts + 1 >= MISTAKES:
        return Dead(parcel, Reason.REFUSED, said)
    return Later(parcel, attempt.now + pause_after(parcel.attempts), said)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed without Telegram's saying why."""
    return PAUSES[min(attempts, len(PAUSES) - 1)]


def _refused(attempt: Attempt, message: str) -> Outcome:
    said, parcel = message.lower(), attempt.parcel
    if NOT_MODIFIED in said:
        return Sent(parcel, parcel.edits)
    if parcel.edits is not None and any(sign in said for sign in MESSAGE_GONE):
        return Anew(parcel)
    if parcel.method == "editMessageText" and parcel.card_id is None and any(sign in said for sign in MESSAGE_GONE):
        return Sent(parcel, None)  # whoever deleted the message wants to read no more of it
    if "message_thread_id" in parcel.params and any(sign in said for sign in TOPIC_GONE):
        return TopicGone(parcel)
    if any(sign in said for sign in CHAT_GONE):
        return Dead(parcel, Reason.BLOCKED if parcel.chat_id > 0 else Reason.CHAT_GONE, message)
    return Dead(parcel, Reason.REFUSED, message)
