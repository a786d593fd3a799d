"""A message, as the chat shows it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.places import Place
from concierge_bot.playground.text.rendering import render_html

# An animation comes with itself as a document, so it is looked for first.
FILE_KINDS = ("animation", "photo", "voice", "video", "document", "audio", "sticker", "video_note")

# What makes up the content of a message: a copy carries these over, and nothing else.
CONTENT = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    *FILE_KINDS,
    "location",
    "contact",
    "show_caption_above_media",
    "has_media_spoiler",
)

SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_closed",
    "forum_topic_reopened",
    "new_chat_title",
)


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message.

    Attributes:
        text: the label.
        data: the callback data that a tap on it sends to the bot.
        url: the address that it opens.
        copied: the text that it copies.
        disabled: whether a tap on it does nothing.
        style: "danger", "success" or "primary", None for the app's own.
    """

    text: str
    data: str | None = None
    url: str | None = None
    copied: str | None = None
    disabled: bool = False
    style: str | None = None

    @classmethod
    def of(cls, wire: dict[str, Any]) -> Button:
        """Reads an InlineKeyboardButton."""
        copied = wire.get("copy_text", {}).get("text")
        disabled = "disabled" in wire
        return cls(wire["text"], wire.get("callback_data"), wire.get("url"), copied, disabled, wire.get("style"))


@dataclass(frozen=True, slots=True)
class Media:
    """The file, place or contact that a message carries.

    Attributes:
        kind: "photo", "voice", "video", "document", "audio", "animation", "sticker",
            "video_note", "location" or "contact".
        file_id: None for places and contacts.
        caption: plain text, None if there is none.
        file_name: for documents and videos, if known.
    """

    kind: str
    file_id: str | None
    caption: str | None
    file_name: str | None = None


class Message:
    """One message of a chat. It is live: an edit or a deletion shows on the object at once.

    Attributes:
        chat: the chat it stands in.
        sender: the person or the bot that wrote it.
        reply_to: the message it answers, if any.
        wire: the Message object of the Bot API.
        history: earlier texts (or captions), oldest first.
        reply_keyboard: rows of labels of a keyboard in place of the letters, if it brought one.
        deleted: whether it is gone from the chat.
    """

    __slots__ = (
        "_reactions", "chat", "deleted", "history", "reply_keyboard", "reply_to", "sender", "wire"
    )  # fmt: skip

    def __init__(self, chat: Place, sender: Account, wire: dict[str, Any], reply_to: Message | None = None) -> None:
        self.chat = chat
        self.sender = sender
        self.wire = wire
        self.reply_to = reply_to
        self.history: list[str] = []
        self.reply_keyboard: list[list[str]] = []
        self.deleted = False
        self._reactions: dict[int, list[str]] = {}

    def __repr__(self) -> str:
        return f"<Message {self.chat.id}/{self.id} of {self.sender.name}: {self.text[:60]!r}>"

    @property
    def id(self) -> int:
        """Returns the message's number in the chat, `message_id`."""
        return int(self.wire["message_id"])

    @property
    def text(self) -> str:
        """Returns the plain text, or the caption of media, or ""."""
        return str(self.wire.get("text") or self.wire.get("caption") or "")

    @property
    def entities(self) -> list[dict[str, Any]]:
        """Returns the MessageEntity objects of the text or caption, with offsets in UTF-16 code units."""
        found = self.wire.get("entities" if "text" in self.wire else "caption_entities", [])
        return list(found)

    @property
    def html(self) -> str:
        """Returns the text in Telegram's HTML."""
        return render_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[Button]]:
        """Returns the rows of inline buttons."""
        rows = self.wire.get("reply_markup", {}).get("inline_keyboard", [])
        return [list(map(Button.of, row)) for row in rows]

    @property
    def button_texts(self) -> list[str]:
        """Returns the labels of all inline buttons, row by row in one list."""
        return [button.text for row in self.buttons for button in row]

    @property
    def date(self) -> datetime:
        """Returns when the message was sent (UTC, whole seconds)."""
        return datetime.fromtimestamp(self.wire["date"], UTC)

    @property
    def edited_at(self) -> datetime | None:
        """Returns when the message was last edited (UTC), None if never."""
        edited = self.wire.get("edit_date")
        return None if edited is None else datetime.fromtimestamp(edited, UTC)

    @property
    def thread_id(self) -> int | None:
        """Returns the forum topic of the message, None outside of topics."""
        return self.wire.get("message_thread_id")

    @property
    def album_id(self) -> str | None:
        """Returns the identifier of the message's album, `media_group_id`, None outside of albums."""
        return self.wire.get("media_group_id")

    @property
    def media(self) -> Media | None:
        """Returns the file, place or contact in the message; None for mere text."""
        caption = self.wire.get("caption")
        for kind in FILE_KINDS:
            if content := self.wire.get(kind):
                file = content[-1] if kind == "photo" else content
                return Media(kind, file["file_id"], caption, file.get("file_name"))
        for kind in ("location", "contact"):
            if kind in self.wire:
                return Media(kind, None, caption)
        return None

    @property
    def service(self) -> str | None:
        """Returns the kind of a service message ("new_chat_members" ...), None for any other."""
        return next((kind for kind in SERVICE if kind in self.wire), None)

    @property
    def reactions(self) -> list[str]:
        """Returns the emoji that people and the bot put on the message, in order of first reaction."""
        return [emoji for chosen in self._reactions.values() for emoji in chosen]

    def reactions_of(self, account: Account) -> list[str]:
        """Returns the emoji that `account` put on the message."""
        return list(self._reactions.get(account.id, []))

    def react(self, account: Account, emoji: list[str]) -> None:
        """Replaces the reactions of `account`; an empty list takes them away."""
        self._reactions.pop(account.id, None)
        if emoji:
            self._reactions[account.id] = emoji

    def content(self) -> dict[str, Any]:
        """Returns the fields that a copy of the message carries."""
        return {key: self.wire[key] for key in CONTENT if key in self.wire}

    def snapshot(self) -> dict[str, Any]:
        """Returns the Message object as of now. Nested objects are replaced on change, never altered."""
        return dict(self.wire)

    def quoted(self) -> dict[str, Any]:
        """Returns the Message object for `reply_to_message`, which never nests deeper."""
        return {key: value for key, value in self.wire.items() if key != "reply_to_message"}
