"""Links that were made, and the end of them: `concierge invite list`, `revoke` and `renew`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from concierge_bot.commands.invite import link, the_estate, username, void_unless_kept
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.people import invites
from concierge_bot.i18n import words
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.people import Estate, Invite, Person, Villa
from storage.tables.roles import Role
from storage.tables.rows import row_id

ENGLISH = words("en")
"""The language of the commands."""
WIDTH = 180
"""The most columns of a table: it is read in a terminal, or passed to another program."""
LARGEST = 2**31 - 1
"""The largest number that PostgreSQL gives to a link."""


class LinkState(StrEnum):
    """The state of a link."""

    WAITING = "waiting"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Entry:
    """A line of the list of links; moments in UTC, as ISO 8601 has them."""

    number: int
    name: str
    roles: list[str]
    estate: str
    villas: list[str]
    made_at: str | None
    """None for a link of an older version."""
    made_by: str | None
    """The name of the superior who made it; None where it was the operator."""
    expires_at: str
    used_at: str | None
    revoked_at: str | None
    state: LinkState


def table(settings: Settings, *, estate: str | None = None, every: bool = False, as_json: bool = False) -> str:
    """Returns the links that wait, or every link, as a table or as JSON. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        found = list(_entries(desk, estate, every=every))
    if as_json:
        return json.dumps([asdict(entry) for entry in found], ensure_ascii=False, indent=2)
    return _table(found) if found else "No link waits." if not every else "No link was ever made."


def revoke(settings: Settings, number: int) -> str:
    """Revokes a link that waits. Returns a line that says whose it was. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        invite = _the_link(desk, number)
        if not invites.revoke(desk, number):
            raise ConciergeError(f"Link {number} can no longer be revoked: {_became(desk, invite)}.")
        return f"Link {number} of {desk.person(invite.person_id).name} was revoked: nobody can join with it any longer."


async def renew(settings: Settings, number: int, echo: Callable[[str], None]) -> None:
    """Prints a new link in place of an old one, which leads nowhere from then on. Raises ConciergeError."""
    name = await username(settings)
    installation = open_own(settings)
    with closing(installation.storage), void_unless_kept(), installation.desk() as desk:
        invite = _the_link(desk, number)
        person = desk.person(invite.person_id)
        if invite.used_at is not None or _has_joined(person) or person.left_at is not None:
            raise ConciergeError(f"There is nobody to join by link {number}: {_became(desk, invite)}.")
        invites.end_waiting(desk, row_id(person))
        code, expires_at = invites.invite(desk, person)
        zone = desk.zone(person.estate_id)
        echo(f"A new link for {person.name}; the earlier one no longer works:")
        echo(link(name, code))  # before the commit: no link is ended whose successor is lost
        echo(f"One use, until {expires_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone}).")


def _the_link(desk: Desk, number: int) -> Invite:
    invite = desk.session.get(Invite, number) if 0 < number <= LARGEST else None
    if invite is None:
        raise ConciergeError(f"There is no link {number}: see `concierge invite list --all`.")
    return invite


def _has_joined(person: Person) -> bool:
    """Tells whether somebody is there: joined, with an account that has not ended since."""
    return person.joined_at is not None and person.telegram_id is not None


def _became(desk: Desk, invite: Invite) -> str:
    """Returns what has become of a link, for the end of a sentence."""
    person = desk.person(invite.person_id)
    state = _state(desk, invite)
    if state is not LinkState.USED and person.left_at is not None:
        return f"{person.name} left on {_day(person.left_at)}"
    if state is not LinkState.USED and person.joined_at is not None and _has_joined(person):
        return f"{person.name} joined on {_day(person.joined_at)}"
    said = {
        LinkState.USED: f"{person.name} joined by it on {_day(invite.used_at)}",
        LinkState.REVOKED: f"it was revoked on {_day(invite.revoked_at)}",
        LinkState.EXPIRED: f"it expired on {_day(invite.expires_at)}",
        LinkState.WAITING: f"it waits for {person.name}",
    }
    return said[state]


def _state(desk: Desk, invite: Invite) -> LinkState:
    if invite.used_at is not None:
        return LinkState.USED
    if invite.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.WAITING if invite.expires_at > desk.now else LinkState.EXPIRED


def _entries(desk: Desk, estate: str | None, *, every: bool) -> Iterator[Entry]:
    chosen = select(Invite, Person).join(Person, col(Person.id) == Invite.person_id).order_by(col(Invite.id))
    if estate is not None:
        chosen = chosen.where(Person.estate_id == the_estate(desk, estate).id)
    if not every:
        chosen = chosen.where(*invites.waiting(desk))
    for row in (*desk.session.exec(select(Estate)), *desk.session.exec(select(Villa))):
        desk.keep(row)
    roles = _roles(desk)
    makers = {row_id(person): person.name for person in desk.session.exec(select(Person).where(_has_made_one()))}
    for invite, person in desk.session.exec(chosen):
        desk.keep(person)
        yield _entry(desk, invite, person, roles.get(row_id(person), []), makers.get(invite.made_by or 0))


def _has_made_one() -> ColumnElement[bool]:
    return col(Person.id).in_(select(Invite.made_by).where(col(Invite.made_by).is_not(None)))


def _entry(desk: Desk, invite: Invite, person: Person, roles: list[Role], made_by: str | None) -> Entry:
    homes = dict.fromkeys(desk.villa(role.villa_id).name for role in roles if role.villa_id is not None)
    return Entry(
        number=row_id(invite),
        name=person.name,
        roles=[role_texts.named(desk, role, ENGLISH) for role in roles],
        estate=desk.estate(person.estate_id).name,
        villas=list(homes),
        made_at=invite.made_at.isoformat() if invite.made_at else None,
        made_by=made_by,
        expires_at=invite.expires_at.isoformat(),
        used_at=invite.used_at.isoformat() if invite.used_at else None,
        revoked_at=invite.revoked_at.isoformat() if invite.revoked_at else None,
        state=_state(desk, invite),
    )


def _roles(desk: Desk) -> dict[int, list[Role]]:
    """Returns the standing roles by person."""
    found: dict[int, list[Role]] = {}
    for role in desk.session.exec(select(Role).where(col(Role.ends_at).is_(None)).order_by(col(Role.id))):
        found.setdefault(role.person_id, []).append(role)
    return found


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "an unknown day"


def _table(entries: list[Entry]) -> str:
    shown = Table("no.", "for", "as", "estate", "made", "by", "until", "state", box=box.SIMPLE_HEAD, pad_edge=False)
    for entry in entries:
        made = (entry.made_at or "")[:10]
        by = entry.made_by or ("the operator" if made else "")
        until = entry.expires_at[:10]
        shown.add_row(
            f"{entry.number}", entry.name, "\n".join(entry.roles), entry.estate, made, by, until, _in_short(entry)
        )
    into = io.StringIO()
    Console(file=into, width=WIDTH, markup=False, emoji=False, highlight=False).print(shown)
    return "\n".join(line.rstrip() for line in into.getvalue().strip("\n").splitlines())


def _in_short(entry: Entry) -> str:
    at = {LinkState.USED: entry.used_at, LinkState.REVOKED: entry.revoked_at}.get(entry.state)
    return f"{entry.state.value} on {at[:10]}" if at else entry.state.value
