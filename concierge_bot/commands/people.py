"""`concierge people`: who is written down, what they are, and the end of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from sqlmodel import col, select

from concierge_bot.commands.invite import the_estate
from concierge_bot.commands.person import ENGLISH, the_person
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import ending, role_texts
from concierge_bot.desk.departures.ending import LastSupervisorError
from concierge_bot.desk.roles import register
from concierge_bot.language.typed import comparable
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.people import Estate, Invite, Person, Villa
from storage.tables.roles import Role, RoleKind
from storage.tables.rows import row_id

WIDTH = 160
"""The most columns of a table: it is read in a terminal, or passed to another program."""


@dataclass(frozen=True)
class Entry:
    """A line of the list of people; moments in UTC, as ISO 8601 has them."""

    number: int
    name: str
    estate: str
    roles: list[str]
    language: str | None
    joined_at: str | None
    link_until: str | None
    """The end date of a link that waits for them."""
    blocked_at: str | None
    left_at: str | None
    has_account: bool

    @property
    def state(self) -> str:
        """Returns how they stand, in a few words."""
        if self.left_at:
            return f"left on {self.left_at[:10]}"
        if self.blocked_at:
            return f"blocked the bot on {self.blocked_at[:10]}"
        if self.joined_at and not self.has_account:
            return "their account has ended" + (f", invited until {self.link_until[:10]}" if self.link_until else "")
        if self.joined_at:
            return f"joined on {self.joined_at[:10]}"
        return f"invited until {self.link_until[:10]}" if self.link_until else "not joined, and no link waits"


def table(
    settings: Settings,
    *,
    estate: str | None = None,
    villa: str | None = None,
    role: RoleKind | None = None,
    as_json: bool = False,
) -> str:
    """Returns the people as a table or as JSON: all, or those of an estate, a villa, a role. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        found = list(_entries(desk, estate, villa, role))
    return json.dumps([asdict(entry) for entry in found], ensure_ascii=False, indent=2) if as_json else _table(found)


def end(
    settings: Settings, number: int, *, role: RoleKind | None = None, villa: str | None = None, even_the_last: bool
) -> str:
    """Ends what somebody is: all of it, or one role. Returns a line for each. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        person = the_person(desk, number)
        ended = [one for one in register.standing(desk, person) if _is_meant(desk, one, role, villa)]
        if not ended:
            raise ConciergeError(f"{person.name} has none of these roles now: see `concierge people list`.")
        named = [role_texts.named(desk, one, ENGLISH) for one in ended]
        try:
            for one in ended:
                ending.end_for_operator(desk, one, even_the_last=even_the_last)
        except LastSupervisorError:
            raise ConciergeError(
                f"{person.name} is the last supervisor of {desk.estate(person.estate_id).name}, and nobody would hear "
                "of what is late: have another one join first, or say --even-the-last."
            ) from None
        return "\n".join(f"{person.name} ({number}) is not any more: {one}" for one in named)


def _is_meant(desk: Desk, role: Role, kind: RoleKind | None, villa: str | None) -> bool:
    is_there = villa is None or (role.villa_id is not None and _is_named(desk.villa(role.villa_id).name, villa))
    return is_there and (kind is None or role.kind is kind)


def _is_named(name: str, typed: str) -> bool:
    return comparable(name) == comparable(typed)


def _entries(desk: Desk, estate: str | None, villa: str | None, kind: RoleKind | None) -> Iterator[Entry]:
    people = select(Person).order_by(col(Person.id))
    if estate is not None:
        people = people.where(Person.estate_id == the_estate(desk, estate).id)
    roles, links = _roles(desk), _links(desk)
    for row in (*desk.session.exec(select(Estate)), *desk.session.exec(select(Villa))):
        desk.keep(row)
    for person in desk.session.exec(people):
        theirs = roles.get(row_id(person), [])
        if (villa is None and kind is None) or any(_is_meant(desk, role, kind, villa) for role in theirs):
            yield _entry(desk, person, theirs, links.get(row_id(person)))


def _entry(desk: Desk, person: Person, roles: Iterable[Role], link_until: str | None) -> Entry:
    return Entry(
        number=row_id(person),
        name=person.name,
        estate=desk.estate(person.estate_id).name,
        roles=[role_texts.named(desk, role, ENGLISH) for role in roles],
        language=person.language,
        joined_at=person.joined_at.isoformat() if person.joined_at else None,
        link_until=link_until if person.joined_at is None or person.telegram_id is None else None,
        blocked_at=person.blocked_at.isoformat() if person.blocked_at else None,
        left_at=person.left_at.isoformat() if person.left_at else None,
        has_account=person.telegram_id is not None,
    )


def _roles(desk: Desk) -> dict[int, list[Role]]:
    """Returns the standing roles by person."""
    found: dict[int, list[Role]] = {}
    for role in desk.session.exec(select(Role).where(col(Role.ends_at).is_(None)).order_by(col(Role.id))):
        found.setdefault(role.person_id, []).append(role)
    return found


def _links(desk: Desk) -> dict[int, str]:
    """Returns the end dates of the links that wait, the latest of each person."""
    waiting = select(Invite).where(col(Invite.used_at).is_(None), col(Invite.expires_at) > desk.now)
    found = desk.session.exec(waiting.order_by(col(Invite.expires_at)))
    return {invite.person_id: invite.expires_at.isoformat() for invite in found}


def _table(entries: list[Entry]) -> str:
    shown = Table("no.", "name", "estate", "is", "speaks", "state", box=box.SIMPLE_HEAD, pad_edge=False)
    for entry in entries:
        roles = "\n".join(entry.roles)
        shown.add_row(f"{entry.number}", entry.name, entry.estate, roles, entry.language or "", entry.state)
    into = io.StringIO()
    console = Console(file=into, width=WIDTH, markup=False, emoji=False, highlight=False)
    console.print(shown)
    return "\n".join(line.rstrip() for line in into.getvalue().strip("\n").splitlines())
