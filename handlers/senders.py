"""Who acts, and where, as an update tells it."""

from __future__ import annotations

from dataclasses import replace

from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User

from concierge_bot import taps
from concierge_bot.desk.context import Sender

COMMANDS = frozenset(
    {
        *("announce", "announcements", "cancel", "duty", "followups", "help", "language", "late", "lead", "menu"),
        *("off", "on", "open", "profile", "promises", "requests", "roster", "staffchat", "start"),
    }
)
"""What somebody may command. Any other word behind a slash is somebody's own, and kept nowhere."""
LONGEST_NAME = 128
"""Longer ones Telegram lets nobody have; a card must have room for them."""
UNKNOWN_BUTTON = "unknown button"


def sender_of(update: Update) -> Sender | None:
    """The sender of an update, for the kinds of update that the concierge uses."""
    event = update.event
    found: Sender | None = None
    match event:
        case Message(from_user=User() as user):
            found = _writer(event, user)
        case CallbackQuery():
            found = _tapper(event)
        case ChatMemberUpdated():
            found = _sender(event.from_user, event.chat)
    if found is None:
        return None
    return replace(found, update_id=update.update_id, action=found.action or update.event_type)


def _writer(message: Message, user: User) -> Sender:
    thread_id = message.message_thread_id if message.is_topic_message else None
    sender = _sender(user, message.chat, message.message_id, thread_id)
    is_person = sender.is_person and message.sender_chat is None
    return replace(sender, action=_command(message) or message.content_type, is_person=is_person)


def _command(message: Message) -> str | None:
    """The command that a message is, without the bot's name."""
    first = (message.text or message.caption or "").split(maxsplit=1)[:1]
    word = first[0].removeprefix("/").partition("@")[0].lower() if first and first[0].startswith("/") else ""
    return f"/{word}" if word in COMMANDS else None


def _tapper(tap: CallbackQuery) -> Sender | None:
    if tap.message is None:
        return None
    thread_id = None
    if isinstance(tap.message, Message) and tap.message.is_topic_message:
        thread_id = tap.message.message_thread_id
    sender = _sender(tap.from_user, tap.message.chat, tap.message.message_id, thread_id)
    return replace(sender, action=taps.name_of(tap.data) or UNKNOWN_BUTTON, is_tap=True)


def _sender(user: User, chat: Chat, message_id: int | None = None, thread_id: int | None = None) -> Sender:
    return Sender(
        telegram_id=user.id,
        chat_id=chat.id,
        private=chat.type == "private",
        given_name=user.first_name[:LONGEST_NAME],
        surname=(user.last_name or "")[:LONGEST_NAME],
        language_code=user.language_code,
        message_id=message_id,
        thread_id=thread_id,
        chat_title=(chat.title or "")[:LONGEST_NAME],
        is_person=not user.is_bot,
    )
