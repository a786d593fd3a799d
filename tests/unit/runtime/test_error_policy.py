"""What an error of Telegram's means for a message: none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from concierge_bot.desk.queues.deliveries import (
    Barred,
    Moved,
    Outcome,
    OutgoingMessage,
    Reason,
    Resend,
    Retry,
    Sent,
    TopicGone,
    Undeliverable,
)
from concierge_bot.runtime.delivery.error_policy import (
    BARRED_PAUSES,
    MISTAKES,
    PAUSES,
    Attempt,
    mistake,
    pause_after,
    verdict,
)
from storage.tables.groups import Cause

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
PRIVATE = OutgoingMessage(
    row_id=1,
    version=0,
    chat_id=5,
    method="sendMessage",
    params={"text": "x"},
    urgency=50,
    attempts=0,
    card_id=None,
    edits=None,
    answers_to=None,
)
GROUP = replace(PRIVATE, chat_id=-5)
CARD = replace(GROUP, card_id=3, edits=77)
TOPIC = replace(GROUP, params={"text": "x", "message_thread_id": 9})


PHOTOS = replace(GROUP, method="sendMediaGroup", params={"media": [{"type": "photo"}, {"type": "photo"}]})
PIN = replace(GROUP, method="pinChatMessage", params={"message_id": 1})
NO_RIGHTS = (
    "Not enough rights to send text messages to the chat",
    "Have no rights to send a message",
    "CHAT_WRITE_FORBIDDEN",
    "CHAT_RESTRICTED",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "USER_BANNED_IN_CHANNEL",
    "CHAT_ADMIN_REQUIRED",
    "Need administrator rights in the channel chat",
)
NO_FILES = (
    ("Not enough rights to send photos to the chat", Cause.PHOTOS),
    ("CHAT_SEND_PHOTOS_FORBIDDEN", Cause.PHOTOS),
    ("Not enough rights to send videos to the chat", Cause.VIDEOS),
    ("Not enough rights to send documents to the chat", Cause.DOCUMENTS),
    ("Not enough rights to send music to the chat", Cause.MUSIC),
    ("Not enough rights to send voice notes to the chat", Cause.VOICE),
    ("CHAT_SEND_VOICES_FORBIDDEN", Cause.VOICE),
    ("Not enough rights to send animations to the chat", Cause.ANIMATIONS),
    ("Not enough rights to send video notes to the chat", Cause.VIDEO_NOTES),
    ("CHAT_SEND_ROUNDVIDEOS_FORBIDDEN", Cause.VIDEO_NOTES),
)


def _barred(outgoing: OutgoingMessage, cause: Cause, said: str) -> Barred:
    return Barred(outgoing, NOW + BARRED_PAUSES[0], cause, said)


def _later(outgoing: OutgoingMessage, seconds: float, error: str) -> Retry:
    return Retry(outgoing, NOW + timedelta(seconds=seconds), error)


TABLE: list[tuple[OutgoingMessage, TelegramError, Outcome]] = [
    (GROUP, RetryAfter(7), _later(GROUP, 7, "429")),
    (GROUP, RetryAfter(timedelta(seconds=8)), _later(GROUP, 8, "429")),
    (GROUP, ChatMigrated(-100), Moved(GROUP, -100)),
    (
        PRIVATE,
        Forbidden("bot was blocked by the user"),
        Undeliverable(PRIVATE, Reason.BLOCKED, "bot was blocked by the user"),
    ),
    (GROUP, Forbidden("bot was kicked"), Undeliverable(GROUP, Reason.CHAT_GONE, "bot was kicked")),
    (PRIVATE, BadRequest("Chat not found"), Undeliverable(PRIVATE, Reason.BLOCKED, "Chat not found")),
    (GROUP, BadRequest("Chat not found"), Undeliverable(GROUP, Reason.CHAT_GONE, "Chat not found")),
    (
        GROUP,
        BadRequest("Group chat was deactivated"),
        Undeliverable(GROUP, Reason.CHAT_GONE, "Group chat was deactivated"),
    ),
    (CARD, BadRequest("Message is not modified: specified new message content"), Sent(CARD, 77)),
    (CARD, BadRequest("Message to edit not found"), Resend(CARD)),
    (CARD, BadRequest("MESSAGE_ID_INVALID"), Resend(CARD)),
    (CARD, BadRequest("Message can't be edited"), Resend(CARD)),
    (
        GROUP,
        BadRequest("Message to edit not found"),
        Undeliverable(GROUP, Reason.REFUSED, "Message to edit not found"),
    ),
    (TOPIC, BadRequest("Message thread not found"), TopicGone(TOPIC)),
    (TOPIC, BadRequest("TOPIC_DELETED"), TopicGone(TOPIC)),
    (TOPIC, BadRequest("TOPIC_CLOSED"), _barred(TOPIC, Cause.TOPIC_CLOSED, "TOPIC_CLOSED")),
    (GROUP, BadRequest("TOPIC_CLOSED"), _barred(GROUP, Cause.TOPIC_CLOSED, "TOPIC_CLOSED")),
    *((GROUP, BadRequest(said), _barred(GROUP, Cause.MUTED, said)) for said in NO_RIGHTS),
    *(
        (GROUP, Forbidden(f"Forbidden: {said}"), _barred(GROUP, Cause.MUTED, f"Forbidden: {said}"))
        for said in NO_RIGHTS
    ),
    *((GROUP, BadRequest(said), _barred(GROUP, cause, said)) for said, cause in NO_FILES),
    *(
        (GROUP, Forbidden(f"Forbidden: {said}"), _barred(GROUP, cause, f"Forbidden: {said}"))
        for said, cause in NO_FILES
    ),
    (GROUP, Forbidden("Forbidden: what nobody knows"), _barred(GROUP, Cause.MUTED, "Forbidden: what nobody knows")),
    (
        PRIVATE,
        Forbidden("Forbidden: what nobody knows"),
        Undeliverable(PRIVATE, Reason.REFUSED, "Forbidden: what nobody knows"),
    ),
    (
        PRIVATE,
        Forbidden("Forbidden: user is deactivated"),
        Undeliverable(PRIVATE, Reason.BLOCKED, "Forbidden: user is deactivated"),
    ),
    (
        PRIVATE,
        Forbidden("Forbidden: bot can't initiate conversation with a user"),
        Undeliverable(PRIVATE, Reason.BLOCKED, "Forbidden: bot can't initiate conversation with a user"),
    ),
    (PRIVATE, BadRequest("CHAT_WRITE_FORBIDDEN"), Undeliverable(PRIVATE, Reason.REFUSED, "CHAT_WRITE_FORBIDDEN")),
    (PHOTOS, BadRequest("CHAT_SEND_MEDIA_FORBIDDEN"), _barred(PHOTOS, Cause.PHOTOS, "CHAT_SEND_MEDIA_FORBIDDEN")),
    (PIN, BadRequest("CHAT_ADMIN_REQUIRED"), Undeliverable(PIN, Reason.REFUSED, "CHAT_ADMIN_REQUIRED")),
    (
        PIN,
        BadRequest("Not enough rights to manage pinned messages in the chat"),
        Undeliverable(PIN, Reason.REFUSED, "Not enough rights to manage pinned messages in the chat"),
    ),
    (GROUP, BadRequest("SLOWMODE_WAIT_30"), _later(GROUP, 30, "SLOWMODE_WAIT_30")),
    (
        GROUP,
        Forbidden("Forbidden: bot is not a member of the supergroup chat"),
        Undeliverable(GROUP, Reason.CHAT_GONE, "Forbidden: bot is not a member of the supergroup chat"),
    ),
    (GROUP, BadRequest("Can't parse entities"), Undeliverable(GROUP, Reason.REFUSED, "Can't parse entities")),
    (GROUP, InvalidToken("Unauthorized"), _later(GROUP, 60, "InvalidToken")),
    (GROUP, Conflict("terminated"), _later(GROUP, 60, "Conflict")),
    (GROUP, NetworkError("x"), _later(GROUP, 0.5, "NetworkError")),
    (GROUP, TimedOut(), _later(GROUP, 0.5, "TimedOut")),
    (GROUP, TelegramError("Invalid server response"), _later(GROUP, 0.5, "TelegramError")),
    (replace(GROUP, attempts=3), NetworkError("x"), _later(replace(GROUP, attempts=3), 5, "NetworkError")),
    (replace(GROUP, attempts=999), NetworkError("x"), _later(replace(GROUP, attempts=999), 60, "NetworkError")),
]


@pytest.mark.parametrize(("outgoing", "error", "expected"), TABLE)
def test_what_becomes_of_a_message(outgoing: OutgoingMessage, error: TelegramError, expected: Outcome) -> None:
    assert verdict(Attempt(outgoing, NOW), error) == expected


@given(st.integers(0, 10**6))
def test_pauses_grow_and_end(attempts: int) -> None:
    assert PAUSES[0] <= pause_after(attempts) <= pause_after(attempts + 1) <= PAUSES[-1]


@given(
    st.text(), st.sampled_from([PRIVATE, GROUP, CARD, TOPIC]), st.sampled_from([BadRequest, Forbidden, NetworkError])
)
def test_whatever_telegram_says_there_is_a_verdict(
    said: str, outgoing: OutgoingMessage, kind: type[BadRequest | Forbidden | NetworkError]
) -> None:
    outcome = verdict(Attempt(outgoing, NOW), kind(said))
    assert outcome.outgoing == outgoing
    if isinstance(outcome, Retry | Barred):
        assert outcome.at > NOW


def test_a_mistake_of_ours_is_tried_a_few_times_then_told() -> None:
    outcomes = [mistake(Attempt(replace(GROUP, attempts=number), NOW), "TypeError") for number in range(MISTAKES)]
    assert [type(outcome) for outcome in outcomes] == [Retry] * (MISTAKES - 1) + [Undeliverable]
