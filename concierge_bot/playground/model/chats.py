"""Chats: a place, and the messages in it."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.places import Place


class Chat(Place):
    """A private chat, a group or a channel.

    Attributes:
        messages: the messages shown now, by message id, oldest first.
        migrated_to: the supergroup that this basic group became.
        migrated_from: the basic group that this supergroup was.
    """

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.messages: dict[int, Message] = {}
        self.migrated_to: Chat | None = None
        self.migrated_from: Chat | None = None
