"""Villas that are added or renamed: what is unfinished there shows the new name at once."""

from __future__ import annotations

from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import villas
from concierge_bot.desk.requests import board_changes, repository
from storage.tables.people import Estate, Villa
from storage.tables.rows import row_id


def named(desk: Desk, estate: Estate, name: str) -> Villa | None:
    """Returns the villa that is meant by a name, however it is spelled; None where the estate has none."""
    found = villas.by_key(desk, row_id(estate)).get(villas.key(name), [])
    return next((villa for villa in found if villa.name == name), found[0] if found else None)


def add(desk: Desk, estate: Estate, name: str) -> Villa | None:
    """Adds a villa. Returns None where the estate has one of this name already."""
    _hold(desk, estate)
    if named(desk, estate, name) is not None:
        return None
    villa = Villa(estate_id=row_id(estate), name=name)
    desk.session.add(villa)
    desk.session.flush()
    return villa


def rename(desk: Desk, estate: Estate, villa: Villa, name: str) -> Villa | None:
    """Renames a villa, and updates cards and boards. Returns another villa that has the name; None once it is done."""
    _hold(desk, estate)
    other = named(desk, estate, name)
    if other is not None and other.id != villa.id:
        return other
    villa.name = name
    desk.session.add(villa)
    desk.session.flush()
    desk.keep(villa)
    for request in repository.unfinished(desk, row_id(estate)):
        if request.villa_id == villa.id:
            cards.refresh(desk, request)
    board_changes.note(desk, row_id(estate))
    return None


def _hold(desk: Desk, estate: Estate) -> None:
    """Locks the estate's row, as whoever adds villas does: one name is given to one villa only."""
    desk.session.get_one(Estate, estate.id, with_for_update={"key_share": True})
