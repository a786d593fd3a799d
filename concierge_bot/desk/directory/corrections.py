"""Corrections of what is known of a person: the cards, menus and greetings say the new words at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import villas
from concierge_bot.desk.profiles import newcomers
from concierge_bot.desk.requests import repository
from concierge_bot.desk.roles import register, role_changes
from concierge_bot.desk.roles.register import Grant
from storage.engine.audited_rows import person_subject
from storage.engine.changes import change_where
from storage.tables.audit import AuditAction
from storage.tables.people import Person
from storage.tables.requests import Draft, Request
from storage.tables.roles import RoleWay
from storage.tables.rows import row_id

FACTS = (*newcomers.FACTS, "display_name", "display_role")
"""What can be corrected, besides the villa."""


class CorrectionError(Exception):
    """Raised where a correction would not last, or is not clear."""


class NamedByAccountError(CorrectionError):
    """Raised for the name of somebody of the staff, which follows their Telegram account."""


class SeveralVillasError(CorrectionError):
    """Raised where the villa of somebody with none, or with several, is to be corrected."""


class UnknownVillaError(CorrectionError):
    """Raised for a villa that the estate does not have: a slip would make one."""


@dataclass(frozen=True)
class Changed:
    """A fact that was corrected."""

    fact: str
    before: Any
    after: Any


def correct(desk: Desk, person: Person, facts: Mapping[str, Any]) -> list[Changed]:
    """Corrects facts of a person, given by the names in FACTS. Returns what has changed.

    Raises NamedByAccountError.
    """
    found = [Changed(name, getattr(person, name), facts[name]) for name in FACTS if name in facts]
    changed = [one for one in found if one.before != one.after]
    if any(one.fact in {"surname", "given_name"} for one in changed) and is_named_by_account(person):
        raise NamedByAccountError
    for one in changed:
        setattr(person, one.fact, one.after)
    if changed:
        _show(desk, person)
    return changed


def is_named_by_account(person: Person) -> bool:
    """Tells whether a person's name follows their Telegram account, as that of members of the staff does."""
    return person.joined_at is not None and person.villa_id is None and not (person.supervises or person.manages)


def move(desk: Desk, person: Person, name: str, *, by: Person | None, how: RoleWay) -> Changed | None:
    """Corrects the villa of somebody who has one; all that they have asked for there was asked for in the right one.

    Returns None where it is theirs already. Raises SeveralVillasError, and UnknownVillaError where there is none.
    """
    homes = [role for role in register.standing(desk, person) if role.villa_id is not None]
    if len({role.villa_id for role in homes}) != 1 or person.villa_id is None:
        raise SeveralVillasError
    before = desk.villa(person.villa_id)
    after = villas.of_name(desk, person.estate_id, name)
    if after is None:
        raise UnknownVillaError
    if after.id == before.id:
        return None
    for role in homes:
        register.give(desk, person, Grant(role.kind, row_id(after)), by=by, how=how)
        register.end(desk, role, by=by, how=how)
    person.villa_id = row_id(after)
    theirs = (col(Request.person_id) == person.id, col(Request.villa_id) == before.id)
    requests = change_where(desk.session, Request, *theirs, villa_id=after.id)
    begun = (col(Draft.person_id) == person.id, col(Draft.villa_id) == before.id, col(Draft.closed_at).is_(None))
    drafts = change_where(desk.session, Draft, *begun, villa_id=after.id)
    if requests or drafts:
        moved = {"villa": after.name, "requests": requests, "drafts": drafts}
        facts: dict[str, Any] = {"estate_id": person.estate_id, "before": {"villa": before.name}, "after": moved}
        recorder.record(desk, AuditAction.REQUESTS_MOVED, person_subject(person), **facts)
    desk.session.expire_all()
    _show(desk, person)
    return Changed("villa", before.name, after.name)


def _show(desk: Desk, person: Person) -> None:
    """Brings up to date whatever shows a person: menus, their own cards, and those of what they hold."""
    desk.session.flush()
    role_changes.note(desk, person)
    for request in (*repository.unfinished_of(desk, person), *repository.held_by(desk, person)):
        cards.refresh(desk, request)
