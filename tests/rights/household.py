"""Two estates: on the first somebody of every role, on the second those whose things are none of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import placing
from concierge_bot.desk.people import invites, staff
from concierge_bot.desk.requests import repository
from concierge_bot.desk.requests.answers import DANGER
from concierge_bot.desk.requests.drafts import ALERT_STEP
from concierge_bot.desk.roles import register
from concierge_bot.desk.roles.register import Grant
from concierge_bot.playground import Group, Message, Person
from concierge_bot.playground.model.chats import Chat
from storage.tables import people as tables
from storage.tables.announcements import Announcement
from storage.tables.requests import (
    Draft,
    EventKind,
    FollowUp,
    FollowUpOutcome,
    FollowUpWay,
    Request,
    RequestState,
    SignOff,
)
from storage.tables.roles import RoleKind, RoleWay
from storage.tables.rosters import RosterDraft
from storage.tables.rows import row_id
from tests.rights.table import ENDED, HERE, ROLES, THERE, Line
from tests.runtime.harness import Books, nudge
from tests.support.cast import rested
from tests.support.world import World

OWNERS = {"owner": ("8",), "several": ("10", "11"), "family": ("8",), "tenant": ("12",), "spare": ("12",)}
"""The villas of those who have some; the last two are there for others to try their rights on."""
GRANTS = {
    "supervisor": RoleKind.SUPERVISOR,
    "deputy": RoleKind.SUPERVISOR,
    "manager": RoleKind.MANAGER,
    "desk": RoleKind.FRONT_DESK,
    "cashier": RoleKind.CASHIER,
}
TEAM = ("butler", "lead", "helper", ENDED)
AWAY = {"host": RoleKind.OWNER, "chief": RoleKind.SUPERVISOR}
DRAFTS = 20
"""More than any owner has attempts at one in the table."""
REPAIR: dict[str, Any] = {
    "kind": {"choice": "water"},
    "urgency": {"choice": "minor"},
    "what": {"text": "The tap drips"},
    "files": {"skipped": True},
    "when": {"soon": True},
}


@dataclass
class Household:
    """The people, the groups, and the numbers that their taps name."""

    world: World
    books: Books
    people: dict[str, Person]
    groups: dict[str, Group]
    ids: dict[str, int] = field(default_factory=dict)
    """The number of each person."""
    facts: dict[str, dict[str, int]] = field(default_factory=dict)
    """The numbers of things by whose they are: of one role, or of the other estate."""
    drafts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """The drafts of each owner, one for each attempt: of a service, and of words without one."""
    shown: dict[int, Message] = field(default_factory=dict)
    """A message of the bot's in each chat, to tap under."""

    def chat(self, role: str, line: Line, estate: str) -> Chat:
        """Returns the chat in which somebody acts."""
        return self.groups[estate].chat if line.is_in_group(estate) else self.people[role].chat

    def data(self, role: str, line: Line, estate: str) -> str:
        """Returns what somebody taps or types: about things of their own, of their estate, or of the other one."""
        facts = {**self.facts[HERE], **self.facts.get(role, {})} if estate == HERE else self.facts[THERE]
        if estate == HERE and role in self.drafts:
            facts |= {kind: waiting.pop() for kind, waiting in self.drafts[role].items() if f"{{{kind}}}" in line.typed}
        return line.typed.format_map(facts)


async def settle(world: World, books: Books) -> Household:
    """Makes the two estates, with a request, a draft or an announcement of whoever may have one."""
    telegram = world.telegram
    names = [*ROLES, "tenant", "spare", "deputy", "helper", *AWAY]
    people = {name: telegram.person(name.title(), language_code="en") for name in names}
    for person in people.values():
        person.chat.started = True
    inside = [people[name] for name in ("butler", "lead", "helper", "supervisor", "manager", ENDED)]
    groups = {
        HERE: telegram.group("Maintenance", by=people["deputy"], members=inside),
        THERE: telegram.group("Lakeside", by=people["chief"]),
    }
    for group in groups.values():
        await group.add_bot(admin=True)
    await rested(world)
    found = Household(world, books, people, groups)
    with books.desk(world.clock) as desk:
        _write_down(desk, found)
    nudge(world)
    await rested(world)
    for chat in [*(person.chat for person in people.values()), *(group.chat for group in groups.values())]:
        found.shown[chat.id] = telegram._world.post(chat, telegram.bot, {"text": "Something of the bot's"})
    return found


