"""The commands that Telegram's apps offer in a chat: of the bot's lists, the narrowest that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.chats import Chat

Json = dict[str, Any]
Listed = list[dict[str, str]]


def offered(commands: Callable[[Json, str], Listed], person: Account, chat: Chat) -> Listed:
    """Returns the commands that a person reads behind the slash in a chat.

    Args:
        commands: the bot's list of a scope and a language, empty where it has none.
        person: the reader.
        chat: the chat of their input.
    """
    spoken = (person.language_code or "")[:2]
    for scope in _scopes(person, chat):
        for code in dict.fromkeys((spoken, "")):
            if found := commands(scope, code):
                return found
    return []


def _scopes(person: Account, chat: Chat) -> Iterator[Json]:
    """Yields the scopes that the Bot API names for a chat, in its order."""
    if chat.person is not None:
        yield {"type": "chat", "chat_id": chat.id}
        yield {"type": "all_private_chats"}
    else:
        membership = chat.membership(person)
        leads = membership is not None and membership.status in {"creator", "administrator"}
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": person.id}
        if leads:
            yield {"type": "chat_administrators", "chat_id": chat.id}
        yield {"type": "chat", "chat_id": chat.id}
        if leads:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}
