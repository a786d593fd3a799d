"""The sending of people: texts, pictures, voices, files, places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.files import content_of
from concierge_bot.playground.model.formatting import MAX_TEXT
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.places import Place
from concierge_bot.playground.model.world import World
from concierge_bot.playground.people.screens import Screen
from concierge_bot.playground.text.entities import FormattedText
from concierge_bot.playground.text.utf16 import utf16_length

SOME_BYTES = b"made up by the playground"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One part of an album: a "photo", "video", "document" or "audio"."""

    kind: str = "photo"
    data: bytes = SOME_BYTES
    caption: str | None = None
    name: str | None = None


class Writer(Account, Screen):
    """A person who sends messages. `Person` adds everything else that people do."""

    def __init__(
        self,
        world: World,
        name: str,
        *,
        last_name: str | None,
        username: str | None,
        language_code: str | None,
    ) -> None:
        super().__init__(
            world.next_person_id(),
            name,
            last_name=last_name,
            username=username,
            language_code=language_code,
        )
        self._world = world
        self._private = Chat(self.id, "private", person=self)
        world.accounts[self.id] = self
        world.chats[self.id] = self._private

    @property
    def chat(self) -> Chat:
        """Returns the private chat with the bot."""
        return self._private

    async def writes(
        self,
        text: str,
        chat: Screen | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
    ) -> Message:
        """Sends a text to the bot, or to a group.

        Args:
            text: 1 to 4096 UTF-16 code units; commands and links in it are found.
            chat: the group, None for the private chat.
            reply_to: the message it answers.
            thread: the forum topic.

        Raises:
            ValueError: for a text that the app would not send in one piece.
        """
        return self._post(self._text(text).wire(), chat, reply_to, thread)

    async def sends_photo(
        self,
        data: bytes = SOME_BYTES,
        caption: str | None = None,
        chat: Screen | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Sends a picture, as an answer to `reply_to` where that is given."""
        return self._send_file("photo", data, caption, chat, reply_to=reply_to)

    async def sends_voice(
        self,
        data: bytes = SOME_BYTES,
        chat: Screen | None = None,
        reply_to: Message | None = None,
        *,
        duration: int = 3,
    ) -> Message:
        """Sends a voice message of `duration` seconds, as an answer to `reply_to` where that is given."""
        return self._send_file("voice", data, None, chat, reply_to=reply_to, duration=duration)

    async def sends_video(
        self, data: bytes = SOME_BYTES, caption: str | None = None, chat: Screen | None = None
    ) -> Message:
        """Sends a video."""
        return self._send_file("video", data, caption, chat, name="video.mp4")

    async def sends_document(
        self,
        name: str = "document.pdf",
        data: bytes = SOME_BYTES,
        caption: str | None = None,
        chat: Screen | None = None,
    ) -> Message:
        """Sends a file."""
        return self._send_file("document", data, caption, chat, name=name)

    async def sends_sticker(self, emoji: str = "👍", chat: Screen | None = None) -> Message:
        """Sends a sticker that stands for `emoji`."""
        return self._send_file("sticker", SOME_BYTES, None, chat, emoji=emoji)

    async def sends_location(self, latitude: float, longitude: float, chat: Screen | None = None) -> Message:
        """Sends a place, in degrees."""
        location = {"latitude": latitude, "longitude": longitude}
        return self._post({"location": location}, chat)

    async def sends_contact(self, phone_number: str, chat: Screen | None = None) -> Message:
        """Sends the person's own phone number."""
        contact = {"phone_number": phone_number, "first_name": self.first_name, "user_id": self.id}
        return self._post({"contact": contact}, chat)

    async def sends_album(self, items: Sequence[bytes | Attachment], chat: Screen | None = None) -> list[Message]:
        """Sends 2 to 10 files as one album; bytes stand for a photo without caption.

        They arrive as separate messages that share `media_group_id`.
        """
        if not 2 <= len(items) <= 10:
            raise ValueError("an album has 2 to 10 parts")
        album = {"media_group_id": self._world.next_album_id()}
        parts = [item if isinstance(item, Attachment) else Attachment(data=item) for item in items]
        return [self._send_file(part.kind, part.data, part.caption, chat, album, name=part.name) for part in parts]

    # How it is done

    def _text(self, text: str) -> FormattedText:
        formatted = self._world.formatted(text)
        if not text.strip() or utf16_length(text) > MAX_TEXT:
            raise ValueError("a message has 1 to 4096 characters")
        return formatted

    def _send_file(
        self,
        kind: str,
        data: bytes,
        caption: str | None,
        chat: Screen | None,
        extra: dict[str, Any] | None = None,
        *,
        name: str | None = None,
        reply_to: Message | None = None,
        **shape: Any,
    ) -> Message:
        content = content_of(self._world.files.store(kind, data, name=name, **shape)) | (extra or {})
        if caption:
            content |= self._text(caption).wire("caption")
        return self._post(content, chat, reply_to)

    def _post(
        self,
        content: dict[str, Any],
        where: Screen | None,
        reply_to: Message | None = None,
        thread: int | None = None,
    ) -> Message:
        chat = where.chat if where is not None else self._private
        self._require_entry(chat)
        self._require_pen(chat)
        if thread is not None and thread not in chat.topics:
            raise PermissionError(f"{chat.name} has no topic {thread}")
        if chat is self._private:
            chat.started = True
        return self._world.post(chat, self, content, reply_to=reply_to, thread=thread)

    def _require_entry(self, chat: Place) -> None:
        if self.deactivated:
            raise PermissionError(f"{self.name} has no account any more")
        if chat is self._private and chat.blocked:
            raise PermissionError(f"{self.name} has blocked the bot")
        if chat is not self._private and not chat.has(self):
            raise PermissionError(f"{self.name} is not in {chat.name}")

    def _require_pen(self, chat: Chat) -> None:
        leads = (found := chat.membership(self)) is not None and found.status in {"creator", "administrator"}
        if chat.kind == "channel" and not leads:
            raise PermissionError(f"{self.name} only reads {chat.name}")
