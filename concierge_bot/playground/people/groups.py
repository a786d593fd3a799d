"""Groups: their members, their administrators, and their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.permissions import EVERYTHING
from concierge_bot.playground.model.places import Membership
from concierge_bot.playground.model.topics import close_topic, delete_topic, open_topic, reopen_topic
from concierge_bot.playground.model.world import World
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.people.screens import Screen


class Group(Screen):
    """A group, supergroup or channel. Make one with `Playground.group`.

    Its `id` changes when a basic group becomes a supergroup; the object stays the same.
    """

    def __init__(
        self,
        world: World,
        title: str,
        by: Person,
        members: Sequence[Person],
        *,
        kind: str,
        forum: bool,
        with_bot: bool,
    ) -> None:
        if kind not in {"group", "supergroup", "channel"}:
            raise ValueError('a group is of kind "group", "supergroup" or "channel"')
        if forum and kind != "supergroup":
            raise ValueError("only supergroups have topics")
        self._world = world
        self._creator = by
        self._chat = Chat(world.next_group_id(kind), kind, title=title, forum=forum)
        world.chats[self._chat.id] = self._chat
        self._chat.members[by.id] = Membership(by, "creator")
        for person in members:
            self._chat.members.setdefault(person.id, Membership(person, "member"))
        if with_bot:
            world.set_status(self._chat, world.bot, "member", by)
        if kind == "group":
            world.post(self._chat, by, {"group_chat_created": True})
        elif with_bot:
            self._joined(world.bot, by)

    def __repr__(self) -> str:
        return f"<Group {self.id} {self._chat.title}>"

    @property
    def chat(self) -> Chat:
        """Returns the chat as it is now."""
        return self._chat

    @property
    def id(self) -> int:
        """Returns Telegram's number of the chat as it is now."""
        return self._chat.id

    @property
    def title(self) -> str:
        """Returns the title."""
        return self._chat.title

    @property
    def members(self) -> list[Account]:
        """Returns the members of now, the bot included."""
        return [member.account for member in self._chat.members.values() if member.present]

    # The bot

    async def add_bot(self, by: Person | None = None, *, admin: bool = False) -> None:
        """Adds the bot: `my_chat_member` and a service message tell it. In a channel it is an administrator at once."""
        if self._chat.kind == "channel":
            self._world.set_status(self._chat, self._world.bot, "administrator", by or self._creator)
            return
        self._world.set_status(self._chat, self._world.bot, "member", by or self._creator)
        self._joined(self._world.bot, by or self._creator)
        if admin:
            await self.promote_bot(by)

    async def remove_bot(self, by: Person | None = None) -> None:
        """Throws the bot out. In a basic group it still sees the service message."""
        actor = by or self._creator
        if self._chat.kind == "group":
            self._world.post(self._chat, actor, {"left_chat_member": self._world.bot.wire()})
        self._world.set_status(self._chat, self._world.bot, "kicked", actor)

    async def promote_bot(self, by: Person | None = None, *, denied: Sequence[str] = ()) -> None:
        """Makes the bot an administrator, with all rights but those in `denied`."""
        self._require_bot()
        world, bot = self._world, self._world.bot
        before = self._chat.members[bot.id]
        after = replace(before, status="administrator", denied=frozenset(denied))
        self._chat.members[bot.id] = after
        world.member_changed(self._chat, by or self._creator, before.wire(), after.wire())

    async def demote_bot(self, by: Person | None = None) -> None:
        """Makes the bot a plain member again."""
        self._require_bot()
        self._world.set_status(self._chat, self._world.bot, "member", by or self._creator)

    async def restrict_bot(self, *permissions: str, by: Person | None = None) -> None:
        """Takes permissions from the bot, "can_send_photos" say; without names, all to send anything."""
        self._require_bot()
        self._stand_bot("restricted", frozenset(permissions) or EVERYTHING, by)

    async def release_bot(self, by: Person | None = None) -> None:
        """Lifts the bot's restrictions."""
        self._require_bot()
        self._stand_bot("member", frozenset(), by)

    def _stand_bot(self, status: str, denied: frozenset[str], by: Person | None) -> None:
        before = self._chat.members[self._world.bot.id]
        after = self._chat.members[self._world.bot.id] = replace(before, status=status, denied=denied)
        self._world.member_changed(self._chat, by or self._creator, before.wire(), after.wire())

    def _require_bot(self) -> None:
        if not self._chat.has(self._world.bot):
            raise PermissionError(f"the bot is not in {self.title}")

    # What the group is like

    async def forbid(self, *permissions: str) -> None:
        """Denies members permissions to send some kinds of messages, or any; nobody is told."""
        self._chat.forbidden = frozenset(permissions) or EVERYTHING

    async def allow(self) -> None:
        """Allows members everything again."""
        self._chat.forbidden = frozenset()

    async def hide_members(self) -> None:
        """Lets nobody but administrators see the members."""
        self._chat.hidden_members = True

    async def rename(self, title: str, by: Person | None = None) -> None:
        """Gives the group another name."""
        self._chat.title = title
        self._world.post(self._chat, by or self._creator, {"new_chat_title": title})

    # People

    async def add(self, person: Person, by: Person | None = None) -> None:
        """Lets somebody in; `by` is who added them, themselves by default."""
        self._world.set_status(self._chat, person, "member", by or person)
        if self._chat.kind != "channel":
            self._joined(person, by or person)

    async def remove(self, person: Person, by: Person | None = None) -> None:
        """Throws somebody out, or lets them leave if `by` is None."""
        if not self._chat.has(person):
            raise PermissionError(f"{person.name} is not in {self.title}")
        status = "left" if by is None else "kicked"
        self._world.set_status(self._chat, person, status, by or person)
        if self._chat.kind == "channel":
            return
        self._world.post(self._chat, by or person, {"left_chat_member": person.wire()})

    async def promote(self, person: Person, by: Person | None = None) -> None:
        """Makes somebody an administrator."""
        self._world.set_status(self._chat, person, "administrator", by or self._creator)

    def _joined(self, account: Account, by: Account) -> None:
        self._world.post(self._chat, by, {"new_chat_members": [account.wire()]})

    # Topics

    async def open_topic(self, name: str, by: Person | None = None) -> int:
        """Opens a forum topic and returns its thread id."""
        if not self._chat.forum:
            raise PermissionError(f"{self.title} has no topics")
        return open_topic(self._world, self._chat, name, by or self._creator).thread_id

    async def close_topic(self, thread: int, by: Person | None = None) -> None:
        """Closes a forum topic: only administrators write there from now on."""
        close_topic(self._world, self._chat, thread, by or self._creator)

    async def reopen_topic(self, thread: int, by: Person | None = None) -> None:
        """Opens a closed forum topic again."""
        reopen_topic(self._world, self._chat, thread, by or self._creator)

    async def close_general(self) -> None:
        """Closes the General topic, which every forum has."""
        self._chat.general_closed = True

    async def delete_topic(self, thread: int) -> None:
        """Deletes a forum topic and all its messages. The bot is not told."""
        delete_topic(self._world, self._chat, thread, self._creator)

    # From basic group to supergroup

    async def migrate(self, by: Person | None = None) -> None:
        """Becomes a supergroup: a new id, empty for the bot, told by service messages in both."""
        if self._chat.kind != "group":
            raise PermissionError(f"{self.title} is a supergroup already")
        world, old, actor = self._world, self._chat, by or self._creator
        new = Chat(world.next_group_id("supergroup"), "supergroup", title=old.title)
        new.members = dict(old.members)
        new.migrated_from = old
        world.chats[new.id] = new
        world.post(old, actor, {"migrate_to_chat_id": new.id})
        old.migrated_to = new
        self._chat = new
        world.post(new, actor, {"migrate_from_chat_id": old.id})
