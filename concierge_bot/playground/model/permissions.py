"""The permissions of a group's members to send: everybody by default, and the bot where it was restricted."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.world import World

KINDS = {
    "text": ("can_send_messages", "text messages"),
    "animation": ("can_send_other_messages", "animations"),
    "photo": ("can_send_photos", "photos"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video": ("can_send_videos", "videos"),
    "document": ("can_send_documents", "documents"),
    "audio": ("can_send_audios", "music"),
    "sticker": ("can_send_other_messages", "stickers"),
    "video_note": ("can_send_video_notes", "video notes"),
    "location": ("can_send_messages", "locations"),
    "contact": ("can_send_messages", "contacts"),
}
"""The right that each kind of message needs, and how a refusal calls the kind; an animation is a document, too."""
EVERYTHING = frozenset(right for right, _ in KINDS.values())


def require_sending(world: World, chat: Chat, content: dict[str, Any]) -> None:
    """Checks that the bot may send a message of this content into a group.

    Raises:
        ApiError: 400, in the words in which Telegram says so.
    """
    right, called = next((known for kind, known in KINDS.items() if kind in content), KINDS["text"])
    if not chat.may_send(world.bot, right):
        raise bad_request(f"not enough rights to send {called} to the chat")


def require_writing(world: World, chat: Chat) -> None:
    """Checks that the bot may write into a group at all, as an edit needs it.

    Raises:
        ApiError: 400 otherwise.
    """
    if not chat.may_send(world.bot, "can_send_messages"):
        raise bad_request("CHAT_WRITE_FORBIDDEN")
