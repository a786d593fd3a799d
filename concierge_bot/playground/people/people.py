"""People: their actions on their phones besides writing."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.files import content_of
from concierge_bot.playground.model.messages import Button, Message
from concierge_bot.playground.model.places import Membership
from concierge_bot.playground.model.reactions import is_reaction
from concierge_bot.playground.model.taps import Tap, TapAnswer
from concierge_bot.playground.model.world import World
from concierge_bot.playground.people.screens import Screen
from concierge_bot.playground.people.writing import Writer


class Person(Writer):
    """Somebody with a phone. Make one with `Playground.person`.

    What a person does is done when the call returns; the bot may still be at work. Doing what
    Telegram's app would not let them do raises PermissionError.
    """

    # Being somebody

    def renames(self, first_name: str, last_name: str | None = None) -> None:
        """Changes the person's own name; nobody is told, and all later updates carry it."""
        self.first_name, self.last_name = first_name, last_name

    # Opening, blocking, leaving

    async def starts(self, code: str = "") -> Message:
        """Opens the bot by its link and presses Start: "/start" with `code` after it.

        Somebody who blocked the bot unblocks it so.
        """
        if self._private.blocked:
            await self.unblocks()
        return await self.writes(f"/start {code}" if code else "/start")

    async def blocks(self) -> None:
        """Blocks the bot; it is told by `my_chat_member`."""
        self._block(blocked=True)

    async def unblocks(self) -> None:
        """Unblocks the bot; it is told by `my_chat_member`."""
        self._block(blocked=False)

    async def deactivates(self) -> None:
        """Deletes the Telegram account. The bot is not told."""
        self.deactivated = True

    def _block(self, *, blocked: bool) -> None:
        if self._private.blocked == blocked:
            return
        self._private.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        bot = self._world.bot
        self._world.member_changed(self._private, self, Membership(bot, was).wire(), Membership(bot, now).wire())

    # Changing what stands there

    async def edits(self, message: Message, text: str) -> None:
        """Changes the text (or caption) of the person's own message; the bot gets `edited_message`."""
        if message.sender is not self or message.deleted:
            raise PermissionError("people edit only what they wrote themselves")
        key = "text" if "text" in message.wire else "caption"
        gone = {"entities": None} if key == "text" else {"caption_entities": None}
        self._world.edit(message, gone | self._text(text).wire(key))

    async def replaces_photo(self, message: Message, data: bytes, caption: str | None = None) -> None:
        """Replaces the picture of the person's own message; the bot gets `edited_message`."""
        if message.sender is not self or message.deleted or "photo" not in message.wire:
            raise PermissionError("people replace only pictures that they sent themselves")
        content = content_of(self._world.files.store("photo", data))
        gone = {"caption": None, "caption_entities": None}
        self._world.edit(message, gone | content | (self._text(caption).wire("caption") if caption else {}))

    async def deletes(self, message: Message) -> None:
        """Deletes a message for everyone, in a group also others' for an administrator. The bot is never told."""
        may_delete_others = message.chat is self._private or message.chat.allows(self, "can_delete_messages")
        if message.sender is not self and not may_delete_others:
            raise PermissionError("people delete only what they wrote themselves")
        self._world.delete(message)

    async def reacts(self, message: Message, emoji: str | None) -> None:
        """Puts an emoji on a message in place of an earlier one; None takes it away."""
        if emoji is not None and not is_reaction(emoji):
            raise ValueError(f"{emoji} is not among Telegram's reactions")
        old = message.reactions_of(self)
        new = [] if emoji is None else [emoji]
        message.react(self, new)
        world, chat = self._world, message.chat
        world.changes.publish(Event("reaction", chat.id, message, {"emoji": new}))
        if chat.kind == "private" or world.is_administrator(chat):
            payload = {
                "chat": chat.wire(),
                "message_id": message.id,
                "user": self.wire(),
                "date": world.timestamp(),
                "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in new],
            }
            world.queue.put("message_reaction", payload)

    # Tapping

    async def taps(self, message: Message, label: str, timeout: float = 40.0, *, wait: bool = True) -> TapAnswer:
        """Taps a button and waits for the bot's answer.

        Args:
            message: under which the button hangs.
            label: the button's text, or a piece of it, or its callback data. A key of a reply
                keyboard sends its text as a message, which needs no answer.
            timeout: seconds to wait for the answer; `answered` is False if there is none.
            wait: False returns at once.

        Raises:
            LookupError: if there is no such button now, or a tap on it is none of the bot's business.
        """
        for key in [key for row in message.reply_keyboard for key in row]:
            if label in key and not message.deleted:
                await self.writes(key, _Shown(self._world, self._world.chats[message.chat.id]))
                return TapAnswer()
        return await self.taps_data(message, _data(message, label), timeout, wait=wait)

    async def taps_data(self, message: Message, data: str, timeout: float = 40.0, *, wait: bool = True) -> TapAnswer:
        """Taps a button of given callback data, whether there is one or not.

        So taps a phone that still shows an outdated card, or one in the hand of a forger. Of a
        deleted message the bot learns only chat and number.
        """
        self._require_entry(message.chat)
        tap = self._world.taps.new()
        gone = {"chat": message.chat.wire(), "message_id": message.id, "date": 0}
        query: dict[str, Any] = {
            "id": tap.id,
            "from": self.wire(),
            "message": gone if message.deleted else message.snapshot() | {"chat": message.chat.wire()},
            "chat_instance": str(4_000_000_000_000_000_000 + message.chat.id),
            "data": data,
        }
        detail = {"id": tap.id, "user_id": self.id, "data": data}
        self._world.changes.publish(Event("tap", message.chat.id, message, detail))
        self._world.queue.put("callback_query", query)
        return await self._answer(tap, timeout) if wait else TapAnswer()

    async def _answer(self, tap: Tap, timeout: float) -> TapAnswer:
        try:
            return await self._world.changes.until(lambda: tap.answer, timeout)
        except TimeoutError:
            return TapAnswer()


class _Shown(Screen):
    """A chat that is no group or person of its own."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat

    @property
    def chat(self) -> Chat:
        return self._chat


def _data(message: Message, label: str) -> str:
    buttons = [] if message.deleted else [button for row in message.buttons for button in row]
    for matches in (
        [button for button in buttons if button.text == label],
        [button for button in buttons if label in button.text],
        [button for button in buttons if button.data == label],
    ):
        if matches:
            if matches[0].data is None:
                raise LookupError(f"the button {matches[0].text!r} {_does(matches[0])}")
            return matches[0].data
    shown = ", ".join(button.text for button in buttons) or "none"
    raise LookupError(f"no button {label!r} under {message!r}; there are: {shown}")


def _does(button: Button) -> str:
    """Describes the effect of a button without callback data, of which the bot hears nothing."""
    if button.disabled:
        return "does nothing"
    return f"only copies {button.copied!r}" if button.copied else f"only opens {button.url}"