def _write_down(desk: Desk, found: Household) -> None:
    here = desk.session.exec(select(tables.Estate)).one()
    there = tables.Estate(name="Lakeside", timezone="Asia/Tokyo", language="en", currency="JPY")
    desk.session.add(there)
    desk.session.flush()
    for estate, place in ((here, HERE), (there, THERE)):
        chat = tables.StaffChat(
            estate_id=row_id(estate),
            team="maintenance",
            chat_id=found.groups[place].id,
            title=found.groups[place].chat.title,
            language="en",
        )
        desk.session.add(chat)
    villas = {name: _villa(desk, here, name) for name in ("8", "10", "11", "12")}
    for name, theirs in OWNERS.items():
        kind = RoleKind.FAMILY if name == "family" else RoleKind.OWNER
        _known(desk, found, here, name, *(Grant(kind, villa_id=villas[villa]) for villa in theirs))
    for name, kind in GRANTS.items():
        _known(desk, found, here, name, Grant(kind))
    for name in TEAM:
        _works(desk, found, here, name)
    lead = desk.person(found.ids["lead"])
    (chat,) = staff.chats_at(desk, found.groups[HERE].id)
    staff.lead(desk, chat, lead, by=desk.person(found.ids["deputy"]))
    _has_been(desk, found, villas["8"])
    away = _villa(desk, there, "8")
    _known(desk, found, there, "host", Grant(RoleKind.OWNER, villa_id=away))
    _known(desk, found, there, "chief", Grant(RoleKind.SUPERVISOR))
    desk.session.flush()
    _give_work(desk, found, villas, away)


def _villa(desk: Desk, estate: tables.Estate, name: str) -> int:
    villa = tables.Villa(estate_id=row_id(estate), name=name)
    desk.session.add(villa)
    desk.session.flush()
    return row_id(villa)


def _known(desk: Desk, found: Household, estate: tables.Estate, name: str, *grants: Grant) -> tables.Person:
    person = tables.Person(
        estate_id=row_id(estate),
        telegram_id=found.people[name].id,
        surname=name.title() if name in OWNERS else "",
        given_name="" if name in OWNERS else name.title(),
        form="m",
        language="en",
        joined_at=desk.now,
        opened_at=desk.now,
    )
    desk.session.add(person)
    desk.session.flush()
    for grant in grants:
        register.give(desk, person, grant, by=None, how=RoleWay.LINK)
    found.ids[name] = row_id(person)
    return person


def _works(desk: Desk, found: Household, estate: tables.Estate, name: str) -> None:
    person = _known(desk, found, estate, name)
    chat_id = found.groups[HERE].id
    desk.session.add(
        tables.Membership(chat_id=chat_id, person_id=row_id(person), since=desk.now, confirmed_at=desk.now)
    )
    desk.session.flush()
    register.give(desk, person, Grant(RoleKind.BUTLER, team="maintenance"), by=None, how=RoleWay.GROUP)


def _has_been(desk: Desk, found: Household, villa_id: int) -> None:
    """Ends all that somebody was, who is still in the group: owner, butler, supervisor and manager."""
    person = desk.person(found.ids[ENDED])
    for grant in (Grant(RoleKind.OWNER, villa_id=villa_id), Grant(RoleKind.SUPERVISOR), Grant(RoleKind.MANAGER)):
        register.give(desk, person, grant, by=None, how=RoleWay.LINK)
    _things_of(desk, found, ENDED, villa_id)
    for role in register.standing(desk, person):
        if role.kind in register.OF_A_TEAM:
            staff.dismiss(desk, person, role, by=None, how=RoleWay.COMMAND)
        else:
            register.end(desk, role, by=None, how=RoleWay.COMMAND)


