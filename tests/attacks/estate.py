"""Two estates with people of every kind, written straight into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import claims, placing
from concierge_bot.desk.roles import register
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Message, Person
from concierge_bot.playground.model.chats import Chat
from storage.tables import people as tables
from storage.tables.announcements import Announcement
from storage.tables.requests import Draft
from storage.tables.rows import row_id
from tests.attacks.row import BUTLERS, ELSEWHERE, HOME, LAKESIDE, MAINTENANCE
from tests.runtime.harness import Books, nudge
from tests.support.cast import rested
from tests.support.roles import recorded
from tests.support.world import World

LANGUAGES = {
    "stranger": "zh_Hans",
    "wang": "zh_Hans",
    "li": "en",
    "tanaka": "en",
    "mori": "zh_Hans",
    "cleo": "zh_Hans",
    "bo": "zh_Hans",
}
OWNERS = {"wang": "8", "li": "9", "walled": "10"}


@dataclass
class Estate:
    """The estate under attack: its people, groups, messages and numbers."""

    world: World
    books: Books
    people: dict[str, Person]
    groups: dict[str, Group]
    shown: dict[tuple[str, str], Message]
    """A message of the bot's in each chat, to tap under."""
    numbers: dict[str, int]

    def chat(self, who: str, where: str) -> Chat:
        """Returns the chat in which somebody acts."""
        return self.people[who].chat if where == HOME else self.groups[where].chat

    def message(self, who: str, where: str) -> Message:
        """Returns the message under which somebody taps."""
        return self.shown[who if where == HOME else "", where]


async def settle(world: World, books: Books) -> Estate:
    """Makes an estate where Anna has claimed a repair of Wang's, and Wang and Chen each have a draft.

    Wang's is of another request, Chen's of an announcement.
    """
    telegram, now = world.telegram, world.clock.now()
    names = ["stranger", "wang", "li", "walled", "tanaka", "mori", "ito", "chen", "boss", "anna", "ben", "bo", "cleo"]
    people = {name: telegram.person(name.title(), language_code=LANGUAGES.get(name, "en")) for name in names}
    for person in people.values():
        person.chat.started = True
    groups = {
        MAINTENANCE: telegram.group("Maintenance", by=people["chen"], members=[people["anna"], people["ben"]]),
        BUTLERS: telegram.group("Butlers", by=people["chen"], members=[people["bo"]]),
        LAKESIDE: telegram.group("Lakeside", by=people["mori"], members=[people["ito"]]),
        ELSEWHERE: telegram.group("Elsewhere", by=people["stranger"], members=list(people.values())[1:]),
    }
    for group in groups.values():
        await group.add_bot(admin=True)
    with books.session() as session:
        _write_down(session, now, people, groups)
        recorded(session, now)
    await rested(world)
    with books.desk(world.clock) as desk:
        numbers = _at_work(desk, groups, people)
    nudge(world)
    await rested(world)
    shown = {(name, HOME): _card(world, person.chat) for name, person in people.items()}
    shown |= {("", where): _card(world, group.chat) for where, group in groups.items()}
    return Estate(world, books, people, groups, shown, numbers)


def _card(world: World, chat: Chat) -> Message:
    return world.telegram._world.post(chat, world.telegram.bot, {"text": "Something of the bot's"})


def _write_down(session: Session, now: datetime, people: dict[str, Person], groups: dict[str, Group]) -> None:
    first = session.exec(select(tables.Estate)).one()
    other = tables.Estate(name="Lakeside", timezone="Asia/Tokyo", language="en", currency="JPY")
    session.add(other)
    session.flush()

    def known(name: str, estate: tables.Estate, **facts: Any) -> int:
        is_owner = "villa_id" in facts
        person = tables.Person(
            estate_id=row_id(estate),
            telegram_id=people[name].id,
            surname=name.title() if is_owner else "",
            given_name="" if is_owner else name.title(),
            language=LANGUAGES.get(name, "en"),
            joined_at=now,
            opened_at=now,
            **facts,
        )
        session.add(person)
        session.flush()
        return row_id(person)

    def villa(estate: tables.Estate, name: str) -> int | None:
        found = tables.Villa(estate_id=row_id(estate), name=name)
        session.add(found)
        session.flush()
        return found.id

    for name, house in OWNERS.items():
        known(name, first, villa_id=villa(first, house), form="m")
    known("tanaka", other, villa_id=villa(other, "8"), form="m")
    known("chen", first, supervises=True)
    known("mori", other, supervises=True)
    known("boss", first, manages=True)
    for where, estate, members in (
        (MAINTENANCE, first, ("anna", "ben", "cleo")),
        (BUTLERS, first, ("bo",)),
        (LAKESIDE, other, ("ito",)),
    ):
        chat_id = groups[where].id
        team = "butlers" if where == LAKESIDE else where
        session.add(
            tables.StaffChat(estate_id=row_id(estate), team=team, chat_id=chat_id, title=where.title(), language="en")
        )
        for name in members:
            left_at = now if name == "cleo" else None
            session.add(tables.Membership(chat_id=chat_id, person_id=known(name, estate), since=now, left_at=left_at))


def _at_work(desk: Desk, groups: dict[str, Group], people: dict[str, Person]) -> dict[str, int]:
    rows = {row.telegram_id: row for row in desk.session.exec(select(tables.Person))}
    wang, anna, chen = (rows[people[name].id] for name in ("wang", "anna", "chen"))
    repair: dict[str, Any] = {"kind": {"choice": "water"}, "what": {"text": "The tap drips"}, "when": {"soon": True}}
    numbers = {}
    for name in ("number", "open"):
        numbers[name] = row_id(placing.place(desk, wang, "repair", dict(repair), draft_id=None))
    sender = Sender(people["anna"].id, groups[MAINTENANCE].id, private=False)
    claims.claim(desk, Caller(sender, anna, words("en")), numbers["number"])
    draft = Draft(person_id=row_id(wang), service="shoe_shine", started_at=desk.now, in_hand_since=desk.now)
    announcement = Announcement(
        estate_id=chen.estate_id, author_id=row_id(chen), texts={"en": {"text": "Hello"}}, created_at=desk.now
    )
    link = tables.Invite(code_hash="a link of Wang's", person_id=row_id(wang), expires_at=desk.now)
    desk.session.add_all([draft, announcement, link])
    desk.session.flush()
    return {
        **numbers,
        "draft": row_id(draft),
        "announcement": row_id(announcement),
        "bo": row_id(rows[people["bo"].id]),
        "wang": row_id(wang),
        "boss": row_id(rows[people["boss"].id]),
        "boss_role": row_id(register.standing(desk, rows[people["boss"].id])[0]),
        "tanaka": row_id(rows[people["tanaka"].id]),
        "ito": row_id(rows[people["ito"].id]),
        "villa": wang.villa_id or 0,
        "invite": row_id(link),
        "role": row_id(register.standing(desk, wang)[0]),
    }
