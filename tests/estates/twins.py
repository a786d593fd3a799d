"""Two estates of one installation that differ in everything but the names that people type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import claims, placing
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from concierge_bot.desk.roles import register
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Message, Person
from concierge_bot.playground.model.chats import Chat
from storage.tables import people as tables
from storage.tables.announcements import Announcement
from storage.tables.requests import Draft
from storage.tables.rows import row_id
from tests.estates.own_catalogues import service_of, team_of, write
from tests.runtime.harness import Books, nudge
from tests.support.cast import rested
from tests.support.roles import recorded
from tests.support.world import World

TEAMS = ("butlers", "maintenance")
CHIEF, MANAGER, BO, ANNA, WANG = "chief", "manager", "bo", "anna", "wang"
"""The people whom each estate has once; further butlers and owners are counted."""


@dataclass(frozen=True)
class Facts:
    """What an estate has of its own; each of its texts carries the mark."""

    mark: str
    timezone: str
    language: str
    currency: str
    digits: str
    """What its telephone numbers begin with."""

    @property
    def marks(self) -> tuple[str, str]:
        """Returns what only this estate may read."""
        return self.mark, self.digits

    @property
    def phones(self) -> dict[str, str]:
        """Returns its telephone numbers."""
        called = ("service_centre", "emergency", "doctors", "ambulance", "fire", "police")
        return {key: f"{self.digits} {number}" for number, key in enumerate(called, 10)}


BIRCH = Facts("Birch", "Asia/Shanghai", "en", "CNY", "+86 555 1111")
CEDAR = Facts("Cedar", "Europe/Lisbon", "zh_Hans", "EUR", "+351 777 2222")


@dataclass
class Twin:
    """One of the two: its people, groups, and the numbers of what is its own."""

    facts: Facts
    people: dict[str, Person]
    groups: dict[str, Group]
    estate_id: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    shown: dict[int, Message] = field(default_factory=dict)
    """A message of the bot's in each chat, to tap under."""

    @property
    def places(self) -> dict[str, int | str]:
        """Returns what is put into the data of taps: its numbers, and the service and team that it alone has."""
        return {**self.numbers, "service": service_of(self.facts.mark), "team": team_of(self.facts.mark)}

    @property
    def chats(self) -> dict[int, Chat]:
        """Returns its chats by their ids."""
        found = [*(person.chat for person in self.people.values()), *(group.chat for group in self.groups.values())]
        return {chat.id: chat for chat in found}


async def twins(world: World, books: Books, folder: Path, *, owners: int = 1, butlers: int = 1) -> tuple[Twin, Twin]:
    """Makes both estates, each with so many owners, and butlers in each of its two teams.

    The first goes by the common catalogue, the other has one of its own; both are written into the folder.
    """
    found = (_arrive(world, BIRCH, owners, butlers), _arrive(world, CEDAR, owners, butlers))
    for twin in found:
        for group in twin.groups.values():
            await group.add_bot(admin=True)
    with books.desk(world.clock) as desk:
        for number, twin in enumerate(found):
            _write_down(desk, twin, is_first=number == 0)
        recorded(desk.session, desk.now)
    world.catalogue = write(folder, [twin.facts.mark for twin in found])
    await world.restart()
    await rested(world)
    return found


def _arrive(world: World, facts: Facts, owners: int, butlers: int) -> Twin:
    telegram, mark = world.telegram, facts.mark
    names = [CHIEF, MANAGER, BO, ANNA, WANG, *_counted(owners - 1, "owner"), *_counted(2 * butlers - 2, "butler")]
    people = {name: telegram.person(f"{name.title()} {mark}", language_code=facts.language) for name in names}
    for person in people.values():
        person.chat.started = True
    works = {team: [people[name] for name in _members(team, people)] for team in TEAMS}
    groups = {team: telegram.group(f"{mark} {team}", by=people[CHIEF], members=works[team]) for team in TEAMS}
    return Twin(facts, people, groups)


def _counted(number: int, kind: str) -> Iterator[str]:
    return (f"{kind}{each}" for each in range(number))


def _members(team: str, people: dict[str, Person]) -> list[str]:
    further = [name for name in people if name.startswith("butler")]
    return [BO, *further[::2]] if team == "butlers" else [ANNA, *further[1::2]]


