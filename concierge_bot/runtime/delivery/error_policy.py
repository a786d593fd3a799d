"""The error policy: maps Telegram's errors to outcomes. Pure, so that it is tested by table."""

from __future__ import annotations

import re
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

from concierge_bot.desk.cards.chat_troubles import causes_of
from concierge_bot.desk.queues.deliveries import (
    Barred,
    Moved,
    Outcome,
    OutgoingMessage,
    Reason,
    Resend,
    Retry,
    Sent,
    TooOld,
    TopicGone,
    Undeliverable,
)
from concierge_bot.desk.staff_chats.boards import OF_A_BOARD
from concierge_bot.runtime.telegram.rate_limiter import seconds
from storage.tables.groups import Cause

BARRED_PAUSES = tuple(timedelta(seconds=pause) for pause in (5, 15, 30, 60, 120, 300))
"""The backoff for a message that a group bars; mostly Telegram tells of the end of the bar before."""
PAUSES = tuple(timedelta(seconds=pause) for pause in (0.5, 1, 2, 5, 10, 20, 30, 60))
TOKEN_PAUSE = timedelta(seconds=60)
MISTAKES = 3
"""The most attempts for a message that fails on our side of the wire."""

NOT_MODIFIED = "message is not modified"
MESSAGE_GONE = ("message to edit not found", "message_id_invalid", "message can't be edited")
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic deleted")
TOPIC_CLOSED = ("topic_closed", "topic closed")
DELETED_ALREADY = ("message to delete not found", "message_id_invalid")
NOT_DELETED = ("message can't be deleted",)
CHAT_GONE = (
    *("chat not found", "group chat was deactivated", "peer_id_invalid", "bot was kicked", "bot is not a member"),
    *("the group chat was deleted", "channel_private", "user_not_participant"),
)
GONE = ("bot was blocked", "user is deactivated", "can't initiate conversation")
"""Signs in descriptions of errors that nothing more can be written to a person."""
NO_FILES: dict[Cause, tuple[str, ...]] = {
    Cause.PHOTOS: ("send photos to the chat", "chat_send_photos_forbidden"),
    Cause.VIDEOS: ("send videos to the chat", "chat_send_videos_forbidden"),
    Cause.DOCUMENTS: ("send documents to the chat", "chat_send_docs_forbidden"),
    Cause.MUSIC: ("send music to the chat", "send audios to the chat", "chat_send_audios_forbidden"),
    Cause.VOICE: ("send voice notes to the chat", "chat_send_voices_forbidden"),
    Cause.ANIMATIONS: ("send animations to the chat", "chat_send_gifs_forbidden"),
    Cause.VIDEO_NOTES: ("send video notes to the chat", "chat_send_roundvideos_forbidden"),
}
NO_MEDIA = "chat_send_media_forbidden"
MUTED = (
    *("rights to send", "no write access", "write_forbidden", "chat_send_plain_forbidden", "chat_restricted"),
    *("user_banned_in_channel", "user_restricted", "need administrator rights", "chat_admin_required"),
)
"""Signs in descriptions of errors that the bot may not write for the moment."""
WRITES = ("send", "edit", "copy", "forward")
"""The prefixes of methods that write into a chat."""
SLOW = re.compile(r"slowmode_wait_(\d{1,6})")


@dataclass(frozen=True)
class Attempt:
    """A message that was tried, and the moment of the attempt."""

    outgoing: OutgoingMessage
    now: datetime


def verdict(attempt: Attempt, error: TelegramError) -> Outcome:
    """Maps the error of an attempt to its outcome: a retry, a change of the message, or a report to a person."""
    outgoing = attempt.outgoing
    match error:
        case RetryAfter():
            return Retry(outgoing, attempt.now + timedelta(seconds=seconds(error)), "429")
        case ChatMigrated():
            return Moved(outgoing, error.new_chat_id)
        case Forbidden():
            return _forbidden(attempt, error.message)
        case BadRequest():
            return _refused(attempt, error.message)
        case EndPointNotFound():
            return Undeliverable(outgoing, Reason.REFUSED, error.message)
        case InvalidToken() | Conflict():
            return Retry(outgoing, attempt.now + TOKEN_PAUSE, type(error).__name__)
        case NetworkError() | TelegramError():
            return Retry(outgoing, attempt.now + pause_after(outgoing.attempts), type(error).__name__)


