"""`concierge villa`: the villas of an estate, their names, and who lives there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.commands.invite import the_estate
from concierge_bot.commands.places.given import name_given
from concierge_bot.commands.places.tables import table_of
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import villa_names
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.people import Estate, Villa
from storage.tables.requests import Request, is_unfinished
from storage.tables.roles import Role, RoleKind
from storage.tables.rows import row_id

LIVING_THERE = (RoleKind.OWNER, RoleKind.FAMILY)


@dataclass(frozen=True)
class Entry:
    """A line of the list of villas."""

    number: int
    name: str
    estate: str
    owners: int
    """The number of people who are owners there, or of the family, invited ones included."""
    open_requests: int


def add(settings: Settings, names: Sequence[str], estate_name: str | None) -> str:
    """Adds villas to an estate, all or none. Returns a line for each. Raises ConciergeError."""
    given = [name_given("The name of a villa", name) for name in names]
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        estate = the_estate(desk, estate_name)
        for name in given:
            if villa_names.add(desk, estate, name) is None:
                known = villa_names.named(desk, estate, name)
                raise ConciergeError(
                    f"{estate.name} has a villa {known.name if known else name} already: nothing was added."
                )
        return "\n".join(f"villa {name} was added to {estate.name}" for name in given)


def rename(settings: Settings, old: str, new: str, estate_name: str | None) -> str:
    """Gives a villa another name. Returns a one-line summary. Raises ConciergeError."""
    name = name_given("The new name of a villa", new)
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        estate = the_estate(desk, estate_name)
        villa = villa_names.named(desk, estate, old)
        if villa is None:
            raise ConciergeError(f"{estate.name} has no villa {old}: see `concierge villa list`.")
        before = villa.name
        if before == name:
            raise ConciergeError(f"Villa {before} has this name already.")
        other = villa_names.rename(desk, estate, villa, name)
        if other is not None:
            raise ConciergeError(f"{estate.name} has a villa {other.name} already: villa {before} keeps its name.")
        return f"villa {before} of {estate.name} is called {name} now, also on the cards of its unfinished requests"


def table(settings: Settings, *, estate_name: str | None = None, as_json: bool = False) -> str:
    """Returns the villas as a table or as JSON: all, or those of one estate. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        found = list(_entries(desk, the_estate(desk, estate_name) if estate_name is not None else None))
    if as_json:
        return json.dumps([asdict(entry) for entry in found], ensure_ascii=False, indent=2)
    rows = ((f"{one.number}", one.name, one.estate, f"{one.owners}", f"{one.open_requests}") for one in found)
    return table_of(("no.", "villa", "estate", "owners", "open requests"), rows)


def _entries(desk: Desk, estate: Estate | None) -> Iterator[Entry]:
    owners, unfinished = _owners(desk), _open(desk)
    query = select(Villa, Estate.name).join(Estate).order_by(col(Estate.id), col(Villa.id))
    if estate is not None:
        query = query.where(Villa.estate_id == estate.id)
    for villa, name in desk.session.exec(query):
        number = row_id(villa)
        yield Entry(number, villa.name, name, owners.get(number, 0), unfinished.get(number, 0))


def _owners(desk: Desk) -> dict[int | None, int]:
    people = func.count(func.distinct(Role.person_id))
    standing = (col(Role.ends_at).is_(None), col(Role.kind).in_(LIVING_THERE))
    return dict(desk.session.exec(select(Role.villa_id, people).where(*standing).group_by(col(Role.villa_id))).all())


def _open(desk: Desk) -> dict[int | None, int]:
    count = select(Request.villa_id, func.count()).where(is_unfinished()).group_by(col(Request.villa_id))
    return dict(desk.session.exec(count).all())
