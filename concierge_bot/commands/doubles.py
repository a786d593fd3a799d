"""`concierge people doubles` and `merge`: people who were written down twice."""

from __future__ import annotations

import json
from contextlib import closing

from sqlmodel import col, select

from concierge_bot.commands.invite import the_estate
from concierge_bot.commands.person import ENGLISH, the_person
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.directory import doubles, merging
from concierge_bot.desk.directory.merging import MergeError
from concierge_bot.desk.roles import register
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.people import Estate, Person
from storage.tables.rows import row_id


def table(settings: Settings, *, estate: str | None = None, as_json: bool = False) -> str:
    """Returns the pairs of people who may be one, as lines or as JSON. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        named = [the_estate(desk, estate)] if estate else desk.session.exec(select(Estate).order_by(col(Estate.id)))
        found = [pair for one in named for pair in doubles.pairs(desk, row_id(one))]
        if as_json:
            return json.dumps([[row_id(person) for person in pair] for pair in found], indent=2)
        return "\n".join(_line(desk, pair) for pair in found) or "Nobody seems to be written down twice."


def merge(settings: Settings, keep: int, double: int, *, sure: bool) -> str:
    """Merges a double into the person who stays; without `sure`, says what that would move. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        stays, goes = the_person(desk, keep), the_person(desk, double)
        names = f"{goes.name} ({double}) into {stays.name} ({keep})"
        try:
            moved = merging.merge(desk, stays, goes) if sure else merging.plan(desk, stays, goes)
        except MergeError as reason:
            raise ConciergeError(str(reason)) from None
        if not moved and goes.left_at is not None:
            return f"{goes.name} ({double}) has nothing left to give: they were merged already."
        counted = ", ".join(f"{one.rows} of {one.table} ({one.column})" for one in moved) or "nothing but what is known"
        if sure:
            return f"Merged {names}: {counted}."
        return f"This would merge {names}: {counted}. Nothing was changed: add --yes to do it."


def _line(desk: Desk, pair: doubles.Pair) -> str:
    one, other = (f"{person.name} ({person.id}: {_roles(desk, person)})" for person in pair)
    return f"{one} and {other}: `concierge people merge {pair[0].id} {pair[1].id}`"


def _roles(desk: Desk, person: Person) -> str:
    return ", ".join(role_texts.named(desk, role, ENGLISH) for role in register.standing(desk, person))
