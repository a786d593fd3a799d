"""The sender of an update, and the place."""

from __future__ import annotations

from functools import lru_cache

from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, InaccessibleMessage, Message, Update, User

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Sender
from concierge_bot.language.typed import name_of
from concierge_bot.screens import cut
from handlers.routing import commanding

COMMANDS = frozenset(CAPABILITIES.commands)
"""All known commands. Any other word behind a slash is the person's own, and is stored nowhere."""
LONGEST_NAME = 40
"""The most characters of a name: cards, lists and buttons have room for so many, which identify the person."""
UNKNOWN_BUTTON = "unknown button"


def sender_of(update: Update) -> Sender | None:
    """Returns the sender of an update; None where it has none, or is of a kind that the concierge does not use."""
    event, update_id = update.event, update.update_id
    match event:
        case Message(from_user=User() as user):
            return _writer(event, user, update_id)
        case CallbackQuery():
            return _tapper(event, update_id)
        case ChatMemberUpdated():
            return _sender(event.from_user, event.chat, update_id, update.event_type)
    return None


def _writer(message: Message, user: User, update_id: int) -> Sender:
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or not answered.from_user.is_bot:
        answered = None
    return _sender(
        user,
        message.chat,
        update_id,
        _command(message) or message.content_type,
        message_id=message.message_id,
        thread_id=_topic(message),
        is_person=not user.is_bot and message.sender_chat is None,
        answers_to=answered.message_id if answered else None,
        answered_text=(answered.text or answered.caption or "") if answered else "",
    )


def _command(message: Message) -> str | None:
    """Returns a message's command with its slash, without the bot's name; None for any other text."""
    command = commanding.read(message.text or "")
    return f"/{command.name}" if command is not None and command.name in COMMANDS else None


def _tapper(tap: CallbackQuery, update_id: int) -> Sender | None:
    if tap.message is None:
        return None
    return _sender(
        tap.from_user,
        tap.message.chat,
        update_id,
        CAPABILITIES.name_of_tap(tap.data) or UNKNOWN_BUTTON,
        message_id=tap.message.message_id,
        thread_id=_topic(tap.message),
        is_tap=True,
    )


@lru_cache(maxsize=1024)
def shown_name(name: str | None) -> str:
    """Returns a name of a person or a group as it can be shown anywhere; empty where nothing of it can be seen."""
    return cut(name_of(name or ""), LONGEST_NAME)


def _topic(message: Message | InaccessibleMessage) -> int | None:
    """Returns the forum topic that a message stands in; None for the group itself."""
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


def _sender(
    user: User,
    chat: Chat,
    update_id: int,
    action: str,
    *,
    message_id: int | None = None,
    thread_id: int | None = None,
    is_tap: bool = False,
    is_person: bool | None = None,
    answers_to: int | None = None,
    answered_text: str = "",
) -> Sender:
    return Sender(
        telegram_id=user.id,
        chat_id=chat.id,
        private=chat.type == "private",
        given_name=shown_name(user.first_name),
        surname=shown_name(user.last_name),
        username=user.username or "",
        language_code=user.language_code,
        message_id=message_id,
        thread_id=thread_id,
        chat_title=shown_name(chat.title),
        action=action,
        update_id=update_id,
        is_tap=is_tap,
        is_person=not user.is_bot if is_person is None else is_person,
        answers_to=answers_to,
        answered_text=answered_text,
    )
