"""The state of this small Telegram, and the few ways in which it changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from concierge_bot.playground.calls import CallLog
from concierge_bot.playground.model.accounts import Account, Bot
from concierge_bot.playground.model.changes import Changes, Event
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.files import Files
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.places import Membership, Place
from concierge_bot.playground.model.privacy import reaches
from concierge_bot.playground.model.taps import Taps
from concierge_bot.playground.model.updates import UpdateQueue
from concierge_bot.playground.server.webhook import Webhook
from concierge_bot.playground.text.entities import FormattedText, with_detected
from concierge_bot.playground.text.keyboards import Keyboard

FIRST_PERSON = 100_001
FIRST_GROUP = 5_001
FIRST_SUPERGROUP = 1_000_000_000_001


class World:
    """The accounts, chats and files, and the queue of the bot's updates.

    Args:
        bot: the bot under test.
        now: the clock for the dates of messages; aware datetimes.
        chance: the source of randomness.
        tap_lifetime: seconds within which a tap can be answered.
        keep_calls: the number of calls that the log keeps, None for all.
    """

    def __init__(
        self,
        bot: Bot,
        now: Callable[[], datetime],
        chance: random.Random,
        tap_lifetime: float,
        keep_calls: int | None,
    ) -> None:
        self.bot = bot
        self.now = now
        self.chance = chance
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.calls = CallLog(keep_calls)
        self.changes = Changes()
        self.taps = Taps(tap_lifetime, chance.randrange(10**15, 10**16))
        self.webhook = Webhook(self.changes)
        self.queue = UpdateQueue(chance, self._update_waits)
        self._people = self._groups = self._supergroups = self._albums = 0

    def timestamp(self) -> int:
        """Returns the present second, as the Bot API writes dates."""
        return int(self.now().timestamp())

    def next_person_id(self) -> int:
        """Returns the id for a new person; ids are given in order, so that a run can be repeated."""
        self._people += 1
        return FIRST_PERSON + self._people - 1

    def next_group_id(self, kind: str) -> int:
        """Returns the id for a new group; basic groups and supergroups have ids of different length, as in Telegram."""
        if kind in {"supergroup", "channel"}:
            self._supergroups += 1
            return -(FIRST_SUPERGROUP + self._supergroups - 1)
        self._groups += 1
        return -(FIRST_GROUP + self._groups - 1)

    def next_album_id(self) -> str:
        """Returns the `media_group_id` for a new album."""
        self._albums += 1
        return str(13_000_000_000_000_000 + self._albums)

    def post(
        self,
        chat: Chat,
        sender: Account,
        content: dict[str, Any],
        *,
        reply_to: Message | None = None,
        thread: int | None = None,
        keyboard: Keyboard | None = None,
    ) -> Message:
        """Posts a message to a chat, and queues an update if the bot is meant to know."""
        # What stands in a channel is the channel's own, whoever wrote it.
        author = {"sender_chat": chat.wire()} if chat.kind == "channel" else {"from": sender.wire()}
        wire: dict[str, Any] = {
            "message_id": chat.next_message_id(),
            **author,
            "chat": chat.wire(),
            "date": self.timestamp(),
            **content,
        }
        if thread is not None:
            wire |= {"message_thread_id": thread, "is_topic_message": True}
        if "forum_topic_created" in content:  # the topic bears the number of this message
            wire |= {"message_thread_id": wire["message_id"], "is_topic_message": True}
        # In a topic, what answers nothing else answers the message that opened the topic.
        root = reply_to or (chat.messages.get(thread) if thread is not None else None)
        if root is not None:
            wire["reply_to_message"] = root.quoted()
        message = Message(chat, sender, wire, reply_to)
        if keyboard is not None:
            message.reply_keyboard = keyboard.replies
            if keyboard.inline:
                wire["reply_markup"] = keyboard.inline
        chat.messages[message.id] = message
        self.tell("message", message)
        return message

    def edit(self, message: Message, content: dict[str, Any], *, dated: bool = True) -> None:
        """Gives a message new content; None as a value takes a field away."""
        before = message.text
        wire = {key: value for key, value in (message.wire | content).items() if value is not None}
        if dated:
            wire["edit_date"] = self.timestamp()
        message.wire = wire
        if message.text != before:
            message.history.append(before)
        self.tell("edited", message)

    def delete(self, message: Message) -> None:
        """Removes a message from its chat; nobody is told, as in Telegram."""
        message.deleted = True
        self.chats[message.chat.id].messages.pop(message.id, None)
        if message.id in message.chat.pinned:
            message.chat.pinned.remove(message.id)
        self.changes.publish(Event("deleted", message.chat.id, message))

    def tell(self, kind: str, message: Message) -> None:
        """Publishes a new ("message") or "edited" message, also to the bot if it concerns it."""
        self.changes.publish(Event(kind, message.chat.id, message))
        if message.sender is not self.bot and reaches(message, self.bot):
            name = "channel_post" if message.chat.kind == "channel" else "message"
            self.queue.put(name if kind == "message" else f"edited_{name}", message.snapshot())

    def member_changed(self, chat: Chat, by: Account, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Publishes a new standing in a chat; `old` and `new` are ChatMember objects.

        The bot hears of itself always, of others only as an administrator.
        """
        payload = {
            "chat": chat.wire(),
            "from": by.wire(),
            "date": self.timestamp(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        detail = {"user_id": new["user"]["id"], "status": new["status"]}
        self.changes.publish(Event("member", chat.id, detail=detail))
        if new["user"]["id"] == self.bot.id:
            self.queue.put("my_chat_member", payload)
        elif self.is_administrator(chat):
            self.queue.put("chat_member", payload)

    def set_status(self, chat: Chat, account: Account, status: str, by: Account) -> None:
        """Gives `account` a new standing in a group and publishes it."""
        before = chat.membership(account) or Membership(account, "left")
        chat.members[account.id] = after = Membership(account, status)
        if before.status != status:
            self.member_changed(chat, by, before.wire(), after.wire())

    def is_administrator(self, chat: Place) -> bool:
        """Returns whether the bot is an administrator of a group."""
        membership = chat.membership(self.bot)
        return membership is not None and membership.status == "administrator"

    def formatted(self, text: str) -> FormattedText:
        """Returns a person's text with the commands and links that Telegram finds in it."""
        return with_detected(FormattedText(text))

    def _update_waits(self, update: Any) -> None:
        self.webhook.put(update)
        self.changes.publish(Event("update", detail={"waiting": self.queue.waiting}))
