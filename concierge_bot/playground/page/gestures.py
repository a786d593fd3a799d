"""People's gestures on their phones: each gesture of the page becomes a call of a person's method."""

from __future__ import annotations

from aiohttp import web

from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.page.fields import Fields
from concierge_bot.playground.page.guard import Handler, done
from concierge_bot.playground.page.hub import Hub
from concierge_bot.playground.page.snapshot import Snapshot
from concierge_bot.playground.page.watched import WatchedPlayground
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person


class Gestures:
    """Handlers of the page's API, one a gesture."""

    def __init__(self, telegram: WatchedPlayground, snapshot: Snapshot, hub: Hub) -> None:
        self._telegram = telegram
        self._snapshot = snapshot
        self._hub = hub

    def handlers(self) -> dict[str, Handler]:
        """Returns the handlers by the last part of their address."""
        return {
            "write": self.write,
            "tap": self.tap,
            "react": self.react,
            "edit": self.edit,
            "delete": self.delete,
            "start": self.start,
            "block": self.block,
            "member": self.member,
        }

    def whose(self, fields: Fields) -> Person:
        """Finds the person who acts."""
        return self._telegram.somebody(fields.number("person"))

    def where(self, person: Person, chat_id: int) -> Person | Group:
        """Finds the chat: the person's own with the bot, or a group."""
        if chat_id == person.id:
            return person
        group = self._telegram.group_at(chat_id)
        if group is None:
            raise LookupError("there is no such chat")
        return group

    def which(self, person: Person, fields: Fields) -> Message:
        """Finds the message of the gesture."""
        chat = self.where(person, fields.number("chat")).chat
        if chat is not person.chat and not chat.has(person):
            raise PermissionError(f"{person.name} is not in {chat.name}")
        message = chat.messages.get(fields.number("message"))
        if message is None:
            raise LookupError("that message is gone")
        return message

    async def write(self, request: web.Request) -> web.StreamResponse:
        """Writes a text, perhaps as an answer to a message."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        chat = self.where(person, fields.number("chat"))
        number = fields.number_or_none("reply")
        answered = chat.chat.messages.get(number) if number is not None else None
        was_started = person.chat.started
        await person.writes(fields.text("text"), chat, answered)
        if person.chat.started != was_started:
            self._hub.people_changed()
        return done()

    async def tap(self, request: web.Request) -> web.StreamResponse:
        """Taps a button under a message. The bot's answer comes with the news."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        await person.taps_data(self.which(person, fields), fields.text("data"), wait=False)
        return done()

    async def react(self, request: web.Request) -> web.StreamResponse:
        """Puts an emoji on a message, or takes it away."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        await person.reacts(self.which(person, fields), fields.text_or_empty("emoji") or None)
        return done()

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """Edits a message of the person's own."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        await person.edits(self.which(person, fields), fields.text("text"))
        return done()

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Deletes a message."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        await person.deletes(self.which(person, fields))
        return done()

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Opens the bot, by an invitation's link perhaps, and presses Start."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        code = fields.text_or_empty("code").strip().rpartition("=")[2]  # a whole link will do
        await person.starts(code)
        self._snapshot.codes.pop(person.id, None)
        self._hub.people_changed()
        return done()

    async def block(self, request: web.Request) -> web.StreamResponse:
        """Blocks the bot, or unblocks it."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        await (person.blocks() if fields.flag("blocked") else person.unblocks())
        self._hub.people_changed()
        return done()

    async def member(self, request: web.Request) -> web.StreamResponse:
        """Joins a group, or leaves it."""
        fields = await Fields.of(request)
        person = self.whose(fields)
        group = self._telegram.group_at(fields.number("chat"))
        if group is None:
            raise LookupError("there is no such group")
        is_in = person in group.members
        if fields.flag("present") and not is_in:
            await group.add(person)
        elif not fields.flag("present") and is_in:
            await group.remove(person)
        self._hub.people_changed()
        return done()