def _give_work(desk: Desk, found: Household, villas: dict[str, int], away: int) -> None:
    for name in ("owner", "several", "family"):
        _things_of(desk, found, name, villas[OWNERS[name][0]])
        found.drafts[name] = {
            "draft": [_draft(desk, found.ids[name], "shoe_shine") for _ in range(DRAFTS)],
            "words": [_draft(desk, found.ids[name]) for _ in range(DRAFTS)],
            "alert": [_alert(desk, found.ids[name]) for _ in range(DRAFTS)],
        }
    for name in ("supervisor", "manager"):
        found.facts[name] = _of_superior(desk, found.ids[name])
    spare = desk.person(found.ids["spare"])
    found.facts[HERE] = {
        **found.facts["owner"],
        **found.facts["supervisor"],
        "person": found.ids["tenant"],
        "butler": found.ids["helper"],
        "role": row_id(register.standing(desk, spare)[0]),
        **_awaited(desk, villas["8"]),
    }
    _things_of(desk, found, "host", away)
    host, chief = (desk.person(found.ids[name]) for name in ("host", "chief"))
    found.facts[THERE] = {
        **found.facts.pop("host"),
        **_of_superior(desk, row_id(chief)),
        "person": row_id(host),
        "butler": row_id(chief),
        "role": row_id(register.standing(desk, chief)[0]),
        **_awaited(desk, away),
    }


def _awaited(desk: Desk, villa_id: int) -> dict[str, int]:
    """Writes an owner of a villa who was invited and has not joined. Returns the numbers of all three."""
    person = tables.Person(estate_id=desk.villa(villa_id).estate_id, villa_id=villa_id, surname="Awaited")
    code, _ = invites.invite(desk, person)
    invite = invites.of_code(desk, code)
    assert invite is not None
    return {"villa": villa_id, "awaited": row_id(person), "invite": row_id(invite)}


def _things_of(desk: Desk, found: Household, name: str, villa_id: int) -> None:
    person = desk.person(found.ids[name])
    person.villa_id = villa_id
    desk.session.flush()
    found.facts[name] = {
        "request": row_id(_placed(desk, person)),
        "done": row_id(_done(desk, _placed(desk, person))),
        "draft": _draft(desk, row_id(person), "shoe_shine"),
        "words": _draft(desk, row_id(person)),
        "alert": _alert(desk, row_id(person)),
        "villa": villa_id,
        "own": row_id(person),
    }


def _placed(desk: Desk, owner: tables.Person) -> Request:
    """Places a repair, for which another time was proposed."""
    request = placing.place(desk, owner, "repair", dict(REPAIR), draft_id=None)
    repository.record(desk, request, EventKind.PROPOSED, owner, {"number": 1, "wish": {"soon": True}})
    return request


def _done(desk: Desk, request: Request) -> Request:
    """Makes a request one that is done, to be signed for and followed up."""
    request.state, request.done_at, request.claimed_by = RequestState.DONE, desk.now, request.person_id
    called = {"way": FollowUpWay.CALL, "outcome": FollowUpOutcome.NOT_REACHED}
    repository.record(desk, request, EventKind.CALLED, desk.person(request.person_id), called)
    later = desk.now + timedelta(days=1)
    owed = (SignOff(request_id=row_id(request), due_at=later), FollowUp(request_id=row_id(request), due_at=later))
    desk.session.add_all(owed)
    desk.session.flush()
    return request


def _draft(desk: Desk, person_id: int, service: str | None = None) -> int:
    return _kept(desk, Draft(person_id=person_id, service=service, started_at=desk.now))


def _alert(desk: Desk, person_id: int) -> int:
    """Makes the draft of somebody who said danger, and was asked whether somebody shall come."""
    told: dict[str, Any] = {
        "kinds": ["fire"],
        "said": {},
        "files": [],
        "album": None,
        "before": None,
        "after": None,
        "shown": None,
    }
    answers = {DANGER: {**told, "continues": False}}
    return _kept(desk, Draft(person_id=person_id, step=ALERT_STEP, answers=answers, started_at=desk.now))


def _kept(desk: Desk, draft: Draft) -> int:
    desk.session.add(draft)
    desk.session.flush()
    return row_id(draft)


def _of_superior(desk: Desk, author_id: int) -> dict[str, int]:
    announcement = Announcement(
        estate_id=desk.person(author_id).estate_id,
        author_id=author_id,
        texts={"en": {"text": "Hello"}},
        created_at=desk.now,
    )
    roster = RosterDraft(author_id=author_id, team="maintenance", text="Mon 8-16 Helper", created_at=desk.now)
    desk.session.add_all([announcement, roster])
    desk.session.flush()
    return {"announcement": row_id(announcement), "roster": row_id(roster)}
