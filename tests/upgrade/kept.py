"""An estate as a release has left it: its database, and the state of its Telegram at that moment."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from concierge_bot.clocks import TurnableClock
from concierge_bot.commands.backup import bring_back
from concierge_bot.commands.migrate import go_to
from concierge_bot.playground import Group, Message, Person, Playground, TapAnswer
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.places import Membership
from concierge_bot.settings import Settings
from storage.schema import HEAD
from tests.support.world import World

HERE = Path(__file__).parent
LATER = timedelta(seconds=20)
"""The time between the stop of the old program and the start of the new one."""


@cache
def book(release: str) -> dict[str, Any]:
    """Returns the facts that were recorded about the estate beside its database."""
    found: dict[str, Any] = json.loads((HERE / f"{release}.json").read_text(encoding="utf-8"))
    return found


def settings_for(database_url: str) -> Settings:
    """Returns the settings for the commands."""
    return Settings(_env_file=None, database_url=database_url)


def lay_down(release: str, database_url: str) -> None:
    """Writes the database file of the release in the place of an SQLite database that is not there yet."""
    target = Path(make_url(database_url).database or "")
    target.write_bytes(gzip.decompress((HERE / f"{release}.sqlite.gz").read_bytes()))
    target.chmod(0o600)


def restore(release: str, database_url: str) -> None:
    """Restores the archive of the release into a database, as `concierge restore` does."""
    bring_back(settings_for(database_url), HERE / f"{release}.zip", replace=False)


def migrate(database_url: str) -> str:
    """Migrates a database as `concierge migrate` does. Returns the printed text."""
    return go_to(settings_for(database_url), HEAD, lose=None)


@dataclass(frozen=True)
class Estate:
    """The estate in its Telegram, and the concierge over its database."""

    world: World
    book: dict[str, Any]
    people: dict[str, Person]
    groups: dict[str, Group]

    def number(self, what: str) -> int:
        """Returns the number of a request, by its purpose."""
        return int(self.book["requests"][what])

    def screen(self, name: str) -> Person | Group:
        """Returns the private chat of somebody, or a group."""
        return self.people.get(name) or self.groups[name]

    def old(self, name: str, button: str) -> Message:
        """Returns the newest message of the earlier program's in a chat that had such a button."""
        return self._button(name, button)[0]

    async def taps(self, name: str, button: str, *, group: str | None = None) -> TapAnswer:
        """Taps a button of the earlier program's, whether or not it is still there. Returns the answer.

        `button` is its callback data; a `*` in it stands for anything.
        """
        message, data = self._button(group or name, button)
        answer = await self.people[name].taps_data(message, data)
        assert answer.answered, f"nobody answered {name}, who tapped {data}"
        return answer

    def _button(self, name: str, button: str) -> tuple[Message, str]:
        chat = self.screen(name).chat
        for kept in reversed(self.book["chats"][str(chat.id)]["messages"]):
            for data in buttons_of(kept):
                if fnmatchcase(data, button):
                    return chat.messages[kept["message_id"]], data
        raise LookupError(f"{name} never saw a button {button}")

    def new(self, name: str) -> list[Message]:
        """Returns the bot's messages in a chat since it has today's program."""
        screen = self.screen(name)
        last = self.book["chats"][str(screen.chat.id)]["last"]
        return [
            message
            for message in screen.screen()
            if message.id > last and message.sender is self.world.telegram.bot and not message.service
        ]


def buttons_of(kept: dict[str, Any]) -> list[str]:
    """Returns the callback data of the buttons under a message."""
    rows = kept.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


@asynccontextmanager
async def taken_over(release: str, database_url: str) -> AsyncIterator[Estate]:
    """Yields the estate before today's program starts; `estate.world.start()` starts it."""
    found = book(release)
    clock = TurnableClock(datetime.fromisoformat(found["stopped_at"]) + LATER)
    async with Playground(now=clock.now) as telegram:
        people, groups = recall(telegram, found)
        world = World(telegram, clock, database_url)
        try:
            yield Estate(world, found, people, groups)
        finally:
            await world.stop()
        assert telegram.violations == []


def recall(telegram: Playground, found: dict[str, Any]) -> tuple[dict[str, Person], dict[str, Group]]:
    """Restores the accounts, groups and messages of the earlier Telegram in a new one, with the same ids.

    Ids are given in order, so the same order brings the same ids. The last update that the bot had received is handed
    out once more, as Telegram does where a stop came before the confirmation; later ones are numbered on.
    """
    people = {known["name"]: _person(telegram, known) for known in found["people"]}
    groups = {known["title"]: _group(telegram, known) for known in found["groups"]}
    for file_id in found["files"]:
        while telegram._world.files.store("photo", b"a picture").wire["file_id"] != file_id:
            pass
    for screen in (*people.values(), *groups.values()):
        _fill(telegram, screen.chat, found["chats"][str(screen.chat.id)])
    telegram.inject(found["received"][-1])
    return people, groups


def _person(telegram: Playground, known: dict[str, Any]) -> Person:
    person = telegram.person(known["name"], language_code=known["language"])
    assert person.id == known["id"]
    person.chat.started, person.chat.blocked = known["started"], known["blocked"]
    return person


def _group(telegram: Playground, known: dict[str, Any]) -> Group:
    accounts = {int(number): telegram.account(int(number)) for number in known["members"]}
    creator = next(accounts[int(number)] for number, status in known["members"].items() if status == "creator")
    assert isinstance(creator, Person)
    group = telegram.group(known["title"], by=creator)
    assert group.id == known["id"]
    for number, status in known["members"].items():
        account = accounts[int(number)]
        assert account is not None
        group.chat.members[account.id] = Membership(account, status)
    return group


def _fill(telegram: Playground, chat: Chat, known: dict[str, Any]) -> None:
    for kept in known["messages"]:
        sender = telegram.account(kept["from"])
        assert sender is not None
        above = chat.messages.get(kept.get("reply_to", 0))
        wire = {key: value for key, value in kept.items() if key != "reply_to"}
        wire |= {"from": sender.wire(), "chat": chat.wire()}
        if above is not None:
            wire["reply_to_message"] = above.quoted()
        chat.messages[kept["message_id"]] = Message(chat, sender, wire, above)
    while chat.next_message_id() < known["last"]:
        pass