def mistake(attempt: Attempt, said: str) -> Outcome:
    """Maps a failure on our side of the wire to an outcome: a retry, and from MISTAKES attempts on undeliverable."""
    outgoing = attempt.outgoing
    if outgoing.attempts + 1 >= MISTAKES:
        return Undeliverable(outgoing, Reason.REFUSED, said)
    return Retry(outgoing, attempt.now + pause_after(outgoing.attempts), said)


def pause_after(attempts: int) -> timedelta:
    """Returns the backoff after so many failed attempts for which Telegram gave no reason."""
    return PAUSES[min(attempts, len(PAUSES) - 1)]


def _forbidden(attempt: Attempt, message: str) -> Outcome:
    """Maps a 403 to an outcome: in a group it counts as passing, unless it says that the bot is out."""
    said, outgoing = message.lower(), attempt.outgoing
    if outgoing.chat_id > 0:
        return Undeliverable(outgoing, Reason.BLOCKED if _says(said, GONE) else Reason.REFUSED, message)
    if _says(said, CHAT_GONE):
        return Undeliverable(outgoing, Reason.CHAT_GONE, message)
    return _barred(attempt, _cause(outgoing, said) or Cause.MUTED, message)


def _refused(attempt: Attempt, message: str) -> Outcome:
    said, outgoing = message.lower(), attempt.outgoing
    if slow := SLOW.search(said):
        return Retry(outgoing, attempt.now + timedelta(seconds=int(slow[1])), message)
    if outgoing.method == "deleteMessage" and (deleted := _not_deleted(outgoing, said)) is not None:
        return deleted
    if NOT_MODIFIED in said:
        return Sent(outgoing, outgoing.edits)
    if (outgoing.edits is not None or outgoing.method == "editMessageText") and _says(said, MESSAGE_GONE):
        return _nothing_to_edit(outgoing)
    if "message_thread_id" in outgoing.params and _says(said, TOPIC_GONE):
        return TopicGone(outgoing)
    if _says(said, CHAT_GONE):
        return Undeliverable(outgoing, Reason.BLOCKED if outgoing.chat_id > 0 else Reason.CHAT_GONE, message)
    cause = _cause(outgoing, said)
    return Undeliverable(outgoing, Reason.REFUSED, message) if cause is None else _barred(attempt, cause, message)


def _nothing_to_edit(outgoing: OutgoingMessage) -> Outcome:
    """Maps an edit whose message is gone to an outcome: cards and boards are sent anew, others count as sent.

    Somebody who deleted another message wants no more of it.
    """
    is_live = outgoing.edits is not None or outgoing.reader.startswith(OF_A_BOARD)
    return Resend(outgoing) if is_live else Sent(outgoing, None)


def _barred(attempt: Attempt, cause: Cause, message: str) -> Barred:
    pause = BARRED_PAUSES[min(attempt.outgoing.attempts, len(BARRED_PAUSES) - 1)]
    return Barred(attempt.outgoing, attempt.now + pause, cause, message)


def _cause(outgoing: OutgoingMessage, said: str) -> Cause | None:
    """Returns why a group bars a message for the moment; None where the error has another reason."""
    if outgoing.chat_id > 0 or not outgoing.method.startswith(WRITES):
        return None
    if _says(said, TOPIC_CLOSED):
        return Cause.TOPIC_CLOSED
    if NO_MEDIA in said:
        return min(causes_of(outgoing.method, outgoing.params), default=Cause.MUTED)
    for cause, signs in NO_FILES.items():
        if _says(said, signs):
            return cause
    return Cause.MUTED if _says(said, MUTED) else None


def _says(said: str, signs: tuple[str, ...]) -> bool:
    return any(sign in said for sign in signs)


def _not_deleted(outgoing: OutgoingMessage, said: str) -> Outcome | None:
    """Maps a 400 to a deletion: somebody was faster, or the message is too old; None for other errors."""
    if any(sign in said for sign in DELETED_ALREADY):
        return Sent(outgoing, None)
    return TooOld(outgoing) if any(sign in said for sign in NOT_DELETED) else None