def _write_down(desk: Desk, twin: Twin, *, is_first: bool) -> None:
    facts, session = twin.facts, desk.session
    name, language, currency = f"{facts.mark} Estate", facts.language, facts.currency
    if is_first:
        estate = session.exec(select(tables.Estate)).one()
        estate.name, estate.language, estate.currency = name, language, currency
    else:
        estate = tables.Estate(name=name, timezone=facts.timezone, language=language, currency=currency)
    estate.phones = facts.phones
    if is_first:
        estates.move_to_zone(desk, estate, facts.timezone)
    else:
        estates.open_new(desk, estate)
    twin.estate_id = row_id(estate)
    for team, group in twin.groups.items():
        title, language = f"{facts.mark} {team}", facts.language
        chat = tables.StaffChat(estate_id=twin.estate_id, team=team, chat_id=group.id, title=title, language=language)
        session.add(chat)
    for at, (name, person) in enumerate(twin.people.items()):
        _known(session, desk.now, twin, name, person, at)
    for team, group in twin.groups.items():
        for name in _members(team, twin.people):
            number = twin.numbers[name]
            session.add(tables.Membership(chat_id=group.id, person_id=number, since=desk.now, confirmed_at=desk.now))


def _known(session: Session, now: datetime, twin: Twin, name: str, person: Person, at: int) -> None:
    mark = twin.facts.mark
    birthday = (now + timedelta(days=1 + at % 3)).date()
    known = tables.Person(
        estate_id=twin.estate_id,
        telegram_id=person.id,
        given_name=name.title(),
        surname=mark,
        joined_at=now,
        opened_at=now,
        supervises=name == CHIEF,
        manages=name == MANAGER,
        birth_month=birthday.month,
        birth_day=birthday.day,
    )
    if name == WANG or name.startswith("owner"):
        villa = tables.Villa(estate_id=twin.estate_id, name="8" if name == WANG else f"{mark} {name}")
        session.add(villa)
        session.flush()
        known.villa_id, known.form = villa.id, "m"
        twin.numbers.setdefault("villa", row_id(villa))
    session.add(known)
    session.flush()
    twin.numbers[name] = row_id(known)


def fill(world: World, books: Books, twin: Twin, *, requests: int = 2) -> None:
    """Gives an estate requests, the first of which Anna has claimed, a draft of a request and an announcement."""
    assert world.concierge is not None
    with books.desk(world.clock, world.concierge.desks.catalogue) as desk:
        _fill(desk, twin, requests)
    for chat in twin.chats.values():
        twin.shown[chat.id] = world.telegram._world.post(chat, world.telegram.bot, {"text": "Something of the bot's"})
    nudge(world)


def _fill(desk: Desk, twin: Twin, requests: int) -> None:
    wang, anna = (desk.person(twin.numbers[name]) for name in (WANG, ANNA))
    placed = [row_id(placing.place(desk, wang, "repair", repair(twin), draft_id=None)) for _ in range(requests)]
    sender = Sender(twin.people[ANNA].id, twin.groups["maintenance"].id, private=False)
    claims.claim(desk, Caller(sender, anna, words(twin.facts.language)), placed[0])
    draft = Draft(person_id=row_id(wang), service="shoe_shine", started_at=desk.now, in_hand_since=desk.now)
    texts = {twin.facts.language: {"text": f"{twin.facts.mark} says hello"}}
    chief = twin.numbers[CHIEF]
    announcement = Announcement(estate_id=twin.estate_id, author_id=chief, texts=texts, created_at=desk.now)
    desk.session.add_all([draft, announcement])
    desk.session.flush()
    newcomer = tables.Person(estate_id=twin.estate_id, villa_id=wang.villa_id, surname=f"{twin.facts.mark} newcomer")
    invites.invite(desk, newcomer, by=desk.person(chief))
    link = desk.session.exec(select(tables.Invite).where(tables.Invite.person_id == newcomer.id)).one()
    twin.numbers |= {
        "invite": row_id(link),
        "number": placed[0],
        "open": placed[-1],
        "draft": row_id(draft),
        "announcement": row_id(announcement),
        "role": row_id(register.standing(desk, wang)[0]),
    }


def repair(twin: Twin) -> dict[str, Any]:
    """Returns the answers that order a repair."""
    return {"kind": {"choice": "water"}, "what": {"text": f"{twin.facts.mark}'s tap drips"}, "when": {"soon": True}}


def leaks(twin: Twin, other: Twin, said: Sequence[tuple[int, str]]) -> list[str]:
    """Returns what an estate's chats were told that has a mark of the other estate's."""
    chats = twin.chats
    return [text for chat_id, text in said if chat_id in chats and any(mark in text for mark in other.facts.marks)]
