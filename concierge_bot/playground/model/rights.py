"""The rights of the bot to write, and the refusals otherwise."""

from __future__ import annotations

from concierge_bot.playground.errors import bad_request, forbidden
from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.world import World


def find_chat(world: World, chat_id: int | str) -> Chat:
    """Finds the chat of an id, or of a person's @name.

    Raises:
        ApiError: 400 if there is none that the bot could know.
    """
    if chat_id == "":
        raise bad_request("chat_id is empty")
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def open_chat(world: World, chat_id: int | str) -> Chat:
    """Finds the chat that the bot may write into.

    Raises:
        ApiError: 400 for no such chat and for a group that became a supergroup (with
            `migrate_to_chat_id`), 403 where the bot is not wanted.
    """
    chat = find_chat(world, chat_id)
    if chat.person is not None:
        _require_conversation(chat, chat.person)
    else:
        _require_membership(world, chat)
    return chat


def _require_conversation(chat: Chat, person: Account) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")


def _require_membership(world: World, chat: Chat) -> None:
    if chat.migrated_to is not None:
        text = "group chat was upgraded to a supergroup chat"
        raise bad_request(text, migrate_to_chat_id=chat.migrated_to.id)
    membership = chat.membership(world.bot)
    if membership is None or membership.status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    if membership.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")


def require_right(world: World, chat: Chat, right: str, otherwise: str) -> None:
    """Checks that the bot has an administrator's right in a group; in private it has all.

    Raises:
        ApiError: 400 with the text `otherwise`.
    """
    if chat.person is None and not chat.allows(world.bot, right):
        raise bad_request(otherwise)


def find_message(chat: Chat, message_id: int, otherwise: str) -> Message:
    """Finds a message that stands in `chat` now.

    Raises:
        ApiError: 400 with the text `otherwise` if there is none.
    """
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(otherwise)
    return message
