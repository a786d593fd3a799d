"""Who acts, and where, as an update tells it."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User

from concierge_bot.desk.context import Sender


def sender_of(update: Update) -> Sender | None:
    """The sender of an update, for the kinds of update that the concierge uses."""
    event = update.event
    match event:
        case Message(from_user=User() as user):
            return _sender(
                user,
                event.chat,
                event.message_id,
                event.message_thread_id if event.is_topic_message else None,
            )
        case CallbackQuery():
            return _tapper(event)
        case ChatMemberUpdated():
            return _sender(event.from_user, event.chat)
        case _:
            return None


def _tapper(tap: CallbackQuery) -> Sender | None:
    if tap.message is None:
        return None
    thread_id = None
    if isinstance(tap.message, Message) and tap.message.is_topic_message:
        thread_id = tap.message.message_thread_id
    return _sender(tap.from_user, tap.message.chat, tap.message.message_id, thread_id)


def _sender(user: User, chat: Chat, message_id: int | None = None, thread_id: int | None = None) -> Sender:
    return Sender(
        telegram_id=user.id,
        chat_id=chat.id,
        private=chat.type == "private",
        given_name=user.first_name,
        surname=user.last_name or "",
        language_code=user.language_code,
        message_id=message_id,
        thread_id=thread_id,
        chat_title=chat.title or "",
    )
